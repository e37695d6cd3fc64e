/** One authentication of a server, bounded in its steps: RFC 4954 section 4. */

import type { ServerMechanism, ServerStep } from '@posthorn/sasl'

// HAZARD: a mechanism that never comes to an end would hold the session for ever.
const MAX_STEPS = 10

/**
 * One exchange.
 *
 * @internal
 */
export class ServerExchange {
  readonly #mechanism: ServerMechanism | undefined
  #steps = 0

  constructor(mechanism: ServerMechanism | undefined) {
    this.#mechanism = mechanism
  }

  /** Takes the next response. */
  async next(response: Uint8Array | undefined): Promise<ServerStep> {
    this.#steps++
    if (!this.#mechanism || this.#steps > MAX_STEPS) return { type: 'failure' }
    return this.#mechanism.next(response)
  }
}
