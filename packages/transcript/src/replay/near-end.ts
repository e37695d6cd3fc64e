/** The end of a replayed connection that a client is given. */

import type { Connection, ConnectionInfo, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import type { TranscriptSession } from '../session.ts'

/** A connection to a server that is played: what is known of it is what the transcript tells. */
export class NearEnd implements Connection {
  readonly #carrier: Connection
  readonly #session: TranscriptSession
  /** Why it ended, where the client is to be told. */
  failure: unknown

  constructor(carrier: Connection, session: TranscriptSession) {
    this.#carrier = carrier
    this.#session = session
  }

  get info(): ConnectionInfo {
    const { server, tls } = this.#session
    const { address, port = 0 } = server
    const isUp = tls.state === 'implicit' || this.#carrier.info.tls !== undefined
    return { via: 'memory', ...(address && { remote: { address, port } }), ...(isUp && { tls: this.#tls }) }
  }

  get #tls(): TlsInfo {
    const { version = 'unknown', cipher = 'unknown' } = this.#session.tls
    return { verifiedBy: 'local', ...this.#carrier.info.tls, protocol: version, cipher }
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#carrier.read().catch((error: unknown) => this.#fail(error))
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#carrier.write(chunk).catch((error: unknown) => this.#fail(error))
  }

  async startTls(options: StartTlsOptions): Promise<TlsInfo> {
    await this.#carrier.startTls(options).catch((error: unknown) => this.#fail(error))
    return this.#tls
  }

  close(): Promise<void> {
    return this.#carrier.close()
  }

  abort(reason?: unknown): void {
    this.#carrier.abort(reason)
  }

  #fail(error: unknown): never {
    throw this.failure ?? error
  }
}
