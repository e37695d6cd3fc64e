/** What has been said on a connection of a sink: which command each reply answers, and whom the transaction is about. */

import type { TranscriptEntry } from '@posthorn/smtp'
import type { SinkPoint } from './behaviour.ts'

type ReplyEntry = Extract<TranscriptEntry, { readonly type: 'reply' }>

// MAIL FROM:<path> or RCPT TO:<path>, as commands are written in transcripts; RFC 5321 section 4.1.1
const NAMES = /^(MAIL FROM|RCPT TO):\s*<([^>]*)>/i

/**
 * The conversation of one connection.
 *
 * @internal
 */
export class Spoken {
  // Told by the session, and not written.
  readonly #replies: ReplyEntry[] = []
  // Commands that are not answered.
  readonly #commands: string[] = []
  #addresses: string[] = []
  #inBody = false
  #inChunk = false

  /** The sender and the recipients that the open transaction has named, answered or not last. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** Whether octets of a message come next, by DATA. */
  get inBody(): boolean {
    return this.#inBody
  }

  /** Whether they are those of a chunk, some of which may have come with its command. */
  get inChunk(): boolean {
    return this.#inChunk
  }

  onReply(entry: ReplyEntry): void {
    this.#replies.push(entry)
  }

  onCommand(text: string): void {
    this.#commands.push(text)
    if (/^BDAT /i.test(text)) this.#inChunk = true
  }

  /** Takes the reply that is written next, with the point at which it stands. */
  nextReply(): { readonly entry: ReplyEntry | undefined; readonly point: SinkPoint | undefined } {
    const entry = this.#replies.shift()
    const point = entry?.answers && pointOf(entry.answers)
    const isOfCommand = point !== 'greeting' && (point !== 'message' || /^BDAT /i.test(this.#commands[0] ?? ''))
    const [, what, address] = NAMES.exec((isOfCommand && this.#commands.shift()) || '') ?? []
    if (what?.toUpperCase().startsWith('MAIL')) this.#addresses = [address!]
    else if (what) this.#addresses.push(address!)
    return { entry, point }
  }

  /** Notes that a reply was written, or another thing in place of it. */
  replied(point: SinkPoint | undefined, entry: ReplyEntry | undefined): void {
    if (point === 'DATA') this.#inBody = entry?.reply.code === 354
    else if (point === 'BDAT' || point === 'message') {
      this.#inBody = false
      this.#inChunk = false
    }
  }

  /** Takes the replies that were told and never written. */
  rest(): ReplyEntry[] {
    return this.#replies.splice(0)
  }
}

function pointOf(answers: NonNullable<ReplyEntry['answers']>): SinkPoint {
  if (answers === 'HELO' || answers === 'LHLO') return 'EHLO'
  return answers === 'response' ? 'AUTH' : answers
}
