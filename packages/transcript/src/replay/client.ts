/** Plays the client of a transcript, so that a server can be tested against what a client once said. */

import { DotStuffer } from '@posthorn/command'
import { concatBytes, decodeBase64, encodeBase64, encodeUtf8 } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { ClientMechanism } from '@posthorn/sasl'
import type { Connection } from '@posthorn/smtp'
import type { CommandEvent, MessageEvent, TranscriptSession } from '../session.ts'
import { notReplayable } from './error.ts'
import { differencesOf, type ReplayDifference, ReplyReader } from './hearing.ts'
import { madeMessage } from './made-message.ts'
import { Pace, type PaceOptions } from './pace.ts'
import { type Cue, type Script, scriptOf, type Turn } from './script.ts'

/** How {@link replayClient} plays. */
export interface ReplayClientOptions extends PaceOptions {
  /** Whether the texts of replies are compared too, and not only codes; default `false`. */
  readonly texts?: boolean
  /** The message to send in place of each; default: one of the octets that the transcript tells of. */
  readonly message?: Uint8Array
  /** The most octets of a message that is made; default 25,000,000. */
  readonly maxOctets?: number
  /**
   * Begins an exchange of a mechanism, whose responses no transcript has; default: responses are made up, which no server but one
   * that is played takes.
   */
  readonly mechanism?: (name: string) => ClientMechanism | undefined
  /** The name that the server's certificate must prove, where TLS is raised. */
  readonly serverName?: string
}

/** What came of a replay. */
export interface ReplayReport {
  /** What the server said otherwise than in the transcript, in order. */
  readonly differences: readonly ReplayDifference[]
  /** Whether all was said; `false` where the server left, or answered so that what comes next makes no sense. */
  readonly complete: boolean
}

/**
 * Plays the client of a session: sends its commands, grouped as they were, and a message where one was, and holds the replies
 * against those of the transcript.
 *
 * It stops where the rest makes no sense: when a message, a handshake or a response that was asked for then is not asked for now,
 * or the other way round. A reply that the server gave unasked is waited for, as long as the connection lasts.
 *
 * @param session The session.
 * @param connection A connection to the server, which is closed at the end.
 * @param options What is compared, and what is sent where the transcript has nothing.
 * @returns The differences.
 * @throws {MailError} `TRANSCRIPT_NOT_REPLAYABLE` when the session is no dialogue, or a message of it is over `maxOctets`.
 * @example
 * import { memoryPair, serve } from '@posthorn/smtp'
 * import { parseTranscript } from '@posthorn/transcript'
 * const [near, far] = memoryPair()
 * const served = serve(far, { hostname: 'mx.example.net', onMessage: () => undefined })
 * const log = 'S: 220 mx.example.net\nC: HELO a.example\nS: 250 mx\nC: VRFY bob\nS: 550 no\nC: QUIT\nS: 221 2.0.0 bye'
 * const { differences } = await replayClient(parseTranscript(log).sessions[0]!, near)
 * await served
 * differences[0] // { event: 4, what: 'code', expected: '550', received: '252' }
 */
export async function replayClient(
  session: TranscriptSession,
  connection: Connection,
  options: ReplayClientOptions = {},
): Promise<ReplayReport> {
  const script = scriptOf(session)
  checkSizes(script, options)
  const player = new ClientPlayer(script, session, connection, options)
  try {
    const complete = await player.play()
    return { differences: player.differences, complete }
  } finally {
    await connection.close().catch(() => undefined)
  }
}

const MAX_OCTETS = 25_000_000

function checkSizes({ turns }: Script, { message, maxOctets = MAX_OCTETS }: ReplayClientOptions): void {
  const isOver = turns.some((turn) => {
    if (turn.type === 'message') return !message && (turn.octets ?? 0) > maxOctets
    return turn.type === 'command' && turn.verb === 'BDAT' && sizeOf(turn) > maxOctets
  })
  if (isOver) throw notReplayable(`a message is over ${maxOctets} octets`)
}

function sizeOf({ text }: CommandEvent): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0)
}

const INFERRED: Readonly<Record<string, string>> = {
  EHLO: 'EHLO replay.invalid',
  HELO: 'HELO replay.invalid',
  LHLO: 'LHLO replay.invalid',
  MAIL: 'MAIL FROM:<>',
  RCPT: 'RCPT TO:<postmaster>',
  AUTH: 'AUTH PLAIN',
  VRFY: 'VRFY postmaster',
}
// No name, and a password of one octet
const MADE_UP = encodeUtf8('\0a\0a')

class ClientPlayer {
  readonly differences: ReplayDifference[] = []
  readonly #script: Script
  readonly #session: TranscriptSession
  readonly #connection: Connection
  readonly #options: ReplayClientOptions
  readonly #pace: Pace
  readonly #replies: ReplyReader
  #output: Uint8Array[] = []
  #mechanism: ClientMechanism | undefined
  #held: Uint8Array | undefined
  #challenge: Reply | undefined

  constructor(script: Script, session: TranscriptSession, connection: Connection, options: ReplayClientOptions) {
    this.#script = script
    this.#session = session
    this.#connection = connection
    this.#options = options
    this.#pace = new Pace(options)
    this.#replies = new ReplyReader(connection)
  }

  /** Plays; false where it had to stop. */
  async play(): Promise<boolean> {
    if (!this.#script.greets && !(await this.#replies.next())) return this.#miss(0)
    for (const step of this.#script.order) {
      if (!('due' in step)) await this.#say(step)
      else if (!(await this.#hear(step))) return false
    }
    await this.#flush()
    return this.#leave()
  }

  async #say(turn: Turn): Promise<void> {
    if (this.#options.wait) await this.#flush()
    await this.#pace.reach(turn)
    if (turn.type === 'message') this.#output.push(...this.#bodyOf(turn))
    else if (turn.type === 'credentials') await this.#respond()
    else if (turn.verb === 'AUTH') await this.#authenticate(turn)
    else this.#command(turn)
  }

  #command({ verb, text, inferred }: CommandEvent): void {
    const line = (inferred && text === verb && INFERRED[verb]) || text
    this.#line(line)
    const size = Number(/^BDAT +(\d+)/i.exec(line)?.[1] ?? 0)
    if (size > 0) this.#output.push(madeMessage(size).subarray(0, size))
  }

  #line(text: string): void {
    this.#output.push(encodeUtf8(`${text.replace(/[\r\n]/g, ' ')}\r\n`))
  }

  #bodyOf({ octets, complete }: MessageEvent): Uint8Array[] {
    const message = this.#options.message ?? madeMessage(octets ?? 100)
    const stuffer = new DotStuffer()
    return complete ? [stuffer.push(message), stuffer.end()] : [stuffer.push(message)]
  }

  async #authenticate(turn: CommandEvent): Promise<void> {
    const [, name, initial] = turn.text.split(/ +/)
    this.#mechanism = name === undefined ? undefined : this.#options.mechanism?.(name.toUpperCase())
    const response = await this.#mechanism?.start()
    this.#held = initial === undefined ? response : undefined
    if (initial === undefined || initial === '=') this.#command(turn)
    else this.#line(`AUTH ${name} ${encodeBase64(response ?? MADE_UP) || '='}`)
  }

  async #respond(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    this.#line(encodeBase64(held ?? (await this.#answerTo(this.#challenge))))
  }

  async #answerTo(challenge: Reply | undefined): Promise<Uint8Array> {
    try {
      const octets = decodeBase64(challenge?.lines.join('') ?? '')
      return (await this.#mechanism?.next(octets)) ?? MADE_UP
    } catch {
      return MADE_UP
    }
  }

  async #flush(): Promise<void> {
    const output = concatBytes(this.#output)
    this.#output = []
    // A server that has gone may have said why
    if (output.length > 0) await this.#connection.write(output).catch(() => undefined)
  }

  // False where the rest makes no sense.
  async #hear(cue: Cue): Promise<boolean> {
    await this.#flush()
    const { event, tls } = cue
    const reply = await this.#replies.next()
    if (!reply) return this.#miss(event.index, `${event.reply.code}`)
    await this.#pace.reach(event)
    this.differences.push(...differencesOf(event, reply, this.#options.texts ?? false))
    if (reply.code === 334) this.#challenge = reply
    if (leadsElsewhere(event.reply, reply, this.#session, event.answers)) return false
    if (tls) return this.#raiseTls(cue)
    return true
  }

  async #raiseTls({ event, tls }: Cue): Promise<boolean> {
    const { serverName } = this.#options
    try {
      await this.#connection.startTls(serverName === undefined ? {} : { serverName })
      return true
    } catch {
      return tls === 'failed' || this.#miss(event.index, 'a TLS handshake')
    }
  }

  #miss(event: number, expected = 'a greeting'): false {
    this.differences.push({ event, what: 'missing', expected })
    return false
  }

  // Where the server ended the session, it has to end it now.
  async #leave(): Promise<boolean> {
    if (this.#session.close !== 'server-closed') return true
    const reply = await this.#replies.next()
    const event = this.#session.events.length
    if (reply) this.differences.push({ event, what: 'unexpected', received: `${reply.code}` })
    return reply === undefined
  }
}

// Whether what a server says now needs another answer than what it said then
function leadsElsewhere(then: Reply, now: Reply, { protocol, events }: TranscriptSession, answers?: number): boolean {
  const [isMore, wasMore] = [now.code < 400 && now.code >= 300, then.code < 400 && then.code >= 300]
  if (isMore !== wasMore || (now.code === 421) !== (then.code === 421)) return true
  const asked = answers === undefined ? undefined : events[answers]
  const verb = asked?.type === 'command' ? asked.verb : ''
  // Each recipient that is accepted gets a reply of its own behind the message
  const counts = verb === 'STARTTLS' || (protocol === 'lmtp' && verb === 'RCPT')
  return counts && now.code < 300 !== then.code < 300
}
