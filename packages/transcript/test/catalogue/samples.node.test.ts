import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { BLOCKLISTS } from '../../src/catalogue/blocklists.ts'
import { explainReply } from '../../src/catalogue/explain.ts'
import { REPLY_CAUSES, REPLY_RULES } from '../../src/catalogue/matching.ts'
import { providerOf } from '../../src/catalogue/provider.ts'
import { linesOf } from '../../src/catalogue/rule.ts'

// Each phrase of each rule, and each rule that needs the enhanced status code alone, has a reply that it must explain and one
// like it that it must not.
const [, ...ROWS] = linesOf(readFileSync(fileURLToPath(new URL('samples.tsv', import.meta.url)), 'utf8')).map(
  (line) => {
    const [rule = '', provider = '', sample = '', nearMiss = ''] = line.split('\t')
    return { rule, options: provider === '' ? {} : { provider }, sample, nearMiss }
  },
)

test('the catalogue: every rule has its sample', () => {
  const count = (ids: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
    return counts
  }
  expect(count(ROWS.map(({ rule }) => rule))).toEqual(count(REPLY_RULES.map(({ id }) => id)))
})

test.each(ROWS)('explainReply: $sample is $rule', ({ rule, options, sample }) => {
  expect(explainReply(sample, options).rule).toBe(rule)
})

test.each(ROWS)('explainReply: $nearMiss is not $rule', ({ rule, options, nearMiss }) => {
  expect(explainReply(nearMiss, options).rule).not.toBe(rule)
})

describe('the tables agree', () => {
  test('a rule has a cause and a provider, and says when its sources were read', () => {
    for (const { id, cause, group } of REPLY_RULES) {
      expect(REPLY_CAUSES.has(cause), id).toBe(true)
      expect(providerOf(group.provider), id).toBeDefined()
      expect(group.checked, id).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/)
      expect(group.sources.length, id).toBeGreaterThan(0)
    }
  })

  test('a cause is whole, and is used', () => {
    const general = ['unexplained', 'command-bad']
    const lists = linesOf(BLOCKLISTS).map((line) => line.split(' ')[1])
    const used = new Set([...REPLY_RULES.map(({ cause }) => cause), ...lists, 'listed', ...general])
    expect([...REPLY_CAUSES.keys()].filter((name) => !used.has(name))).toEqual([])
    for (const { name, meaning, remedy } of REPLY_CAUSES.values()) {
      expect(meaning, name).toMatch(/^[A-Z].*[^.]$/)
      expect(remedy, name).toMatch(/^[A-Z].*[^.]$/)
    }
  })

  test.each(linesOf(BLOCKLISTS))('the blocklist %s is found by its domain', (line) => {
    const [domain = '', cause] = line.split(' ')
    const said = `554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using ${domain}`
    expect(explainReply(said)).toMatchObject({ level: 'blocklist', rule: `blocklist/${cause}`, confidence: 'high' })
  })
})

test('explainReply: no address and no token of a reply comes out', () => {
  for (const { sample, options } of ROWS) {
    const said = `${sample} for <jane.roe@example.net> from [192.0.2.77] with AHBsYWluc2VjcmV0`
    expect(JSON.stringify(explainReply(said, options))).not.toMatch(/jane|roe@|192\.0\.2\.77|AHBsYWlu/i)
  }
})
