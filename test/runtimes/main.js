/** The runner: every runtime in turn, each result one counted test, and the page of results. Run it by run.js. */
import { readLayers } from '../guards/lib/layers.js'
import { packages } from '../guards/lib/workspace.js'
import { browserHosts } from './hosts/browser.js'
import { nodeHosts } from './hosts/node.js'
import { Server } from './hosts/server.js'
import { workerdHosts } from './hosts/workerd.js'
import { missingSuites } from './suite/conformance.js'
import { readSuites } from './suites.js'
import { agrees } from './table.js'

const PORTABLE = 3
const CARRIERS = ['send', 'bridge']
const STORED = 'Postfix stored it, and dkimpy takes both signatures'
const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []

function count(runtime, check, error) {
  if (error === undefined) counts.passed++
  else {
    counts.failed++
    failures.push(`failed: ${runtime}: ${check}: ${error.split('\n')[0]}`)
    console.error(`${runtime}: ${check}\n${error}`)
  }
}

const areaOf = (check) => check.slice(0, check.indexOf(':'))

/** Runs one runtime; gives what it said of itself, and how many checks of each area passed. */
async function runHost(host, { server, suites }) {
  const subject = `Sent by ${host.name},`
  const targetFor = async (origin) => server?.targetFor(subject, origin)
  const [names, awaited, areas] = [[], new Set(), new Map()]
  const pass = (check, number = 1) => areas.set(areaOf(check), (areas.get(areaOf(check)) ?? 0) + number)
  let facts
  const complaint = await host.run({ targetFor, suites }, (text) => {
    const line = parse(text)
    if (line.type === 'plan') names.push(...line.names)
    if (line.type === 'plan') for (const name of line.names) awaited.add(name)
    if (line.type === 'error') count(host.name, 'the suite loads', line.message)
    if (line.type === 'done') facts = line.facts
    if (line.type !== 'result') return
    awaited.delete(line.name)
    count(host.name, line.name, line.error)
    if (!line.error) pass(line.name, line.count)
  })
  for (const name of awaited) count(host.name, name, 'It never ended')
  count(host.name, 'the runtime ends well', facts && !/ended with/.test(complaint) ? undefined : gist(complaint))
  count(host.name, 'every portable package is checked', missingOf(names))
  for (const area of CARRIERS.filter((one) => areas.has(one))) {
    const error = await server.verify(`${subject} ${area}`).catch((cause) => cause)
    count(host.name, `${area}: ${STORED}`, error && String(error))
    if (!error) pass(`${area}: ${STORED}`)
  }
  return { host, areas, facts: facts ?? {} }
}

// What a runtime printed, that which names an error first.
const gist = (complaint) => `${/^.*error\b.*$/im.exec(complaint)?.[0] ?? 'It does not end'}\n${complaint}`

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return { type: 'error', message: `It printed ${text}` }
  }
}

/** Every package that runs anywhere must be checked in every runtime: a later one joins with a file in suite. */
function missingOf(names) {
  const layers = readLayers()
  const checked = new Set(names.map(areaOf))
  const wanted = packages().filter(({ manifest, short }) => !manifest.private && layers.get(short)?.layer <= PORTABLE)
  const missing = wanted.filter(({ short }) => !checked.has(short)).map(({ name }) => name)
  return missing.length > 0 ? `suite/index.js has no check named after ${missing.join(', ')}` : undefined
}

async function main() {
  const hosts = [...nodeHosts(), ...workerdHosts(), ...browserHosts()]
  if (!hosts.some(({ name }) => name === 'Chromium')) count('Chromium', 'all checks', 'There is no Chromium')
  const server = process.argv.includes('--postfix') ? await Server.start() : undefined
  const suites = readSuites()
  const missing = missingSuites(Object.keys(suites))
  const results = []
  try {
    for (const host of hosts) {
      const start = performance.now()
      results.push(await runHost(host, { server, suites }))
      console.log(`${host.name} ${host.version}: ${Math.round(performance.now() - start)} ms`)
    }
  } finally {
    await server?.stop()
  }
  counts.skipped += hosts.length * (missing.length + (server ? 0 : 1))
  if (server && failures.length === 0) comparePage(results, missing)
}

// Firefox runs where it is installed, so the page does not depend on it.
function comparePage(results, missing) {
  const everywhere = results.filter(({ host }) => host.name !== 'Firefox')
  const same = agrees(everywhere, { write: process.env.POSTHORN_WRITE === '1', missing })
  count('docs/runtimes.md', 'its tables', same ? undefined : 'They are out of date: POSTHORN_WRITE=1 writes them')
}

await main()
for (const failure of failures) console.log(failure)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
