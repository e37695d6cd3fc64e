/**
 * Drives every parser and session with random and mutated inputs: `node test/fuzz [inputs] [seed] [target]`. Each input has a seed of
 * its own, so that one that fails is had again by `node test/fuzz 1 <seed>`; those that did once stand in `seeds.json`.
 */
import { readFileSync } from 'node:fs'
import { fuzz } from './fuzz.js'

const [inputs = '1000000', seed = '1', only] = process.argv.slice(2)
const kept = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8'))
let failures = (await fuzz({ seeds: kept, inputs: 0, only })).length
const started = Date.now()
for (const { target, seed: failed, error } of await fuzz({
  seeds: [],
  first: Number(seed),
  inputs: Number(inputs),
  only,
  log: console.log,
})) {
  failures++
  console.error(`${target}, seed ${failed}: ${error}`)
}
console.log(`${failures} failures in ${((Date.now() - started) / 1000).toFixed(0)} s`)
process.exitCode = failures > 0 ? 1 : 0
