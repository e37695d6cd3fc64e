import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { explainReply } from '@posthorn/transcript/catalogue'
import { expect, test } from 'vitest'
import { type RuleSet, withRuleSets } from './lib/rule-peers.ts'

// Replies as servers word them, kept apart from the samples of the rules: on how many of them rules tell more than by their codes alone.
const HELD_OUT = fileURLToPath(new URL('../../packages/transcript/test/catalogue/held-out.tsv', import.meta.url))
const replies = readFileSync(HELD_OUT, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => line.split('\t')[1]!)

const own: RuleSet = {
  name: 'posthorn',
  decide: (reply) => {
    const { topic, retry, actor, meaning } = explainReply(reply)
    return [topic, retry, actor, meaning]
  },
}

function codesOf(reply: string): string {
  const [, code, enhanced = ''] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(reply) ?? []
  return `${code} ${enhanced}`.trim()
}

const isTold = (rules: RuleSet, reply: string): boolean =>
  JSON.stringify(rules.decide(reply)) !== JSON.stringify(rules.decide(codesOf(reply)))

test('explainReply, ZoneMTA and email-bounce-parser on replies that were held out', async () => {
  const told = await withRuleSets((sets) =>
    [own, ...sets].map((rules) => [rules.name, replies.filter((reply) => isTold(rules, reply)).length]),
  )
  expect(replies.length).toBe(147)
  expect(told).toEqual([
    ['posthorn', 142],
    ['zone-mta', 36],
    ['email-bounce-parser', 50],
  ])
})
