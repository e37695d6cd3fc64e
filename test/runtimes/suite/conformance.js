/** The suites of SPF, DKIM, DMARC and ARC, and of attacks, whose cases come from the runner as values of JSON: each suite is one check, its cases counted. */

import { judgeSealing, judgeValidation } from '../../conformance/judges/arc.js'
import { judge as judgeAttack } from '../../conformance/judges/attacks.js'
import { judge as judgeDkim } from '../../conformance/judges/dkim.js'
import { judge as judgeDmarc } from '../../conformance/judges/dmarc.js'
import { judge as judgeSpf } from '../../conformance/judges/spf.js'

const SUITES = [
  { key: 'rfc7208', label: 'suite of RFC 7208, its cases', judge: judgeSpf },
  { key: 'rfc4408', label: 'suite of RFC 4408, its cases', judge: judgeSpf },
  { key: 'dkim', label: 'signed messages, their cases', judge: judgeDkim },
  { key: 'probes', label: 'suite of RFC 6376, its cases', judge: judgeDkim },
  { key: 'dmarc', label: 'suite of RFC 9989, its cases', judge: judgeDmarc },
  { key: 'arcValidation', label: 'suite of RFC 8617 for validation, its cases', judge: judgeValidation },
  { key: 'arcSealing', label: 'suite of RFC 8617 for sealing, its cases', judge: judgeSealing },
  { key: 'attacks', label: 'suite of attacks, its cases', judge: judgeAttack },
]

async function runSuite(cases, judge) {
  const failures = []
  for (const one of cases) {
    const failure = await judge(one)
    if (failure) failures.push(failure)
  }
  if (failures.length === 0 && cases.length > 0) return cases.length
  throw new Error(`${failures.length} of ${cases.length} fail: ${failures.slice(0, 5).join('; ')}`)
}

/** @param {string[]} given The keys of the suites that the runner has. */
export const missingSuites = (given) => SUITES.filter(({ key }) => !given.includes(key)).map(({ label }) => label)

/**
 * @param {Record<string, Record<string, any>[]>} suites The cases by suite; one that is not there is not run.
 * @returns {import('./check.js').Check[]}
 */
export function conformance(suites) {
  return SUITES.filter(({ key }) => suites[key]).map(({ key, label, judge }) => ({
    name: `${label}: all have the verdict they should`,
    run: () => runSuite(suites[key], judge),
  }))
}
