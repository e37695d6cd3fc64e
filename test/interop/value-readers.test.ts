import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBES } from './lib/value-probes.ts'
import { askAll } from './lib/value-readers.ts'

const page = readFileSync(new URL('../../docs/values.md', import.meta.url), 'utf8')

test('readDisposition, readContentType, readText, readDate: read the probes as the tables of the documentation have it', async () => {
  const answers = await askAll(PROBES)
  for (const [index, [, text, found]] of PROBES.entries()) {
    expect([text, answers[index]?.posthorn]).toEqual([text, found])
    expect(page).toContain(`| \`${text}\` | \`${found}\` |`)
  }
})
