/** The SPF suites for RFC 7208 and for RFC 4408, each case of both: verdicts, and explanations where a case has one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { judge } from '../judges/spf.js'

export const name = 'spf'

/** Octets as characters: the suites write UTF-8 escapes by the octet, which is what a resolver gives. */
function readScenarios(file) {
  return parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: false, version: '1.1' })
    .map((document) => document.toJS())
    .filter(Boolean)
}

/**
 * @param {string} folder Where the suites are.
 * @returns {Record<string, import('../judges/spf.js').SpfCase[]>} The cases by RFC, as values of JSON.
 */
export function readCases(folder) {
  const casesOf = (rfc) =>
    readScenarios(join(folder, `${rfc}-tests.yml`)).flatMap(({ tests, zonedata }) =>
      Object.entries(tests).map(([id, test]) => ({ id, test, zonedata })),
    )
  return { rfc7208: casesOf('rfc7208'), rfc4408: casesOf('rfc4408') }
}

async function judgeAll(label, cases) {
  const failures = []
  for (const one of cases) {
    const failure = await judge(one)
    if (failure) failures.push(`${label} ${failure}`)
  }
  return { label, total: cases.length, failures }
}

/** @param {string} folder Where the suites are. */
export async function run(folder) {
  const outcomes = []
  for (const [rfc, cases] of Object.entries(readCases(folder))) outcomes.push(await judgeAll(rfc, cases))
  const failures = outcomes.flatMap((outcome) => outcome.failures)
  const total = outcomes.reduce((sum, outcome) => sum + outcome.total, 0)
  const notes = outcomes.map(({ label, total, failures }) => `${label}: ${total - failures.length} of ${total}`)
  return { passed: total - failures.length, total, failures, notes }
}
