/**
 * Sessions that are kept and shared: as many as the server bears, each for many messages, given up before the server
 * does. Out of scope: what becomes of a message in a session, which `dispatch.ts` decides.
 */

import { MailError } from '@posthorn/core'
import type { Platform } from '@posthorn/smtp'
import type { Dispatch } from './dispatch.ts'
import { fault } from './error.ts'
import type { MailerListener, SessionEndReason } from './event.ts'
import { FairQueue } from './fair-queue.ts'
import { Openings } from './openings.ts'
import type { PoolSettings } from './pool-options.ts'
import { RateLimit } from './rate-limit.ts'
import { type OpenedSession, PooledSession } from './session.ts'
import { type SessionWork, sendAlone, sendLaced } from './session-work.ts'

/** What a pool is made of. */
interface PoolParts {
  readonly platform: Platform
  readonly emit: MailerListener
  /** Whether the envelope of a message may ride with the end of the one before. */
  readonly laced: boolean
  /** Opens a session, by its number. */
  readonly open: (session: number, signal: AbortSignal) => Promise<OpenedSession>
}

/**
 * The sessions of a mailer, and the messages that wait for one.
 *
 * @internal
 */
export class Pool {
  readonly #settings: PoolSettings
  readonly #parts: PoolParts
  readonly #queue = new FairQueue<Dispatch>()
  readonly #rate: RateLimit | undefined
  readonly #openings: Openings
  readonly #sessions = new Set<PooledSession>()
  // Those that wait for a message; the last was used last, and is used next.
  readonly #idle: PooledSession[] = []
  readonly #ending = new Set<Promise<void>>()
  #cancelWake: (() => void) | undefined
  #cancelSweep: (() => void) | undefined
  // How many sessions are being asked whether they live, before each takes a message.
  #probing = 0
  #closing = false
  #aborted: MailError | undefined
  #onDrained: (() => void) | undefined

  constructor(settings: PoolSettings, parts: PoolParts) {
    this.#settings = settings
    this.#parts = parts
    this.#rate = settings.rate && new RateLimit(settings.rate, parts.platform.now)
    this.#openings = new Openings(settings, {
      ...parts,
      sessions: () => this.#sessions.size,
      opened: (id, session) => this.#opened(id, session),
      failed: (error, counts) => this.#openingFailed(error, counts),
    })
  }

  /** How many messages wait, and how many sessions there are. */
  get load(): { readonly queued: number; readonly sessions: number } {
    return { queued: this.#queue.size, sessions: this.#sessions.size }
  }

  /** Takes a message; its outcome tells what became of it. */
  submit(dispatch: Dispatch, signal: AbortSignal | undefined): void {
    if (this.#queue.size >= this.#settings.maxQueued) throw fault('MAILER_QUEUE_FULL', 'send message: too many wait')
    this.#queue.push(dispatch)
    if (signal) this.#heed(signal, dispatch)
    this.#pump()
  }

  /** Ends when all messages have been sent, and all sessions have ended. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#queue.size === 0) this.#openings.abort(closed())
    if (!this.#isDrained) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve
      })
    }
    for (const session of this.#idle.splice(0)) this.#end(session, 'closed')
    this.#cancelSweep?.()
    this.#cancelWake?.()
    await Promise.all(this.#ending)
  }

  /** Ends everything at once. */
  abort(reason: unknown): void {
    const error = reason instanceof MailError ? reason : fault('MAILER_CLOSED', 'send message: the mailer ends', reason)
    this.#closing = true
    this.#aborted = error
    this.#openings.abort(error)
    this.#failQueued(error)
    for (const session of this.#sessions) session.abort(error)
    this.#settle()
  }

  // A message that waits is given up when its signal fires; one that is under way, its session ends.
  #heed(signal: AbortSignal, dispatch: Dispatch): void {
    const onAbort = (): void => {
      if (!this.#queue.remove(dispatch)) return
      dispatch.giveUp(fault('MAILER_ABORTED', 'send message: the caller aborted', signal.reason))
      this.#settle()
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    dispatch.outcome.then(() => signal.removeEventListener('abort', onAbort))
  }

  // Brings together what waits: messages, sessions, and the right to open more of them.
  #pump(): void {
    while (this.#queue.size > this.#probing && !this.#mustWait()) {
      const session = this.#idle.pop()
      if (session) this.#work(session)
      else if (this.#rests() || !this.#openings.begin(this.#queue.size - this.#probing)) return
    }
  }

  // Whether the server has a rest; it wakes the pool at its end.
  // QUIRK: a timer of Node may fire a millisecond before the clock says so, and then the server still has its rest.
  #rests(): boolean {
    return this.#wakesAfter(this.#openings.wait)
  }

  #mustWait(): boolean {
    return this.#wakesAfter(this.#rate?.wait ?? 0)
  }

  // HAZARD: the clock goes on; whoever asked it twice could find a wait, and then none to be woken after.
  #wakesAfter(wait: number): boolean {
    if (wait > 0) this.#wakeAfter(wait)
    return wait > 0
  }

  #wakeAfter(milliseconds: number): void {
    this.#cancelWake ??= this.#parts.platform.startTimer(milliseconds, () => {
      this.#cancelWake = undefined
      this.#pump()
    })
  }

  async #work(session: PooledSession): Promise<void> {
    if (session.needsProbe) {
      this.#probing++
      await session.probe()
      this.#probing--
    }
    if (!session.client.usable) this.#end(session, 'server')
    else await this.#serve(session)
    this.#pump()
    this.#settle()
  }

  // Gives a session messages, as long as there are any and it can have them.
  async #serve(session: PooledSession): Promise<void> {
    let dispatch = this.#next()
    if (!dispatch) return this.#rest(session)
    while (dispatch) {
      const isLaced = session.isLaced && !dispatch.canBeGivenUp
      const work: SessionWork = isLaced
        ? await sendLaced(session, dispatch, () => this.#next())
        : await sendAlone(session, dispatch)
      // A session that had no room for all recipients has none for those that are left.
      const goesOn = session.client.usable && work.again.length === 0 && !session.isWorn
      if (!goesOn) this.#end(session, session.client.usable ? 'messages' : 'error')
      const next = goesOn ? (work.next ?? this.#next()) : undefined
      // Whoever hears of the outcome finds the session free for what he sends then.
      if (goesOn && !next) this.#rest(session)
      work.done?.conclude()
      if (!goesOn) this.#putBack(work)
      dispatch = next
    }
  }

  #putBack({ again, next }: SessionWork): void {
    for (const dispatch of [...again, ...(next ? [next] : [])].reverse()) {
      if (this.#aborted) dispatch.giveUp(this.#aborted)
      else this.#queue.unshift(dispatch)
    }
  }

  #next(): Dispatch | undefined {
    const dispatch = this.#queue.size > 0 && !this.#mustWait() ? this.#queue.shift() : undefined
    if (dispatch) this.#rate?.begin()
    return dispatch
  }

  #rest(session: PooledSession): void {
    this.#idle.push(session)
    session.rest(() => {
      const at = this.#idle.indexOf(session)
      if (at < 0) return
      this.#idle.splice(at, 1)
      this.#end(session, 'server')
    })
    this.#sweepLater()
  }

  // One timer serves all sessions: it fires for the one that has been idle for longest.
  #sweepLater(): void {
    const oldest = this.#idle[0]
    if (!oldest || this.#cancelSweep) return
    const { platform } = this.#parts
    const { idleTimeout } = this.#settings
    // By a clock that is set back it would be longer than it may.
    const left = Math.min(idleTimeout, Math.max(0, oldest.idleSince + idleTimeout - platform.now()))
    this.#cancelSweep = platform.startTimer(left, () => {
      this.#cancelSweep = undefined
      const due = platform.now() - idleTimeout
      while (this.#idle[0] && this.#idle[0].idleSince <= due) this.#end(this.#idle.shift()!, 'idle')
      this.#sweepLater()
    })
  }

  #end(session: PooledSession, reason: SessionEndReason): void {
    this.#sessions.delete(session)
    const ending = session.client.quit().then(() => {
      this.#ending.delete(ending)
    })
    this.#ending.add(ending)
    this.#parts.emit({ type: 'session-ended', session: session.id, reason, messages: session.messages })
  }

  #opened(id: number, opened: OpenedSession): void {
    const session = new PooledSession(id, opened, {
      ...this.#settings,
      platform: this.#parts.platform,
      laced: this.#parts.laced,
    })
    this.#sessions.add(session)
    this.#work(session)
  }

  #openingFailed(error: MailError, counts: boolean): void {
    if (counts) {
      for (const dispatch of this.#queue.values()) if (!dispatch.openingFailed(error)) this.#queue.remove(dispatch)
    }
    if (isHopeless(error)) this.#failQueued(error)
    if (this.#queue.size > 0) this.#wakeAfter(this.#openings.wait)
    this.#settle()
  }

  #failQueued(error: MailError): void {
    for (const dispatch of this.#queue.values()) {
      this.#queue.remove(dispatch)
      dispatch.giveUp(error)
    }
  }

  get #isDrained(): boolean {
    return this.#queue.size === 0 && this.#idle.length === this.#sessions.size && this.#openings.count === 0
  }

  #settle(): void {
    if (this.#closing && this.#queue.size === 0) this.#openings.abort(closed())
    if (this.#isDrained) this.#onDrained?.()
  }
}

function closed(): MailError {
  return fault('MAILER_CLOSED', 'go on: the mailer is closed')
}

// To try these once more would fail likewise, and may lock an account.
const HOPELESS: ReadonlySet<string> = new Set([
  'SMTP_AUTH_FAILED',
  'SMTP_AUTH_UNAVAILABLE',
  'SMTP_TLS_UNAVAILABLE',
  'SMTP_UNSAFE_AUTH',
])

function isHopeless({ code }: MailError): boolean {
  return HOPELESS.has(code)
}
