/** Plays the server of a transcript, so that a client can be tested against what a server once said. */

import { redactCommandLine } from '@posthorn/command'
import { decodeBase64, encodeBase64, encodeUtf8 } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { OfferedMechanism, ServerMechanism } from '@posthorn/sasl'
import { type Connection, memoryPair } from '@posthorn/smtp'
import { replyLines } from '../reply-text.ts'
import type { CommandEvent, TranscriptSession } from '../session.ts'
import { isSame } from './compare.ts'
import { TranscriptDivergence } from './error.ts'
import { ReplayInput } from './input.ts'
import { NearEnd } from './near-end.ts'
import { Pace, type PaceOptions } from './pace.ts'
import { type Cue, type Script, scriptOf, type Turn } from './script.ts'

/** How {@link replayServer} plays. */
export interface ReplayServerOptions extends PaceOptions {
  /** Whether the arguments of commands must be those of the transcript too; default `true`. Responses of SASL never count. */
  readonly strict?: boolean
  /**
   * Mechanisms that make the challenges, which no transcript has; default none, and then a challenge is what LOGIN and CRAM-MD5
   * can answer. SCRAM cannot be replayed without. What the server answers is what the transcript has, whatever they say.
   */
  readonly mechanisms?: readonly OfferedMechanism[]
}

/** A server that is played. */
export interface ReplayedServer {
  /** The client's end. */
  readonly connection: Connection
  /** Resolves when the session has come to its end; rejects with {@link TranscriptDivergence} when the client leaves the script. */
  readonly done: Promise<void>
}

/**
 * Plays the server of a session: each command is held against the transcript and answered as it was then, a handshake is made
 * where one was, and the session ends as it did.
 *
 * A command is answered when it has come, so that the client may group its commands otherwise than then. The text of a message
 * does not count, for no transcript has it.
 *
 * @param session The session.
 * @param options How strict to be.
 * @returns The client's end of a connection in memory, and what tells how it went.
 * @throws {MailError} `TRANSCRIPT_NOT_REPLAYABLE` when the session is no dialogue, but what a log or a report tells of one.
 * @example
 * import { SmtpClient } from '@posthorn/smtp'
 * import { parseTranscript } from '@posthorn/transcript'
 * const log = 'S: 220 mx.example.net\nC: EHLO [127.0.0.1]\nS: 250 mx.example.net\nC: QUIT\nS: 221 bye'
 * const { connection, done } = replayServer(parseTranscript(log).sessions[0]!)
 * const client = new SmtpClient(connection, { tls: 'none' })
 * await client.open()
 * await client.quit()
 * await done
 */
export function replayServer(session: TranscriptSession, options: ReplayServerOptions = {}): ReplayedServer {
  const script = scriptOf(session)
  const [carrier, far] = memoryPair()
  const connection = new NearEnd(carrier, session)
  const player = new ServerPlayer(script, session, far, options)
  const done = player.play().catch((error: unknown) => {
    connection.failure = error
    far.abort(error)
    throw error
  })
  // Whoever does not ask is told by the connection
  done.catch(() => undefined)
  return { connection, done }
}

const GREETING: Reply = { code: 220, lines: ['replay.invalid'] }
const PROMPTS: Readonly<Record<string, readonly string[]>> = { LOGIN: ['Username:', 'Password:'], PLAIN: [''] }
const CHALLENGE = '<replay@replay.invalid>'

class ServerPlayer {
  readonly #script: Script
  readonly #session: TranscriptSession
  readonly #far: Connection
  readonly #input: ReplayInput
  readonly #options: ReplayServerOptions
  readonly #pace: Pace
  #received = 0
  #given = 0
  #mechanism: { readonly name: string; readonly exchange: ServerMechanism | undefined; steps: number } | undefined
  #response: string | undefined

  constructor(script: Script, session: TranscriptSession, far: Connection, options: ReplayServerOptions) {
    this.#script = script
    this.#session = session
    this.#far = far
    this.#input = new ReplayInput(far)
    this.#options = options
    this.#pace = new Pace(options)
  }

  async play(): Promise<void> {
    const { turns, greets, ending } = this.#script
    if (!greets) await this.#write(GREETING)
    let heard = true
    for (await this.#give(); this.#received < turns.length; await this.#give()) {
      const turn = turns[this.#received] as Turn
      heard = await this.#hear(turn)
      if (!heard) break
      this.#pace.note(turn)
      this.#received++
    }
    if (!heard) this.#checkLeaving()
    else if (ending !== 'server') await (isOpen(turns.at(-1)) ? this.#drain() : this.#expectLeaving())
    await this.#far.close()
    await this.#drain()
  }

  async #drain(): Promise<void> {
    while (await this.#far.read().catch(() => undefined));
  }

  // False when the client has gone.
  async #hear(turn: Turn): Promise<boolean> {
    if (turn.type === 'message') return !turn.complete || this.#input.message()
    const line = await this.#input.line()
    if (line === undefined) return false
    if (turn.type === 'credentials') {
      this.#response = line
      return true
    }
    if (!isSame(line, turn, this.#options.strict ?? true))
      throw this.#diverged(redactCommandLine(turn.text), redactCommandLine(line))
    if (turn.verb === 'AUTH') this.#begin(line)
    return turn.verb !== 'BDAT' || this.#input.chunk(Number(/\d+/.exec(line)?.[0] ?? 0))
  }

  #begin(line: string): void {
    const [, name = '', initial] = line.split(/ +/)
    const offered = this.#options.mechanisms?.find((one) => one.name === name.toUpperCase())
    this.#mechanism = { name: name.toUpperCase(), exchange: offered?.create(), steps: 0 }
    this.#response = initial
  }

  // Gives the replies that are due.
  async #give(): Promise<void> {
    const { cues } = this.#script
    for (let cue = cues[this.#given]; cue && cue.due <= this.#received; cue = cues[++this.#given]) {
      await this.#pace.reach(cue.event)
      const { reply } = cue.event
      await this.#write(reply.code === 334 ? { code: 334, lines: [await this.#challenge()] } : reply)
      if (cue.tls) await this.#raiseTls(cue)
    }
  }

  async #write(reply: Reply): Promise<void> {
    const text = replyLines(reply).map((line) => `${line.replace(/[\r\n]/g, ' ')}\r\n`)
    // A client that has gone is noticed when it is heard
    await this.#far.write(encodeUtf8(text.join(''))).catch(() => undefined)
  }

  async #challenge(): Promise<string> {
    const { name, exchange, steps } = this.#mechanism ?? { name: '', exchange: undefined, steps: 0 }
    if (this.#mechanism) this.#mechanism.steps++
    const step = await exchange?.next(this.#response === undefined ? undefined : octetsOf(this.#response))
    if (step?.type === 'challenge') return encodeBase64(step.data)
    return encodeBase64(encodeUtf8(PROMPTS[name]?.[steps] ?? CHALLENGE))
  }

  async #raiseTls({ event, tls }: Cue): Promise<void> {
    if (this.#input.waiting > 0) throw new TranscriptDivergence(event.index, 'a TLS handshake', 'plaintext')
    if (tls === 'failed') this.#far.abort()
    else await this.#far.startTls({})
  }

  // The client has gone: that is right where it went, or where nobody waits for more.
  #checkLeaving(): void {
    const isLate = this.#given >= this.#script.cues.length
    if (!isLate) throw this.#diverged(describe(this.#script.turns[this.#received]), 'the end of the connection')
  }

  async #expectLeaving(): Promise<void> {
    const line = await this.#input.line()
    if (line !== undefined) throw this.#diverged('the end of the connection', redactCommandLine(line))
  }

  #diverged(expected: string, received: string): TranscriptDivergence {
    const due = this.#script.turns[this.#received]?.index ?? this.#session.events.length
    return new TranscriptDivergence(due, expected, received)
  }
}

function describe(turn: Turn | undefined): string {
  if (turn?.type === 'command') return redactCommandLine((turn as CommandEvent).text)
  return turn?.type === 'message' ? 'a message' : 'a response'
}

function octetsOf(response: string): Uint8Array {
  try {
    return decodeBase64(response === '=' ? '' : response)
  } catch {
    return new Uint8Array(0)
  }
}

// A message whose end was not sent
function isOpen(turn: Turn | undefined): boolean {
  return turn?.type === 'message' && !turn.complete
}
