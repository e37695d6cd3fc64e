/** What a session comes to, from its events: greetings, TLS, authentication, the ends, how it closed. */

import type {
  AuthState,
  CloseReason,
  Greeting,
  Peer,
  Perspective,
  ReplyEvent,
  TlsState,
  TranscriptEvent,
} from '../session.ts'
import { isHello } from '../session-kind.ts'
import type { ToldNote } from './dialogue.ts'

function replyTo(events: readonly TranscriptEvent[], answeredBy: number | undefined): ReplyEvent | undefined {
  const event = answeredBy === undefined ? undefined : events[answeredBy]
  return event?.type === 'reply' ? event : undefined
}

/** Gives each greeting of the client and what the server offered for it. */
export function greetingsOf(events: readonly TranscriptEvent[]): Greeting[] {
  const greetings: Greeting[] = []
  for (const event of events) {
    if (event.type !== 'command' || !isHello(event.verb)) continue
    const { lines = [], code } = replyTo(events, event.answeredBy)?.reply ?? {}
    const name = event.inferred ? '' : event.text.slice(4).trim()
    const capabilities = code === 250 && event.verb !== 'HELO' ? readCapabilities(lines) : {}
    greetings.push({ event: event.index, name, secure: event.secure, capabilities })
  }
  return greetings
}

// Some servers log all of their answer as one line
const KEYWORD =
  / (?=(?:SIZE|PIPELINING|DSN|ENHANCEDSTATUSCODES|STARTTLS|X-[A-Z]+|AUTH|8BITMIME|BINARYMIME|CHUNKING|SMTPUTF8|XRDST)\b)/

function readCapabilities(all: readonly string[]): Record<string, string> {
  const lines = (all.length === 1 ? (all[0] ?? '').split(KEYWORD) : all).slice(1)
  const entries: [string, string][] = []
  for (const line of lines) {
    const [keyword = '', ...rest] = line.split(' ')
    if (keyword !== '') entries.push([keyword.toUpperCase(), rest.join(' ')])
  }
  return Object.fromEntries(entries)
}

/** Says what became of TLS. */
export function tlsOf(
  events: readonly TranscriptEvent[],
  notes: readonly ToldNote[],
  greetings: readonly Greeting[],
): TlsState {
  const told = notes.filter(({ kind }) => kind === 'tls-started')
  const version = told.find((note) => note.version)?.version
  const cipher = told.find((note) => note.cipher)?.cipher
  return { state: tlsStateOf(events, notes, greetings), ...(version && { version }), ...(cipher && { cipher }) }
}

function tlsStateOf(
  events: readonly TranscriptEvent[],
  notes: readonly ToldNote[],
  greetings: readonly Greeting[],
): TlsState['state'] {
  const wasUp = events.some(({ secure, type }) => secure && type !== 'note')
  if (!wasUp && notes.some(({ kind }) => kind === 'tls-failed')) return 'failed'
  const asked = events
    .filter((event) => event.type === 'command' && /^(?:STARTTLS|X-ANONYMOUSTLS)$/.test(event.verb))
    .at(-1)
  const answer = asked && 'answeredBy' in asked ? replyTo(events, asked.answeredBy) : undefined
  if (answer && answer.reply.code < 300) return 'started'
  const first = events.find(({ type }) => type === 'reply' || type === 'command')
  if (first?.secure) return first.type === 'reply' && first.reply.code === 220 ? 'implicit' : 'started'
  if (events.some(({ secure }) => secure)) return 'started'
  if (answer) return 'refused'
  return greetings.some(({ capabilities }) => 'STARTTLS' in capabilities) ? 'offered' : 'none'
}

/** Says what became of authentication. */
export function authenticationOf(events: readonly TranscriptEvent[], greetings: readonly Greeting[]): AuthState {
  const last = greetings.filter(({ capabilities }) => 'AUTH' in capabilities).at(-1)
  const offered = (last?.capabilities['AUTH'] ?? '').split(' ').filter((word) => word !== '')
  const asked = events.filter((event) => event.type === 'command' && (event.verb === 'AUTH' || event.verb === 'X-EXPS'))
  if (asked.length === 0) return { offered, outcome: 'none' }
  const mechanism = asked.at(-1)
  const name = mechanism?.type === 'command' ? mechanism.text.split(/\s+/)[1]?.toUpperCase() : undefined
  return { offered, ...(name && { mechanism: name }), outcome: authOutcome(events) }
}

function authOutcome(events: readonly TranscriptEvent[]): AuthState['outcome'] {
  let outcome: AuthState['outcome'] = 'unknown'
  for (const event of events) {
    if (event.type !== 'reply' || event.phase !== 'auth' || outcome === 'accepted') continue
    const { code } = event.reply
    if (code === 235) outcome = 'accepted'
    else if (code >= 400) outcome = 'rejected'
  }
  return outcome
}

/** Names the ends of a session. */
export function peersOf(
  events: readonly TranscriptEvent[],
  notes: readonly ToldNote[],
  greetings: readonly Greeting[],
  perspective: Perspective,
): { client: Peer; server: Peer } {
  const greeting = events.find((event) => event.type === 'reply' && event.answers === undefined)
  const words =
    greeting?.type === 'reply' && greeting.reply.code < 400 ? (greeting.reply.lines[0] ?? '').split(' ') : []
  const hello = greetings.find(({ event }) => replyTo(events, answerOf(events[event]))?.reply.code === 250)
  const answer = hello && replyTo(events, answerOf(events[hello.event]))
  const [first = '', second] = answer?.reply.lines ?? []
  const named = words[0] || (second === undefined ? undefined : first.split(' ')[0])
  const name = isName(named) ? named : undefined
  const helloName = greetings.find((one) => one.name !== '')?.name
  const {
    address,
    port,
    name: toldName,
  } = notes.filter((note) => note.kind === 'connected' && (note.address || note.name)).at(-1) ?? {}
  const other: Peer = { ...(address && { address }), ...(port && { port }) }
  const client = helloName ? { name: helloName } : {}
  if (perspective === 'server') return { client: { ...client, ...other }, server: name ? { name } : {} }
  const serverName = name ?? toldName
  return { client, server: { ...(serverName && { name: serverName }), ...other } }
}

function answerOf(event: TranscriptEvent | undefined): number | undefined {
  return event && 'answeredBy' in event ? event.answeredBy : undefined
}

function isName(text: string | undefined): boolean {
  return text !== undefined && /^[A-Za-z0-9_[][\w.:[\]-]*$/.test(text)
}

/** Says how a session ended. */
export function closeOf(events: readonly TranscriptEvent[], notes: readonly ToldNote[]): CloseReason {
  const last = events.filter(({ type }) => type === 'reply').at(-1)
  if (last?.type === 'reply' && last.reply.code === 421) return 'server-closed'
  if (
    events.some(
      (event) => event.type === 'command' && event.verb === 'QUIT' && !answerIsError(events, event.answeredBy),
    )
  )
    return 'quit'
  if (notes.some(({ kind }) => kind === 'timeout')) return 'timeout'
  const closed = notes.filter(({ kind }) => kind === 'closed').at(-1)
  if (!closed) return 'unknown'
  const event = events[closed.event]
  const text = event?.type === 'note' ? event.text : ''
  return /by (?:the )?(?:foreign|remote|server)/i.test(text) ? 'server-closed' : 'dropped'
}

function answerIsError(events: readonly TranscriptEvent[], answeredBy: number | undefined): boolean {
  return (replyTo(events, answeredBy)?.reply.code ?? 200) >= 400
}
