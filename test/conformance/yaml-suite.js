/** Suites of our own: files of YAML with cases, each put before a judge. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** @param {string} folder Where the suite is. */
export function filesOfCases(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.sort().map((file) => ({ ...parse(readFileSync(join(folder, file), 'utf8')), file }))
}

/**
 * @template Case
 * @param {Case[]} cases What is judged.
 * @param {(one: Case) => Promise<string | undefined>} judge Tells what is wrong.
 */
export async function judgeAll(cases, judge) {
  const failures = []
  for (const one of cases) {
    const failure = await judge(one)
    if (failure) failures.push(failure)
  }
  return { passed: cases.length - failures.length, total: cases.length, failures }
}
