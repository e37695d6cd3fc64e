/**
 * A client's end of a connection, as its procedures (authentication, transactions) use it: the session, what is written,
 * and the events that come of what is read; each under the deadline of RFC 5321 section 4.5.3.2.
 */

import type { Command } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { ClientSession } from './client-session.ts'
import type { Connection } from './connection.ts'
import { type Deadline, deadlineFor } from './deadline.ts'
import { asMailError, type Bounds, bounded, Wait } from './driver.ts'
import { fault, refused } from './error.ts'
import type { ReplyEvent } from './event.ts'
import { Inbox } from './inbox.ts'
import {
  commandEntry,
  type Recorder,
  replyEntry,
  type SessionEnd,
  type TranscriptEntry,
  withoutSecrets,
} from './transcript.ts'

/** What a wait ended with: the operation, or what the server said before it was done. */
export type Heard<T> = { readonly value: T } | { readonly event: ReplyEvent }

// What is shorter stands for too much else in a text.
const MIN_SECRET = 4

// Errors of other codes are those of the client, which leaves.
const ENDS: Readonly<Record<string, SessionEnd>> = { SMTP_TIMEOUT: 'timeout', SMTP_CLOSED: 'server-closed' }

/**
 * A client's end of a connection.
 *
 * @internal
 */
export class Channel {
  readonly session: ClientSession
  readonly #connection: Connection
  readonly #inbox: Inbox
  readonly #record: Recorder | undefined
  #bounds: Bounds
  #ended = false
  // What a server may say again of the credentials that it was sent.
  readonly #secrets = new Set<string>()

  constructor(session: ClientSession, connection: Connection, bounds: Bounds, record?: Recorder) {
    this.session = session
    this.#connection = connection
    this.#inbox = new Inbox(connection)
    this.#bounds = bounds
    this.#record = record
  }

  /** Lets one more signal end what goes on; gives what takes it back. */
  heed(signal: AbortSignal | undefined): () => void {
    const bounds = this.#bounds
    if (signal) this.#bounds = { ...bounds, signals: [...bounds.signals, signal] }
    return () => {
      this.#bounds = bounds
    }
  }

  /** Queues a command and records it. */
  command(command: Command): void {
    this.#refuseStrayReply()
    this.session.send(command)
    this.#record?.(commandEntry(command))
  }

  /** Queues a chunk of a message and records its command. */
  chunk(bytes: Uint8Array, last: boolean): void {
    this.session.sendChunk(bytes, last)
    this.#record?.(commandEntry({ verb: 'BDAT', size: bytes.length, last }))
  }

  record(entry: TranscriptEntry): void {
    this.#record?.(entry)
  }

  /** Gives the next event, at once where it has come; else writes what is queued and waits, one deadline for both. */
  event(): ReplyEvent | Promise<ReplyEvent> {
    const output = this.session.takeOutput()
    const waiting = output.length === 0 ? this.#next() : undefined
    return waiting ?? this.#converse(output)
  }

  async #converse(output: Uint8Array): Promise<ReplyEvent> {
    const wait = new Wait(this.session.deadline ?? deadlineFor('command'), this.#bounds)
    try {
      if (output.length > 0) await wait.race(() => this.#write(output))
      for (;;) {
        const event = this.#next()
        if (event) return event
        this.#receive(await wait.race(() => this.#inbox.read()))
      }
    } catch (error) {
      throw this.fail(asMailError(error))
    } finally {
      wait.stop()
    }
  }

  /** Writes what is queued. */
  async flush(): Promise<void> {
    const output = this.session.takeOutput()
    if (output.length > 0) await this.bounded(() => this.#write(output), deadlineFor('body'))
  }

  /** Waits for an operation, and ends the connection if that fails; without a deadline it may take for ever. */
  async bounded<T>(operation: () => Promise<T>, deadline?: Deadline): Promise<T> {
    try {
      return await bounded(operation, deadline, this.#bounds)
    } catch (error) {
      throw this.fail(asMailError(error))
    }
  }

  /** Listens while nothing is awaited; calls back once, when the session has ended. */
  watch(onEnd: () => void): void {
    this.#inbox.watch(() => {
      try {
        this.#receive(this.#inbox.take())
        this.#refuseStrayReply()
      } catch (error) {
        this.fail(asMailError(error))
      }
      if (this.session.state === 'closed') onEnd()
      else this.watch(onEnd)
    })
  }

  /** Takes back what `watch` asked for. */
  unwatch(): void {
    this.#inbox.unwatch()
  }

  /** Waits for an operation while the server is listened to, which may refuse a message or leave before its end. */
  async listenDuring<T>(operation: Promise<T>): Promise<Heard<T>> {
    for (;;) {
      const event = this.#next()
      if (event) return { event }
      this.#inbox.listen()
      const result = await this.#inbox.unlessHeard(operation)
      if (result) return result
      operation.catch(() => undefined)
      await this.#hear()
    }
  }

  /** Ends the connection at once, and gives the error back. */
  fail(error: MailError): MailError {
    this.session.end()
    this.session.nextEvent()
    this.#connection.abort(error)
    this.ended(ENDS[error.code] ?? 'dropped', error.code)
    return error
  }

  /** Keeps out of the transcript, and of errors, what it would be bad to have there, should the server repeat it. */
  conceal(secret: string): void {
    if (secret.length >= MIN_SECRET) this.#secrets.add(secret)
  }

  /** A reply without what was concealed, for an error. */
  discreet(reply: Reply): Reply {
    return withoutSecrets(reply, this.#secrets)
  }

  /** Records how the session ended, once. */
  ended(reason: SessionEnd, error?: string): void {
    if (!this.#ended) this.#record?.({ type: 'closed', reason, ...(error !== undefined && { error }) })
    this.#ended = true
  }

  /** Ends the connection because the server does, or because a message that it has half of must have no end. */
  leave({ reply }: ReplyEvent): MailError {
    const [code, why] =
      reply.code === 421
        ? (['SMTP_CLOSED', 'the server closes the connection'] as const)
        : (['SMTP_REFUSED', 'the server refused the message before its end'] as const)
    return this.fail(refused(code, why, reply))
  }

  // What the session has to tell of what was read.
  #next(): ReplyEvent | undefined {
    const event = this.session.nextEvent()
    if (event?.type === 'error') throw this.fail(event.error)
    if (event) this.#record?.(replyEntry(event, this.#secrets))
    else if (this.session.state === 'closed') throw this.fail(fault('SMTP_CLOSED', 'the server closes the connection'))
    return event
  }

  async #hear(): Promise<void> {
    try {
      this.#receive(await this.#inbox.read())
    } catch (error) {
      throw this.fail(asMailError(error))
    }
  }

  #receive(bytes: Uint8Array | undefined): void {
    if (bytes) this.session.receive(bytes)
    else this.session.end()
  }

  #write(output: Uint8Array): Promise<void> {
    return this.#connection.write(output).catch((error: unknown) => this.#hearWhy(error))
  }

  // A server that closed the connection may have said why, and what it said is still to be read.
  async #hearWhy(error: unknown): Promise<void> {
    const bytes = await this.#inbox.read().catch(() => undefined)
    if (!bytes) throw error
    this.session.receive(bytes)
  }

  // What the server said unasked is taken before the next command, which it would seem to answer.
  #refuseStrayReply(): void {
    const event = this.session.deadline ? undefined : this.session.nextEvent()
    if (event?.type === 'error') throw this.fail(event.error)
    if (event) throw this.fail(refused('SMTP_CLOSED', 'the server closes the connection', event.reply))
  }
}
