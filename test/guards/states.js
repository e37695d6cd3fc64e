/**
 * A diagram that is drawn by hand is wrong after the first change. The one in docs/session-states.md is made from the
 * table of transitions: this guard makes it again and compares; `npm run docs:tables` writes it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { Findings } from './lib/findings.js'
import { root } from './lib/workspace.js'

const table = join(root, 'packages/smtp/src/state.ts')
const page = join(root, 'docs/session-states.md')
const write = process.env.POSTHORN_WRITE === '1'

const HEAD = `# The states of a session

Client and server move through the same states by the same table, \`packages/smtp/src/state.ts\`: a client when a reply
comes in, a server when a reply goes out. A label names what is answered and how: \`ok\` is a reply of 2xx, \`more\` of 3xx,
\`no\` of 4xx or 5xx. What a state does not list is out of turn for the end that acts, or leaves the state as it is.
A reply of 421 leads to \`closed\` from anywhere. This page is made from the table; do not edit it.
`

async function readTable() {
  const { code } = transformSync(readFileSync(table, 'utf8'), { loader: 'ts', format: 'esm' })
  const { TRANSITIONS } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return Object.entries(TRANSITIONS)
}

/** One arrow for each pair of states, its triggers on it; what leaves a state as it is stands in the table below. */
function diagram(states) {
  const arrows = states.flatMap(([from, transitions]) => {
    const byTarget = new Map()
    for (const [trigger, to] of Object.entries(transitions)) {
      if (to !== from) byTarget.set(to, [...(byTarget.get(to) ?? []), trigger])
    }
    return [...byTarget].map(([to, triggers]) => `  ${from} --> ${to}: ${triggers.join(', ')}`)
  })
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> connected', ...arrows, '  closed --> [*]', '```'].join('\n')
}

function rows(states) {
  const lines = states.map(([from, transitions]) => {
    const stays = Object.entries(transitions).filter(([, to]) => to === from)
    return `| \`${from}\` | ${stays.map(([trigger]) => `\`${trigger}\``).join(' ') || '–'} |`
  })
  return ['| state | what it answers without leaving |', '|---|---|', ...lines].join('\n')
}

const findings = new Findings()
const states = await readTable()
const text = `${HEAD}\n${diagram(states)}\n\n${rows(states)}\n`
if (write) writeFileSync(page, text)
else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  findings.add(page, undefined, 'is not what the table of transitions gives; run npm run docs:tables')
}
findings.finish('states', `${states.length} states`)
