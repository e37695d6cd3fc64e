/** What a client has learnt of the server, and when it forgets it: RFC 5321 section 4.1.4, RFC 3207 section 4.2. */

import { type Capabilities, type Command, commandLineLimit, parseCapabilities, type Verb } from '@posthorn/command'
import type { Reply } from '@posthorn/reply'

const NOTHING_OFFERED = parseCapabilities([])

/**
 * What a client has learnt of the server.
 *
 * @internal
 */
export class Learnt {
  #capabilities: Capabilities = NOTHING_OFFERED
  readonly #limits = new Map<Verb, number>()
  #authenticated = false

  get capabilities(): Capabilities {
    return this.#capabilities
  }

  get authenticated(): boolean {
    return this.#authenticated
  }

  /** A command succeeded. */
  onSuccess({ verb }: Command, reply: Reply): void {
    if (verb === 'EHLO' || verb === 'LHLO') this.#offer(parseCapabilities(reply.lines))
    if (verb === 'HELO') this.#offer(NOTHING_OFFERED)
    if (verb === 'XCLIENT') this.forget()
  }

  onAuthentication(succeeded: boolean): void {
    this.#authenticated = succeeded
  }

  /** Everything is to be learnt anew. */
  forget(): void {
    this.#authenticated = false
    this.#offer(NOTHING_OFFERED)
  }

  /** How long the line of a command may be; a parameter without a type may be of an extension that allows any length. */
  limitFor(command: Command): { readonly maxLength?: number } {
    const { verb } = command
    if (verb === 'OTHER' || ('parameters' in command && command.parameters?.others)) return {}
    let maxLength = this.#limits.get(verb)
    if (maxLength === undefined) {
      const keywords = this.#capabilities.list.map(({ keyword }) => keyword)
      maxLength = commandLineLimit(verb, keywords)
      this.#limits.set(verb, maxLength)
    }
    return { maxLength }
  }

  #offer(capabilities: Capabilities): void {
    this.#capabilities = capabilities
    this.#limits.clear()
  }
}
