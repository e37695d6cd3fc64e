/**
 * Tables of header fields, each a list of `{ header, expected }`. A module of `../mime` reads one of them; where what it
 * reads is not what the table expects, `../mime/differences.json` has what it is instead, and why.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

export const name = 'mime'

const here = fileURLToPath(new URL('../mime', import.meta.url))
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** @param {string} folder Where the tables are. */
export async function run(folder) {
  const modules = readdirSync(here)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
  const differences = readJson(join(here, 'differences.json'))
  const failures = []
  const notes = []
  let total = 0
  for (const module of modules.sort()) {
    const { table, read } = await import(`../mime/${module}.js`)
    const cases = readJson(join(folder, 'tables', `${table}.json`))
    const { asExpected, failed } = judge(cases, { read, known: differences[table] ?? {} })
    total += cases.length
    failures.push(...failed.map((failure) => `${table} ${failure}`))
    notes.push(`${table}: ${asExpected} of ${cases.length} as the table has it`)
  }
  return { passed: total - failures.length, total, failures, notes }
}

function judge(cases, { read, known }) {
  const failed = []
  let asExpected = 0
  for (const [index, { header, expected }] of cases.entries()) {
    const difference = known[index]
    const ours = JSON.parse(JSON.stringify(read(header, expected) ?? null))
    const wanted = difference ? difference.ours : read.normalize ? read.normalize(expected) : expected
    if (!isDeepStrictEqual(ours, wanted)) failed.push(`${index} ${JSON.stringify(header)}: ${JSON.stringify(ours)}`)
    else if (!difference) asExpected++
  }
  return { asExpected, failed }
}
