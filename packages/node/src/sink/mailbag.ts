/** The messages that a sink has taken, the newest as many as there is room for, and who waits for them. */

import { attempt, MailError } from '@posthorn/core'
import type { NodeErrorCode } from '../error.ts'
import type { SinkMessage } from './message.ts'

/** How much is kept. */
export interface MailbagOptions {
  readonly maxMessages?: number
  readonly maxOctets?: number
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void
}

/** How long to wait for messages. */
export interface SinkWaitOptions {
  /** In milliseconds; default 10,000. */
  readonly timeout?: number
  /** Ends the wait when it fires. */
  readonly signal?: AbortSignal
}

const DEFAULT_MESSAGES = 1000
const DEFAULT_OCTETS = 100_000_000
const DEFAULT_TIMEOUT = 10_000

/**
 * Messages, and who waits for them.
 *
 * @internal
 */
export class Mailbag {
  readonly #options: MailbagOptions
  #messages: SinkMessage[] = []
  #octets = 0
  // How many have been taken since the beginning, and the number of the one that `next` gives next.
  #count = 0
  #next = 1
  readonly #waiting = new Set<() => void>()

  constructor(options: MailbagOptions) {
    this.#options = options
  }

  get messages(): readonly SinkMessage[] {
    return [...this.#messages]
  }

  add(message: Omit<SinkMessage, 'number'>): SinkMessage {
    const numbered = { ...message, number: ++this.#count }
    this.#messages.push(numbered)
    this.#octets += message.content.length
    const { maxMessages = DEFAULT_MESSAGES, maxOctets = DEFAULT_OCTETS } = this.#options
    // The newest stays, however large.
    while (this.#messages.length > 1 && (this.#messages.length > maxMessages || this.#octets > maxOctets)) {
      this.#octets -= this.#messages.shift()!.content.length
    }
    for (const look of [...this.#waiting]) look()
    return numbered
  }

  clear(): void {
    this.#messages = []
    this.#octets = 0
    this.#next = this.#count + 1
  }

  /** Gives the oldest message that was not given before. */
  next(options: SinkWaitOptions): Promise<SinkMessage> {
    // What one caller is given another must not have.
    return this.#wait(() => {
      const found = this.#messages.find(({ number }) => number >= this.#next)
      if (found) this.#next = found.number + 1
      return found
    }, options)
  }

  /** Gives all that are kept, once so many are. */
  waitFor(count: number, options: SinkWaitOptions): Promise<readonly SinkMessage[]> {
    return this.#wait(() => (this.#messages.length >= count ? this.messages : undefined), options)
  }

  async #wait<T>(look: () => T | undefined, { timeout = DEFAULT_TIMEOUT, signal }: SinkWaitOptions): Promise<T> {
    const found = look()
    if (found !== undefined) return found
    let stop: () => void = () => undefined
    const arrival = (): Promise<T> =>
      new Promise((resolve) => {
        const onMessage = (): void => {
          const later = look()
          if (later === undefined) return
          stop()
          resolve(later)
        }
        stop = () => this.#waiting.delete(onMessage)
        this.#waiting.add(onMessage)
      })
    try {
      return await attempt(arrival, {
        timeout,
        signal,
        startTimer: this.#options.startTimer,
        late: () => fault('NODE_SINK_TIMEOUT', `it has not come in ${timeout} ms`),
        aborted: (reason) => fault('NODE_ABORTED', 'the caller aborted', reason),
      })
    } finally {
      stop()
    }
  }
}

function fault(code: NodeErrorCode, why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError(code, `Cannot wait for message: ${why}`, { cause })
}
