/** Reads our own form of a transcript, and nothing into it: docs/transcript-form.md. */

import { phaseOf, readCommandLine } from '../dialogue/command-line.ts'
import type { ToldNote } from '../dialogue/dialogue.ts'
import type { SecretCollector } from '../dialogue/secret.ts'
import { type ReadSessions, toSession } from '../dialogue/sessions.ts'
import { type Place, Timeline } from '../dialogue/timeline.ts'
import type { Draft } from '../draft.ts'
import type { Told } from '../formats/notes.ts'
import { type Line, partOf, rangeOf } from '../import/line.ts'
import { readLiteral } from '../import/literal.ts'
import type {
  AuthState,
  CloseReason,
  MessageEvent,
  NoteEvent,
  Peer,
  Perspective,
  Phase,
  RecipientOutcome,
  TlsState,
  TranscriptRecipient,
  TranscriptSession,
} from '../session.ts'
import { readStatus } from '../status.ts'
import { CLOSE_TEXTS, FORM, tlsText, VERSION } from './lines.ts'
import { numberOf, objectOf, oneOf, stringOf, strings, textsOf, type Values, valuesOf } from './values.ts'

const HEADER = /^[ \t>]*\{"transcript":"posthorn"/m
const PERSPECTIVES: readonly Perspective[] = ['client', 'server', 'wire', 'log', 'report']
const OUTCOMES: readonly RecipientOutcome[] = ['accepted', 'rejected', 'deferred', 'unknown']
const PHASES: readonly Phase[] = ['connect', 'hello', 'tls', 'auth', 'envelope', 'message', 'close']
const TLS: readonly TlsState['state'][] = ['offered', 'refused', 'started', 'implicit', 'failed']
const AUTH: readonly AuthState['outcome'][] = ['accepted', 'rejected', 'unknown']
const VERB = /^[A-Z-]{1,20}$/
const FLAGS = ['codeless', 'bareLf', 'unstuffed']
const LISTS = ['fromDomains', 'signers']
const NOTES: readonly NoteEvent['kind'][] = [
  'connected',
  'tls-started',
  'tls-failed',
  'closed',
  'timeout',
  'error',
  'info',
]

/** Whether a text is in our own form, or a part of it. */
export function isForm(text: string): boolean {
  return HEADER.test(text)
}

/** Reads the sessions of a text in our own form. */
export function readForm(lines: readonly Line[], secrets: SecretCollector): ReadSessions {
  const open = new Map<string, FormSession>()
  const all: FormSession[] = []
  const unexplained: Line[] = []
  for (const line of lines) {
    const object = partOf(line, Math.max(0, line.text.indexOf('{')))
    const values = valuesOf(object.text)
    const key = stringOf(values['session']) ?? ''
    if (values['transcript'] === FORM) {
      const session = new FormSession(values, secrets)
      open.set(key, session)
      all.push(session)
      // What a later version means by its lines is not known
      if ((numberOf(values['version']) ?? VERSION) <= VERSION) continue
    } else if (open.get(key)?.take(values, object)) continue
    open.get(key)?.unexplained.push(line)
    unexplained.push(line)
  }
  return { sessions: all.flatMap((session) => session.finish() ?? []), unexplained }
}

/** One session while it is read. */
class FormSession {
  readonly timeline: Timeline = new Timeline()
  readonly notes: ToldNote[] = []
  readonly unexplained: Line[] = []
  readonly spoken = true
  explained = 0
  readonly #header: Values
  readonly #secrets: SecretCollector
  // The events by the numbers that the lines give them
  readonly #indices = new Map<unknown, number>()
  readonly #outcomes = new Map<number, Values>()
  #close: CloseReason | undefined

  constructor(header: Values, secrets: SecretCollector) {
    this.#header = header
    this.#secrets = secrets
  }

  get events(): Timeline['events'] {
    return this.timeline.events
  }

  get lmtp(): boolean {
    return this.#header['protocol'] === 'lmtp'
  }

  /** Takes the line of an event; false where it is none that is known. */
  take(values: Values, line: Line): boolean {
    const place = { source: rangeOf(line), at: numberOf(values['at']) }
    if (!this.#takeEvent(values, line, place)) return false
    this.explained++
    this.#indices.set(values['n'], this.events.length - 1)
    return true
  }

  #takeEvent(values: Values, line: Line, place: Place): boolean {
    switch (values['type']) {
      case 'command':
        return this.#takeCommand(values, line, place)
      case 'credentials':
        return this.timeline.credentials(place) >= 0
      case 'reply':
        return this.#takeReply(values, place)
      case 'message':
        return this.#takeMessage(values, place)
      case 'tls':
        return this.#takeTls(values, place)
      case 'close':
        return this.#takeClose(values, place)
      case 'note':
        return this.#note({ kind: oneOf(NOTES, values['kind']) ?? 'info' }, stringOf(values['text']) ?? '', place)
      default:
        return false
    }
  }

  #takeCommand(values: Values, line: Line, { source, at }: Place): boolean {
    const member = textMember(line)
    if (!member) return false
    const { verb, text } = readCommandLine(member, this.#secrets)
    const inferred = values['inferred'] === true
    this.#phase(values, verb)
    const place = inferred ? { at } : { source, at }
    const shown = verb ? this.#secrets.scrub(text) : '***'
    const [told = 'OTHER'] = VERB.exec(stringOf(values['verb']) ?? '') ?? []
    const index = this.timeline.command(verb || told, shown, place, inferred)
    if (oneOf(OUTCOMES, values['outcome'])) this.#outcomes.set(index, values)
    return true
  }

  #phase(values: Values, verb = ''): void {
    this.timeline.phase = oneOf(PHASES, values['phase']) ?? phaseOf(verb) ?? this.timeline.phase
  }

  #takeReply(values: Values, place: Place): boolean {
    const { code, enhanced, answers } = values
    const lines = textsOf(values['lines'])
    if (!isReplyCode(code) || !lines) return false
    this.#phase(values)
    const texts = lines.map((text) => this.#secrets.scrub(text))
    const status = readStatus(stringOf(enhanced))
    const isOf = status?.class === Math.floor(code / 100)
    const reply = { code, lines: texts, ...(isOf && { enhanced: status }) }
    const asked = this.#indices.get(answers)
    const index = this.timeline.reply(reply, place, asked)
    Object.assign(this.events[index] ?? {}, marksOf(values))
    const event = asked === undefined ? undefined : this.events[asked]
    const raises = event && 'verb' in event && /TLS$/.test(event.verb) && reply.code < 300
    if (raises) this.timeline.secure = true
    return true
  }

  #takeMessage(values: Values, place: Place): boolean {
    this.timeline.phase = 'message'
    const event: Draft<MessageEvent> = this.timeline.message(place)
    const size = numberOf(values['octets'])
    if (size !== undefined) event.octets = size
    event.complete = values['complete'] === true
    event.seen = values['seen'] === true
    Object.assign(event, marksOf(values))
    return true
  }

  #takeTls(values: Values, place: Place): boolean {
    const { version, cipher, text } = strings(values)
    const failed = values['failed'] === true
    this.timeline.secure = !failed
    if (failed) return this.#note({ kind: 'tls-failed' }, text ?? 'TLS failed', place)
    const told: Told = { kind: 'tls-started', ...(version && { version }), ...(cipher && { cipher }) }
    return this.#note(told, text ?? tlsText(version, cipher), place)
  }

  #takeClose({ reason, text }: Values, place: Place): boolean {
    const known = oneOf(Object.keys(CLOSE_TEXTS) as CloseReason[], reason) ?? 'unknown'
    this.#close = known
    return this.#note({ kind: known === 'timeout' ? known : 'closed' }, stringOf(text) ?? CLOSE_TEXTS[known], place)
  }

  #note(told: Told, text: string, place: Place): boolean {
    const event = this.timeline.note(told.kind, this.#secrets.scrub(text), place)
    this.notes.push({ ...told, event })
    return true
  }

  finish(): TranscriptSession | undefined {
    const perspective = oneOf(PERSPECTIVES, this.#header['perspective']) ?? 'unknown'
    const session: Draft<TranscriptSession> | undefined = toSession(this, { format: FORM, perspective })
    if (!session) return undefined
    if ('tls' in this.#header) this.#tell(session)
    const { client, server, startedAt } = this.#header
    session.client = { ...session.client, ...peerOf(client) }
    session.server = { ...session.server, ...peerOf(server) }
    const start = numberOf(startedAt)
    if (start !== undefined) session.startedAt = start
    session.close = this.#close ?? session.close
    for (const { recipients } of session.transactions) for (const recipient of recipients) this.#decide(recipient)
    return session
  }

  // Where there was no dialogue, events show nothing but what they tell
  #tell(session: Draft<TranscriptSession>): void {
    const { state, version, cipher } = objectOf(this.#header['tls'])
    const { mechanism, outcome } = objectOf(this.#header['authentication'])
    session.client = session.server = {}
    session.greetings = []
    session.close = 'unknown'
    session.tls = { state: oneOf(TLS, state) ?? 'none', ...strings({ version, cipher }) }
    session.authentication = { offered: [], ...strings({ mechanism }), outcome: oneOf(AUTH, outcome) ?? 'none' }
  }

  #decide(recipient: Draft<TranscriptRecipient>): void {
    const told = this.#outcomes.get(recipient.event)
    const outcome = oneOf(OUTCOMES, told?.['outcome'])
    if (!told || !outcome) return
    const [reply, enhanced] = [this.#indices.get(told['decidedBy']), readStatus(stringOf(told['enhanced']))]
    recipient.outcome = outcome
    delete recipient.reply
    delete recipient.enhanced
    if (reply !== undefined) recipient.reply = reply
    if (enhanced) recipient.enhanced = enhanced
  }
}

// What is peculiar to an event, beside what each of its kind has
function marksOf(values: Values): Values {
  const flags = FLAGS.filter((name) => values[name] === true).map((name) => [name, true])
  const lists = LISTS.map((name) => [name, textsOf(values[name])]).filter(([, list]) => list)
  return Object.fromEntries([...flags, ...lists])
}

function isReplyCode(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) < 600
}

function peerOf(value: unknown): Peer {
  const { name, address, port } = objectOf(value)
  return { ...strings({ name, address }), ...(typeof port === 'number' && { port }) }
}

// The text of a command as a line that knows where it stands
function textMember(line: Line): Line | undefined {
  const found = /"text"\s{0,3}:\s{0,3}"/.exec(line.text)
  if (!found) return undefined
  const open = found.index + found[0].length - 1
  let close = open + 1
  while (close < line.text.length && line.text[close] !== '"') close += line.text[close] === '\\' ? 2 : 1
  return readLiteral(line, { open, close })[0]
}
