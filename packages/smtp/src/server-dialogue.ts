/**
 * What a server session tells its caller and its client: the state, the events in order and the one that waits for an
 * answer, the replies to write, and the fault that ends it all.
 */

import { joinBytes, type MailError } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import { type Deadline, deadlineFor } from './deadline.ts'
import { fault, outOfTurn, type SmtpErrorCode } from './error.ts'
import type { ServerEvent } from './event.ts'
import { AWAITED } from './server-response.ts'
import { octetsOf, standardReply } from './standard-reply.ts'
import {
  type Exchange,
  type Outcome,
  outcomeOf,
  type SessionState,
  TRANSITIONS,
  type Trigger,
  triggerOf,
} from './state.ts'
import { type Recorder, shown, type TranscriptEntry } from './transcript.ts'

// Where no transaction is open, and nothing is lost when the session ends.
const BETWEEN: ReadonlySet<SessionState> = new Set<SessionState>(['refused', 'greeted', 'ready', 'challenged'])

const NONE: never[] = []

/**
 * The server's side of the conversation.
 *
 * @internal
 */
export class ServerDialogue {
  #state: SessionState = 'connected'
  #output: Uint8Array[] = NONE
  #awaiting: Exchange | undefined
  #events: ServerEvent[] = [{ type: 'connect' }]
  #failure: MailError | undefined
  #isShuttingDown = false
  readonly #record: Recorder | undefined
  // Replies that are not written, and so not said.
  #unsaid: TranscriptEntry[] = NONE

  constructor(record?: Recorder) {
    this.#record = record
  }

  get state(): SessionState {
    return this.#state
  }

  /** What waits for the answer of the caller. */
  get awaiting(): Exchange | undefined {
    return this.#awaiting
  }

  /** What waits for the answer of the caller, who must give it now. */
  awaited(): Exchange {
    if (!this.#awaiting) throw this.outOfTurn('a reply')
    return this.#awaiting
  }

  /** Whether the caller has all it can have, and octets may be read. */
  get mayRead(): boolean {
    return !this.#awaiting && this.#state !== 'closed' && this.#state !== 'upgrading'
  }

  /** What is awaited of the client, of whom a command or the octets of a message come next. */
  deadline(body: boolean): Deadline | undefined {
    if (this.#awaiting || this.#state === 'closed') return undefined
    return deadlineFor(this.#state === 'upgrading' ? 'handshake' : body ? 'body' : 'command')
  }

  get failed(): boolean {
    return this.#failure !== undefined
  }

  /** Gives the replies to write, which may belong to others too, and forgets them. */
  takeOutput(): Uint8Array {
    const output = joinBytes(this.#output)
    this.#output = NONE
    if (this.#unsaid.length > 0) this.#tellReplies()
    return output
  }

  #tellReplies(): void {
    const said = this.#unsaid
    this.#unsaid = NONE
    for (const entry of said) this.#record?.(entry)
  }

  /** Tells the transcript what the client said. */
  hear(tell: () => TranscriptEntry): void {
    this.#record?.(tell())
  }

  /** Queues an event for the caller. */
  tell(event: ServerEvent): void {
    this.#events = added(this.#events, event)
  }

  /** Gives the next event, unless the last one waits for its answer. */
  next(): ServerEvent | undefined {
    if (this.#awaiting) return undefined
    const event = this.#events.shift()
    if (this.#events.length === 0) this.#events = NONE
    if (event) this.#awaiting = AWAITED[event.type]
    return event
  }

  /** Gives the event `error`, once. */
  tellFailure(): ServerEvent | undefined {
    if (this.#state === 'closed' || !this.#failure) return undefined
    this.#state = 'closed'
    return { type: 'error', error: this.#failure }
  }

  /** Writes a reply that moves nothing. */
  say(reply: Reply): void {
    this.#write(reply)
  }

  /** Writes the replies to an exchange, and moves by the last. */
  settle(exchange: Exchange, replies: readonly Reply[]): Outcome {
    const given = this.#isShuttingDown && exchange === 'greeting' ? [standardReply('shutDown')] : replies
    for (const reply of given) this.#write(reply, exchange)
    this.#awaiting = undefined
    const { code } = given.at(-1)!
    const outcome = outcomeOf(code)
    this.#state = code === 421 ? 'closed' : this.#after(triggerOf(exchange, outcome))
    this.#leave()
    return outcome
  }

  /** Ends the session with 421 as soon as no transaction is open: RFC 5321 section 3.8. */
  shutDown(): void {
    this.#isShuttingDown = true
    this.#leave()
  }

  #leave(): void {
    if (this.#isShuttingDown && !this.#awaiting && BETWEEN.has(this.#state)) this.close(standardReply('shutDown'))
  }

  /** Writes a reply and ends the session. */
  close(reply: Reply): void {
    this.say(reply)
    this.#state = 'closed'
  }

  #write(reply: Reply, exchange?: Exchange): void {
    this.#output = added(this.#output, octetsOf(reply, exchange))
    if (!this.#record) return
    const answers = exchange === 'response' ? 'AUTH' : exchange
    const entry: TranscriptEntry = { type: 'reply', reply: shown(reply), ...(answers && { answers }) }
    this.#unsaid = added(this.#unsaid, entry)
  }

  move(trigger: Trigger): void {
    this.#state = this.#after(trigger)
    this.#leave()
  }

  #after(trigger: Trigger): SessionState {
    return TRANSITIONS[this.#state][trigger] ?? this.#state
  }

  fail(code: SmtpErrorCode, why: string): void {
    this.#failure ??= fault(code, why)
  }

  outOfTurn(what: string): MailError<SmtpErrorCode> {
    return outOfTurn(`give ${what}`, `the session is in state "${this.#state}"`)
  }
}

// An array that is made with what it holds is a tenth of one that grows, and most hold one thing.
function added<T>(list: T[], one: T): T[] {
  if (list.length === 0) return [one]
  list.push(one)
  return list
}
