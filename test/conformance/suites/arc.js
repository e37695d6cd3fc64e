/** The suites of RFC 8617, for validation and for sealing. Two cases of one name count once, as the last of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { judgeSealing, judgeValidation } from '../judges/arc.js'

export const name = 'arc'

function readScenarios(folder, part) {
  return parseAllDocuments(readFileSync(join(folder, `arc-draft-${part}-tests.yml`), 'utf8'), { uniqueKeys: false })
    .map((document) => document.toJS())
    .filter(Boolean)
}

const casesOf = (scenarios) =>
  scenarios.flatMap(({ tests, domain, sel, privatekey, 'txt-records': records }) =>
    Object.entries(tests).map(([id, test]) => ({ id, test, records, domain, selector: sel, privateKey: privatekey })),
  )

/**
 * @param {string} folder Where the suites are.
 * @returns {{ validation: import('../judges/arc.js').ValidationCase[], sealing: import('../judges/arc.js').SealingCase[] }}
 * The cases, as values of JSON.
 */
export function readCases(folder) {
  return { validation: casesOf(readScenarios(folder, 'validation')), sealing: casesOf(readScenarios(folder, 'sign')) }
}

async function judgeAll(cases, judge) {
  const failures = []
  for (const one of cases) {
    const failure = await judge(one)
    if (failure) failures.push(failure)
  }
  return failures
}

/** @param {string} folder Where the suites are. */
export async function run(folder) {
  const { validation, sealing } = readCases(folder)
  const ofValidation = await judgeAll(validation, judgeValidation)
  const ofSealing = await judgeAll(sealing, judgeSealing)
  const notes = [
    `validation: ${validation.length - ofValidation.length} of ${validation.length}`,
    `sealing: ${sealing.length - ofSealing.length} of ${sealing.length}`,
  ]
  const failures = [...ofValidation, ...ofSealing]
  const total = validation.length + sealing.length
  return { passed: total - failures.length, total, failures, notes }
}
