/** How long a server bears with a client: RFC 5321 section 4.3.2 and 7.8 leave it to the server when to stop. */

import type { Verb } from '@posthorn/command'

// These belong to a message that is on its way.
const WORKING: ReadonlySet<Verb> = new Set<Verb>(['RCPT', 'BDAT'])

/**
 * Counts what leads nowhere.
 *
 * @internal
 */
export class Patience {
  readonly #maxMistakes: number
  readonly #maxIdleCommands: number
  #mistakes = 0
  #idleCommands = 0

  constructor(options: { readonly maxMistakes?: number; readonly maxIdleCommands?: number }) {
    this.#maxMistakes = options.maxMistakes ?? 20
    this.#maxIdleCommands = options.maxIdleCommands ?? 100
  }

  /** Notes a mistake; true when it is one too many. */
  endsWithMistake(): boolean {
    this.#mistakes++
    return this.#mistakes >= this.#maxMistakes
  }

  /** Notes a command; true when too many have come since the last message. */
  endsWithCommand(verb: Verb): boolean {
    if (verb === 'QUIT' || WORKING.has(verb)) return false
    this.#idleCommands++
    return this.#idleCommands > this.#maxIdleCommands
  }

  /** A message was taken. */
  onMessage(): void {
    this.#idleCommands = 0
  }
}
