/**
 * Runs the benchmarks, all or those named: `npm run bench [name…]`. The rows of a case take turns, in an order that
 * moves on with each round, so that a noisy moment of the machine does not fall on one of them alone.
 *
 * A case exports `title`, `unit`, `rounds` (7 or more), `warmUp` (rounds that are not counted) and `rows` of `{ name, run }`,
 * where `run` gives one measurement in `unit`; or `setup`, which gives the rows; and may export `teardown`. One that exports `node`, the oldest version that its
 * peer runs on, is run by Node 24 where this one is older.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../runtimes/hosts/node-binary.js'
import { formatTable, summarise } from './statistics.js'

const MIN_ROUNDS = 7
const WARM_UP = 2
const cases = fileURLToPath(new URL('./cases/', import.meta.url))
const setup = fileURLToPath(new URL('../setup.js', import.meta.url))
const results = fileURLToPath(new URL('./results/', import.meta.url))

async function measure(rows, { rounds, warmUp }) {
  const samples = rows.map(() => [])
  for (let round = -warmUp; round < Math.max(rounds, MIN_ROUNDS); round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const at = (turn + round + warmUp) % rows.length
      globalThis.gc?.()
      const value = await rows[at].run()
      if (round >= 0) samples[at].push(value)
    }
  }
  return samples
}

const isOlder = (version) => process.versions.node.localeCompare(version, 'en', { numeric: true }) < 0

function runByNewerNode(name) {
  const index = fileURLToPath(import.meta.url)
  if (spawnSync(process.execPath, [setup, '--quiet', 'runtimes'], { stdio: 'inherit' }).status !== 0) process.exit(1)
  const { status } = spawnSync(nodeBinary(24), [...process.execArgv, index, name], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function runCase(name) {
  const { title, unit, rounds = MIN_ROUNDS, warmUp = WARM_UP, ...one } = await import(`${cases}${name}.js`)
  if (one.node && isOlder(one.node)) return runByNewerNode(name)
  const rows = one.setup ? await one.setup() : one.rows
  try {
    const samples = await measure(rows, { rounds, warmUp })
    const table = summarise(
      rows.map((row) => row.name),
      samples,
    )
    console.log(`${title} (${unit})\n${formatTable(table, unit)}\n`)
    const command = `npm run bench ${name}`
    const machine = { date: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model, command }
    writeFileSync(
      `${results}${name}.json`,
      `${JSON.stringify({ name, title, unit, ...machine, rows: table }, null, 2)}\n`,
    )
  } finally {
    await one.teardown?.()
  }
}

const all = readdirSync(cases).map((file) => file.replace(/\.js$/, ''))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
mkdirSync(results, { recursive: true })
if (unknown.length > 0) {
  console.error(`No such case: ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exitCode = 2
} else for (const name of wanted.length > 0 ? wanted : all) await runCase(name)
