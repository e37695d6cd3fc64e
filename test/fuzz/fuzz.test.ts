import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz.js'

const kept = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8')) as number[]

test('every parser and session: mutated inputs come to events or a MailError', { timeout: 240_000 }, async () => {
  expect(await fuzz({ seeds: kept, inputs: 10_000 })).toEqual([])
})
