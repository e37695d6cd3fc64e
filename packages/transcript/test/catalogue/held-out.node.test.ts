import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { linesOf } from '../../src/catalogue/rule.ts'
import { explainReply } from '../../src/catalogue.ts'

// Replies as servers word them in full, with what each is about, written down before the rules were run on them.
const ROWS = linesOf(readFileSync(fileURLToPath(new URL('held-out.tsv', import.meta.url)), 'utf8')).map((line) => {
  const [topic = '', said = ''] = line.split('\t')
  return { topic, said }
})

test('explainReply: explains by a rule what was held out', () => {
  const specific = ROWS.filter(({ said }) => explainReply(said).rule !== undefined).length
  const right = ROWS.filter(({ topic, said }) => explainReply(said).topic === topic).length
  expect({ all: ROWS.length, specific, right }).toEqual({ all: 147, specific: 145, right: 147 })
})
