/**
 * Signed messages with their keys: a file is lines of `name record`, an empty line, and the message with LF. Each
 * signature passes half a day after it was made.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../judges/dkim.js'

export const name = 'dkim'

const DAY = 86_400

function readCase(folder, file) {
  const text = readFileSync(join(folder, file), 'latin1')
  const split = text.indexOf('\n\n')
  const records = text.slice(0, split).split('\n')
  const zone = records.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])
  const octets = text.slice(split + 2).replaceAll('\n', '\r\n')
  const header = octets.slice(0, octets.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const signatures = header.split('\r\n').filter((field) => /^dkim-signature:/i.test(field))
  const signedAt = signatures.map((field) => Number(/\bt=(\d+)/.exec(field)?.[1] ?? 0))
  const now = Math.max(...signedAt) + DAY / 2
  return { file, name: 'passes', zone: Object.fromEntries(zone), octets, now, results: signatures.map(() => 'pass') }
}

/**
 * @param {string} folder Where the files are.
 * @returns {Record<string, any>[]} Them as cases.
 */
export const readCases = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => readCase(folder, file))

/** @param {string} folder Where the files are. */
export async function run(folder) {
  const failures = []
  let [passed, total] = [0, 0]
  for (const one of readCases(folder)) {
    const failure = await judge(one)
    total += one.results.length
    if (failure) failures.push(failure)
    else passed += one.results.length
  }
  return { passed, total, failures }
}
