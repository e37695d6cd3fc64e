/** The planning of messages before anything of them is sent: whether this server, over this connection, can have them. */

import type { MailError } from '@posthorn/core'
import type { Channel } from './channel.ts'
import type { OutgoingMessage } from './client-options.ts'
import { asMailError } from './driver.ts'
import { fault } from './error.ts'
import { Sending, type SendOptions } from './sending.ts'

/** A message, with options that may hold a signal. */
interface Planned extends Omit<OutgoingMessage, 'options'> {
  readonly options?: SendOptions
}

/**
 * Plans messages for one client.
 *
 * @internal
 */
export class Planner {
  readonly #channel: Channel
  readonly #isVerified: () => boolean

  constructor(channel: Channel, isVerified: () => boolean) {
    this.#channel = channel
    this.#isVerified = isVerified
  }

  /** Plans one message; throws when it cannot be sent. */
  plan({ envelope, message, options = {} }: Planned): Sending {
    // RFC 8689 section 4.1: the promise must be kept on this hop too.
    if (envelope.parameters?.requireTls && !this.#isVerified()) {
      throw fault('SMTP_NEEDS_VERIFIED_TLS', 'REQUIRETLS needs TLS with a verified certificate')
    }
    return new Sending(envelope, message, this.#channel.session.capabilities, options)
  }

  /** Plans messages as they come; one that cannot be sent comes as its error. */
  async *planAll(
    messages: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
  ): AsyncGenerator<Sending | MailError> {
    // What is ready must not wait for a message that may be long in coming.
    const waits = Symbol.asyncIterator in messages
    for await (const message of messages) {
      yield this.#tryToPlan(message)
      if (waits && this.#channel.session.state !== 'closed') await this.#channel.flush()
    }
  }

  #tryToPlan(message: OutgoingMessage): Sending | MailError {
    try {
      return this.plan(message)
    } catch (error) {
      return asMailError(error)
    }
  }
}
