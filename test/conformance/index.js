/** Runs the conformance suites, all or those named: `npm run conformance [suite…]`. */
import { dataFor, suiteNames } from './suites.js'

async function runSuite(name) {
  const folder = dataFor(name)
  if (!folder) return
  const suite = await import(`./suites/${name}.js`)
  const { passed, total, failures, notes = [] } = await suite.run(folder)
  for (const note of notes) console.log(`${name}: ${note}`)
  for (const failure of failures) console.log(`${name}: ${failure}`)
  console.log(`${name}: ${passed}/${total}`)
  if (passed !== total || total === 0) process.exitCode = 1
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !suiteNames().includes(name))
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}; there are ${suiteNames().join(', ')}`)
  process.exitCode = 2
} else for (const name of wanted.length > 0 ? wanted : suiteNames()) await runSuite(name)
