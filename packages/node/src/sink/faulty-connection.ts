/**
 * A connection of a sink, on which replies are lost, held back, replaced or broken off as its behaviour says. What the
 * session tells of its conversation pairs each reply with what it answers, and leaves here as it was on the wire.
 */

import { concatBytes, encodeLatin1, MailError } from '@posthorn/core'
import { encodeReply, type Reply } from '@posthorn/reply'
import type { Connection, ConnectionInfo, StartTlsOptions, TlsInfo, TranscriptEntry } from '@posthorn/smtp'
import type { NodeErrorCode } from '../error.ts'
import type { SinkFault, SinkPoint } from './behaviour.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { Spoken } from './spoken.ts'

/** What a connection needs of its sink. */
export interface FaultyConnectionOptions {
  readonly misbehaviour: Misbehaviour
  /** Takes the conversation, as it was on the wire. */
  readonly record: (entry: TranscriptEntry) => void
  /** Calls back after some milliseconds; gives a function that cancels. */
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

const CLOSING: Reply = {
  code: 421,
  enhanced: { class: 4, subject: 3, detail: 2 },
  lines: ['Service is shutting down'],
}

const GARBAGE = concatBytes([Uint8Array.of(0xff, 0x00, 0x07), encodeLatin1('garbage\r\n')])

/** Octets are written in pieces, ten of them in a second. */
const PIECES = 10

/**
 * A connection that may fail.
 *
 * @internal
 */
export class FaultyConnection implements Connection {
  readonly #connection: Connection
  readonly #options: FaultyConnectionOptions
  readonly #spoken = new Spoken()
  readonly #pauses = new Set<() => void>()
  #dropped = false

  constructor(connection: Connection, options: FaultyConnectionOptions) {
    this.#connection = connection
    this.#options = options
  }

  get info(): ConnectionInfo {
    return this.#connection.info
  }

  /** Whether a fault has ended it. */
  get dropped(): boolean {
    return this.#dropped
  }

  /** Takes what the session tells. */
  readonly record = (entry: TranscriptEntry): void => {
    if (entry.type === 'reply') this.#spoken.onReply(entry)
    else if (entry.type === 'closed') {
      for (const left of this.#spoken.rest()) this.#options.record(left)
      this.#options.record(this.#dropped ? { type: 'closed', reason: 'server-closed' } : entry)
    } else {
      if (entry.type === 'command') this.#spoken.onCommand(entry.text)
      this.#options.record(entry)
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#spoken.inChunk) await this.#fail('body', 'before')
    const bytes = await this.#connection.read()
    if (bytes && this.#spoken.inBody) await this.#fail('body', 'before')
    const { octetsPerSecond } = this.#options.misbehaviour.now
    if (bytes && octetsPerSecond) await this.#pause((bytes.length * 1000) / octetsPerSecond)
    return bytes
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (const octets of repliesIn(chunk)) await this.#reply(octets)
  }

  startTls(options: StartTlsOptions): Promise<TlsInfo> {
    return this.#connection.startTls(options)
  }

  async close(): Promise<void> {
    this.#wake()
    if (!this.#dropped) await this.#connection.close()
  }

  abort(reason?: unknown): void {
    this.#wake()
    if (!this.#dropped) this.#connection.abort(reason)
  }

  async #reply(octets: Uint8Array): Promise<void> {
    const { entry, point } = this.#spoken.nextReply()
    const { replyDelay } = this.#options.misbehaviour.now
    if (replyDelay) await this.#pause(replyDelay)
    // A chunk may have come together with its command, so that nothing was read between them.
    if (point === 'BDAT' || point === 'message') await this.#fail('body', 'before')
    if (!point || !(await this.#fail(point, 'before'))) {
      await this.#put(octets)
      if (entry) this.#options.record(entry)
    }
    this.#spoken.replied(point, entry)
    if (point) await this.#fail(point, 'after')
  }

  // True when something else was said in place of a reply.
  async #fail(point: SinkPoint, when: 'before' | 'after'): Promise<boolean> {
    const fault = this.#options.misbehaviour.faultAt(point, when, this.#spoken.addresses)
    if (!fault) return false
    if (fault.do !== 'garbage') await this.#end(fault.do)
    const octets = fault.octets ?? GARBAGE
    await this.#put(octets)
    return true
  }

  async #end(how: Exclude<SinkFault['do'], 'garbage'>): Promise<never> {
    if (how === '421') {
      await this.#put(encodeReply(CLOSING))
      this.#options.record({ type: 'reply', reply: CLOSING })
    }
    this.#dropped = true
    if (how === 'reset') this.#connection.abort()
    // The other end may take its time to close too; nobody waits for that.
    else this.#connection.close().catch(() => undefined)
    throw new MailError<NodeErrorCode>('NODE_CLOSED', 'Cannot use connection: the sink has dropped it')
  }

  async #put(octets: Uint8Array): Promise<void> {
    const { octetsPerSecond } = this.#options.misbehaviour.now
    if (!octetsPerSecond) return this.#connection.write(octets)
    const size = Math.max(1, Math.floor(octetsPerSecond / PIECES))
    for (let start = 0; start < octets.length; start += size) {
      const piece = octets.subarray(start, start + size)
      await this.#connection.write(piece)
      await this.#pause((piece.length * 1000) / octetsPerSecond)
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        this.#pauses.delete(end)
        resolve()
      }
      const cancel = this.#options.startTimer(milliseconds, end)
      this.#pauses.add(end)
    })
  }

  #wake(): void {
    for (const end of this.#pauses) end()
  }
}

// A reply ends with the line that has no hyphen behind its code; RFC 5321 section 4.2.1.
function* repliesIn(chunk: Uint8Array): Generator<Uint8Array> {
  let start = 0
  let line = 0
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, line)) {
    const isLast = chunk[line + 3] !== 45
    line = end + 1
    if (!isLast) continue
    yield chunk.subarray(start, line)
    start = line
  }
  if (start < chunk.length) yield chunk.subarray(start)
}
