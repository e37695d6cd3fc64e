/** What a server holds true of the connection and of who is at its other end: RFC 3207 section 4.2, RFC 4954 section 4. */

import type { ClientAttribute } from '@posthorn/command'
import type { OfferState } from './offer.ts'

/**
 * Whether TLS is in force, and whether the client has authenticated, or speaks for another by XCLIENT.
 *
 * @internal
 */
export class ServerTrust implements OfferState {
  #secured: boolean
  #channelBinding: boolean
  #authenticated = false
  #proxied = false

  constructor(secured: boolean, channelBinding: boolean) {
    this.#secured = secured
    this.#channelBinding = channelBinding
  }

  get secured(): boolean {
    return this.#secured
  }

  /** Whether TLS has a channel binding. */
  get channelBinding(): boolean {
    return this.#channelBinding
  }

  get authenticated(): boolean {
    return this.#authenticated
  }

  /** Whether XCLIENT has told of another client, who is not trusted. */
  get proxied(): boolean {
    return this.#proxied
  }

  onTls(channelBinding: boolean): void {
    this.#secured = true
    this.#channelBinding = channelBinding
    this.#authenticated = false
  }

  onAuthenticated(): void {
    this.#authenticated = true
  }

  /** The session is another client's now, whose login the proxy may tell. */
  onXclient(attributes: readonly ClientAttribute[]): void {
    this.#proxied = true
    this.#authenticated = attributes.some(({ name, value }) => name === 'LOGIN' && value !== null)
  }
}
