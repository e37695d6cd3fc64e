/** Records a session of a client or a server as lines of our own form, while it happens. */

import { formatEnhancedStatus } from '@posthorn/reply'
import type { Endpoint, Recorder, SessionEnd, TranscriptEntry } from '@posthorn/smtp'
import { isLastChunk, verbOf } from '../dialogue/command-line.ts'
import { ReplyQueue } from '../dialogue/reply-queue.ts'
import { SecretCollector } from '../dialogue/secret.ts'
import { eventLine, FORM, type FormEvent, headerLine, VERSION } from '../form/lines.ts'
import type { DistributiveOmit } from './distributive.ts'

/** How a {@link TranscriptRecorder} writes. */
export interface TranscriptRecorderOptions {
  /** Gives the time, in milliseconds since 1970, as `Date.now` does. */
  readonly now: () => number
  /** Takes a line, without a line ending. */
  readonly write: (line: string) => void
  /** Stands on each line, so that the lines of several sessions can be in one file; default none. */
  readonly session?: string
}

type Unnumbered = DistributiveOmit<FormEvent, 'n' | 'at'>
type EntryOf<Type extends TranscriptEntry['type']> = Extract<TranscriptEntry, { readonly type: Type }>

// What the session is in between two entries
type Stage = 'dialogue' | 'sasl' | 'tls' | 'message'

/**
 * Records one session: a line of JSON for each event, as it happens. No secret and no text of a message is in it.
 *
 * @example
 * import { memoryPair, serve, SmtpClient } from '@posthorn/smtp'
 * const lines: string[] = []
 * const { record } = new TranscriptRecorder({ now: () => 0, write: (line) => lines.push(line) })
 * const [near, far] = memoryPair()
 * const served = serve(far, { hostname: 'mx.example', onMessage: () => undefined })
 * const client = new SmtpClient(near, { tls: 'none', record })
 * await client.open()
 * await client.quit()
 * await served
 * lines[1] // '{"n":0,"type":"reply","at":0,"code":220,"lines":["mx.example ESMTP"]}'
 */
export class TranscriptRecorder {
  readonly #options: TranscriptRecorderOptions
  readonly #queue = new ReplyQueue()
  readonly #secrets = new SecretCollector()
  #n = 0
  #begun = false
  #lmtp = false
  #stage: Stage = 'dialogue'
  // A message that came before the reply to DATA was written
  #early: EntryOf<'message'> | undefined
  #dataWaits = false
  // What the dialogue says of its end: RFC 5321 section 3.8 and 4.1.1.10
  #end: SessionEnd | undefined

  /** @param options The clock, and where lines go. */
  constructor(options: TranscriptRecorderOptions) {
    this.#options = options
  }

  /** What an `SmtpClient` takes as `record`, and what `recorder` of `serve` gives. */
  readonly record: Recorder = (entry) => {
    if (entry.type === 'connected') return this.#begin(entry)
    if (!this.#begun) this.#begin({ type: 'connected', side: 'client', protocol: 'smtp' })
    switch (entry.type) {
      case 'command':
        return this.#onCommand(entry)
      case 'reply':
        return this.#onReply(entry)
      case 'message':
        return this.#onMessage(entry)
      case 'tls':
        return this.#onTls(entry)
      case 'closed':
        return this.#onClosed(entry)
    }
  }

  #begin({ side, protocol, client, server }: EntryOf<'connected'>): void {
    const { now, write, session } = this.#options
    const header = { transcript: FORM, version: VERSION, perspective: side, protocol, startedAt: now() } as const
    this.#begun = true
    this.#lmtp = protocol === 'lmtp'
    write(headerLine({ ...header, client: client ?? {}, server: server ?? {} }, session))
    const [words, other] = side === 'client' ? ['Connected to', server] : ['Connection from', client]
    if (other) this.#write({ type: 'note', kind: 'connected', text: `${words} ${placeOf(other)}` })
  }

  #write(event: Unnumbered): number {
    const { now, write, session } = this.#options
    const n = this.#n++
    write(eventLine({ n, ...event, at: now() }, session))
    return n
  }

  #onCommand({ text }: EntryOf<'command'>): void {
    this.#leaveMessage()
    if (this.#stage === 'sasl') {
      this.#stage = 'dialogue'
      this.#queue.push(this.#write({ type: 'credentials' }), 'AUTH')
      return
    }
    const verb = verbOf(text) || 'OTHER'
    this.#queue.push(this.#write({ type: 'command', text: this.#secrets.scrub(text) }), verb)
    if (verb === 'DATA') this.#dataWaits = true
    if (verb === 'QUIT') this.#end = 'quit'
    if (verb !== 'BDAT') return
    if (this.#lmtp && isLastChunk(text)) this.#queue.answerPerRecipient()
    const octets = Number(/\d+/.exec(text)?.[0] ?? 0)
    this.#write({ type: 'message', octets, framing: 'BDAT', complete: true })
  }

  #onReply({ reply }: EntryOf<'reply'>): void {
    const { code, enhanced, lines } = reply
    if (this.#stage === 'message') this.#leaveMessage()
    const asked = this.#queue.answer(code)
    const status = enhanced && formatEnhancedStatus(enhanced)
    const texts = lines.map((line) => this.#secrets.scrub(line))
    this.#write({ type: 'reply', code, enhanced: status, lines: texts, answers: asked?.event })
    if (code === 421) this.#end = 'server-closed'
    else if (asked?.verb === 'QUIT' && code >= 400) this.#end = undefined
    if (asked?.verb === 'AUTH') this.#stage = code === 334 ? 'sasl' : 'dialogue'
    if (asked?.verb === 'STARTTLS' && code < 300) this.#stage = 'tls'
    if (asked?.verb !== 'DATA') return
    this.#dataWaits = false
    if (code !== 354) return
    this.#stage = 'message'
    if (this.#early) this.#onMessage(this.#early)
  }

  #onMessage(entry: EntryOf<'message'>): void {
    // Each chunk has an event of its own
    if (entry.framing === 'BDAT') return
    this.#early = this.#dataWaits ? entry : undefined
    if (!this.#dataWaits) this.#writeMessage(entry.octets, true)
  }

  #writeMessage(octets: number | undefined, complete: boolean): void {
    this.#stage = 'dialogue'
    this.#queue.pushMessage(this.#write({ type: 'message', octets, framing: 'DATA', complete }), this.#lmtp)
  }

  // The message has not come to its end
  #leaveMessage(): void {
    if (this.#stage === 'message') this.#writeMessage(undefined, false)
  }

  #onTls({ info }: EntryOf<'tls'>): void {
    const { protocol, cipher, verifiedBy, serverName } = info
    const known = (name: string): string | undefined => (name === 'unknown' ? undefined : name)
    this.#stage = 'dialogue'
    this.#write({ type: 'tls', version: known(protocol), cipher: known(cipher), verifiedBy, serverName })
  }

  #onClosed({ reason, error }: EntryOf<'closed'>): void {
    this.#leaveMessage()
    if (this.#stage === 'tls') this.#write({ type: 'tls', failed: true })
    this.#write({ type: 'close', reason: this.#end ?? reason, error })
  }
}

function placeOf({ address, port }: Endpoint): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}
