/** Our own suite for RFC 6376: `../dkim/README.md` has the format, which any implementation can be held to. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { judge } from '../judges/dkim.js'

export const name = 'dkim-probes'

const NOW = 1_800_000_000

/**
 * @param {string} folder Where the suite is.
 * @returns {Record<string, any>[]} Its cases, each with the whole of its zone and its time.
 */
export function readCases(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.sort().flatMap((file) => {
    const { zone, cases } = parse(readFileSync(join(folder, file), 'utf8'))
    return cases.map((one) => ({ now: NOW, ...one, zone: { ...zone, ...one.zone }, file }))
  })
}

/** @param {string} folder Where the suite is. */
export async function run(folder) {
  const cases = readCases(folder)
  const failures = []
  for (const one of cases) {
    const failure = await judge(one)
    if (failure) failures.push(failure)
  }
  return { passed: cases.length - failures.length, total: cases.length, failures }
}
