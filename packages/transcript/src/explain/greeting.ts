/** What goes wrong with EHLO: names, extensions that are lost, lines that are not as they should be. RFC 5321 section 4.1.1.1. */

import { isHello } from '../session-kind.ts'
import type { Check } from './check.ts'
import { answerTo, indexesOf, isRefusal, wordsOf } from './view.ts'

const FULL_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\.?$/i
const NO_NAME = /^[\d.]+$|\.(?:eml|txt|local|localdomain|lan|home|internal|invalid)\.?$/i

function isUsable(name: string): boolean {
  return /^\[.+\]$/.test(name) || (FULL_NAME.test(name) && !NO_NAME.test(name))
}

/** The client calls itself by what is no full host name: RFC 5321 section 2.3.5. */
export const helloName: Check = (view) => {
  const { session, commands, refusals } = view
  const seen = new Set(indexesOf(commands.filter(({ inferred }) => !inferred)))
  const bad = session.greetings.filter(({ event, name }) => seen.has(event) && !isUsable(name))
  if (bad.length === 0) return undefined
  const answers = bad.flatMap(({ event }) => answerTo(view, session.events[event]) ?? [])
  const refused = answers.filter(({ reply }) => reply.code >= 400 && reply.code !== 500 && reply.code !== 502)
  const blamed = refusals.filter((reply) => /\b(?:HELO|EHLO)\b/i.test(wordsOf(reply)))
  const explains = indexesOf([...refused, ...blamed])
  const severity = explains.length > 0 ? 'error' : session.authentication.outcome === 'accepted' ? 'info' : 'warning'
  return { id: 'hello-name', evidence: bad.map(({ event }) => event), explains, severity }
}

/** EHLO is refused, and the client goes on with HELO: RFC 5321 section 3.2. */
export const helloFallback: Check = (view) => {
  const hellos = view.commands.filter(({ verb }) => isHello(verb))
  for (const [i, helo] of hellos.entries()) {
    const refused = answerTo(view, hellos[i - 1])
    if (helo.verb !== 'HELO' || hellos[i - 1]?.verb !== 'EHLO' || !refused || !isRefusal(refused)) continue
    return { id: 'hello-fallback', evidence: [refused.index, helo.index], explains: [refused.index] }
  }
  return undefined
}

/** Lines of the reply to EHLO stand without a code. */
export const codesMissing: Check = (view) => {
  const hellos = view.commands.filter(({ verb }) => isHello(verb))
  const answers = hellos.map((hello) => answerTo(view, hello)).filter((answer) => answer?.codeless)
  return answers.length > 0 ? { id: 'codes-missing', evidence: indexesOf(answers) } : undefined
}

/** `AUTH=LOGIN`, beside `AUTH LOGIN`. */
export const authLineLegacy: Check = ({ session }) => {
  const old = session.greetings.filter(({ capabilities }) =>
    Object.keys(capabilities).some((keyword) => keyword.startsWith('AUTH=')),
  )
  return old.length > 0 ? { id: 'auth-line-legacy', evidence: old.map(({ event }) => event) } : undefined
}
