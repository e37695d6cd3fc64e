/**
 * TLS that this end raises, so that the bridge carries ciphertext alone: any implementation that takes and gives octets,
 * and does no I/O itself, as `raiseTls` of `connectBridge`. README.md says what it must refuse before it may be trusted.
 *
 *   connectBridge({ …, raiseTls: raiseTlsWith(({ serverName }) => new YourTls({ serverName, roots })) })
 */

import type { OctetChannel, RaiseTls, SecuredChannel } from '@posthorn/bridge'

/** A client of TLS without I/O, as implementations in WebAssembly and in JavaScript are, by whichever names. */
export interface TlsEngine {
  /** Where it stands; `closed` once the other end has said in TLS that it sends no more. */
  readonly state: 'handshake' | 'open' | 'closed'
  /** What was agreed; there once it is open. */
  readonly agreed: { readonly protocol: string; readonly cipher: string } | undefined
  /** Takes ciphertext; rejects when the handshake, the chain, the name or a record is not good. */
  push(ciphertext: Uint8Array): void | Promise<void>
  /** Takes plaintext, to be encrypted. */
  send(plaintext: Uint8Array): void | Promise<void>
  /** Has the other end told that no more will come. */
  close(): void | Promise<void>
  /** Gives the ciphertext that is to go out; empty: none. The first call gives the ClientHello. */
  takeCiphertext(): Uint8Array
  /** Gives the plaintext that has come; empty: none. */
  takePlaintext(): Uint8Array
}

/** Makes an engine, which must verify the certificate for `serverName`. */
export type MakeEngine = (options: { readonly serverName: string }) => TlsEngine

/** Makes a `raiseTls` of an implementation. */
export function raiseTlsWith(makeEngine: MakeEngine): RaiseTls {
  return async (channel, options) => {
    const engine = makeEngine(options)
    const secured = new EngineChannel(channel, engine)
    const agreed = await secured.shakeHands()
    return Object.assign(secured, { tls: agreed })
  }
}

class EngineChannel implements Omit<SecuredChannel, 'tls'> {
  readonly #channel: OctetChannel
  readonly #engine: TlsEngine
  // A read may have to send, as for a key update, while a write is under way; what goes out keeps its order.
  #sending: Promise<void> = Promise.resolve()

  constructor(channel: OctetChannel, engine: TlsEngine) {
    this.#channel = channel
    this.#engine = engine
  }

  async shakeHands(): Promise<NonNullable<TlsEngine['agreed']>> {
    await this.#flush()
    while (this.#engine.state === 'handshake') {
      if (!(await this.#pull())) throw new Error('The server ended the handshake')
    }
    if (!this.#engine.agreed) throw new Error('The handshake has no result')
    return this.#engine.agreed
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const plaintext = this.#engine.takePlaintext()
      if (plaintext.length > 0) return plaintext
      if (this.#engine.state === 'closed') return undefined
      // An end that TLS does not vouch for may have been cut off by anybody.
      if (!(await this.#pull())) throw new Error('The connection was cut off')
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#engine.send(chunk)
    await this.#flush()
  }

  async close(): Promise<void> {
    await this.#engine.close()
    await this.#flush()
  }

  // Has the engine take what comes next; `false`: nothing comes any more.
  async #pull(): Promise<boolean> {
    const ciphertext = await this.#channel.read()
    if (!ciphertext) return false
    await this.#engine.push(ciphertext)
    await this.#flush()
    return true
  }

  #flush(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      const ciphertext = this.#engine.takeCiphertext()
      if (ciphertext.length > 0) await this.#channel.write(ciphertext)
    })
    return this.#sending
  }
}
