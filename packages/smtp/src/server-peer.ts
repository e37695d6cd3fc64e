/** What a server knows of the other end, as it learns and forgets it. */

import type { ClientAttribute } from '@posthorn/command'
import type { SaslIdentity } from '@posthorn/sasl'
import type { Connection, Endpoint } from './connection.ts'
import type { Peer } from './handler.ts'

/**
 * The other end of one session.
 *
 * @internal
 */
export class ServerPeer {
  readonly #connection: Connection
  #client: Endpoint | undefined
  #attributes: readonly ClientAttribute[] | undefined
  #forwarded: readonly ClientAttribute[] | undefined
  #domain: string | undefined
  #identity: SaslIdentity | undefined
  // As it was last told, with the connection as it was then.
  #told: Peer | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** What is known now. */
  get known(): Peer {
    const told = this.#told
    if (told && told.connection === this.#connection.info) return told
    this.#told = this.#tell()
    return this.#told
  }

  #tell(): Peer {
    return {
      connection: this.#connection.info,
      ...(this.#client && { client: this.#client }),
      ...(this.#attributes && { clientAttributes: this.#attributes }),
      ...(this.#forwarded && { forwarded: this.#forwarded }),
      ...(this.#domain !== undefined && { domain: this.#domain }),
      ...(this.#identity && { identity: this.#identity }),
    }
  }

  onProxyHeader(client: Endpoint | undefined): void {
    this.#told = undefined
    this.#client = client
  }

  onHello(domain: string): void {
    this.#told = undefined
    this.#domain = domain
  }

  onAuthenticated(identity: SaslIdentity): void {
    this.#told = undefined
    this.#identity = identity
  }

  /** XCLIENT makes the session one of another client, of which nothing but this is known. */
  onXclient(attributes: readonly ClientAttribute[]): void {
    this.#told = undefined
    const value = (name: string): string | undefined =>
      attributes.find((attribute) => attribute.name === name)?.value ?? undefined
    const [address, login] = [value('ADDR'), value('LOGIN')]
    this.#attributes = attributes
    this.#client = address === undefined ? this.#client : { address, port: Number(value('PORT') ?? 0) }
    this.#domain = value('HELO')
    this.#identity = login === undefined ? undefined : { authenticationId: login }
  }

  onXforward(attributes: readonly ClientAttribute[]): void {
    this.#told = undefined
    const names = new Set(attributes.map(({ name }) => name))
    // A command may bring a part of the attributes; later ones replace those of the same name.
    this.#forwarded = [...(this.#forwarded ?? []).filter(({ name }) => !names.has(name)), ...attributes]
  }

  /** RFC 3207 section 4.2: what the client said before the handshake is forgotten. */
  onTls(): void {
    this.#told = undefined
    this.#domain = undefined
    this.#identity = undefined
    this.#forwarded = undefined
  }
}
