/** What goes wrong before anything is said: no way to the server, TLS on the wrong port, something in between that meddles. */

import type { Check } from './check.ts'
import { answerTo, indexesOf, isCut, isRefusal, type SessionView, wordsOf } from './view.ts'

const UNREACHED =
  /connection refused|ECONNREFUSED|no route to host|unreachable|E(?:HOST|NET)UNREACH|ENOTFOUND|getaddrinfo|not known|could not resolve|name resolution/i

/** Nothing listens there, no way leads there, or the name is not known. */
export const noConnection: Check = ({ replies, notes, isDialogue }) => {
  const told = notes.filter(({ text }) => UNREACHED.test(text))
  if (!isDialogue || replies.length > 0 || told.length === 0) return undefined
  return { id: 'no-connection', evidence: indexesOf(told), fails: true }
}

// A connection on which the server says nothing at all
function silentEnd(view: SessionView): number[] | undefined {
  const { session, replies, notes, isDialogue } = view
  const isConnected = notes.some(({ kind }) => kind === 'connected') && session.tls.state !== 'failed'
  if (!isDialogue || replies.length > 0 || !isConnected || !isCut(view)) return undefined
  return indexesOf(notes.filter(({ kind }) => kind === 'connected' || kind === 'timeout' || kind === 'closed'))
}

function isTlsPort({ session }: SessionView): boolean {
  return /^\d*465$/.test(String(session.server.port ?? session.client.port ?? ''))
}

/** The client waits for a greeting where the server waits for TLS: RFC 8314 section 3.3. */
export const plainOnTlsPort: Check = (view) => {
  const evidence = silentEnd(view)
  if (!evidence || !isTlsPort(view) || view.session.tls.state !== 'none') return undefined
  return { id: 'plain-on-tls-port', evidence, fails: true }
}

/** The server never greets. */
export const noGreeting: Check = (view) => {
  const evidence = silentEnd(view)
  if (!evidence || plainOnTlsPort(view)) return undefined
  return { id: 'no-greeting', evidence, fails: true }
}

const NO_TLS_THERE =
  /wrong version number|unknown protocol|packet length too long|record header|non-SSL|record too long|plain ?text connection/i

/** The client begins TLS where the server speaks in the clear first. */
export const tlsOnPlainPort: Check = (view) => {
  const { commands, notes } = view
  const hellos = commands.filter(({ verb }) => verb === 'CLIENT-HELLO')
  const isAsked = commands.some(({ verb }) => verb === 'STARTTLS')
  const told = isAsked ? [] : notes.filter(({ text }) => NO_TLS_THERE.test(text))
  if (hellos.length + told.length === 0) return undefined
  const explains = indexesOf(hellos.map((hello) => answerTo(view, hello)))
  return { id: 'tls-on-plain-port', evidence: indexesOf([...hellos, ...told]), explains, fails: true }
}

const OVERWRITTEN = /\*{6,}|\bX{6,}[A-Z]?\b/
const NOT_UNDERSTOOD = /\bX{4,}\b/

/** A firewall overwrites what it does not know, by asterisks in replies and by the letter X in commands. */
export const alteredInTransit: Check = ({ replies }) => {
  const altered = replies.filter((reply) => (isRefusal(reply) ? NOT_UNDERSTOOD : OVERWRITTEN).test(wordsOf(reply)))
  if (altered.length === 0) return undefined
  const explains = indexesOf(altered.filter(isRefusal))
  const severity = explains.length > 0 ? 'error' : 'warning'
  return { id: 'altered-in-transit', evidence: indexesOf(altered), explains, severity }
}

const TOO_EARLY = /too early|synchroni|before|early talk|pregreet|protocol error|your turn/i

/** The client speaks before the greeting: RFC 5321 section 4.3.1. */
export const earlyTalker: Check = ({ session, commands, replies }) => {
  const [command, first] = [commands[0], replies[0]]
  if (!command || command.inferred || !first || command.index > first.index) return undefined
  const isBlamed = isRefusal(first) && TOO_EARLY.test(wordsOf(first))
  const isGreeting = first.reply.code === 220 && first.answers === undefined
  if (!isBlamed && !isGreeting) return undefined
  const early = session.events.filter(({ index, type }) => type === 'command' && index < first.index)
  return {
    id: 'early-talker',
    evidence: indexesOf([...early, first]),
    explains: isBlamed ? [first.index] : [],
    ...(isBlamed && { severity: 'error' as const }),
  }
}
