/** A Posthorn `Connection` through a bridge, whoever raises TLS: the bridge, or this end by an implementation of its own. */

import type { Connection, ConnectionInfo, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import { bridgeFault } from '../protocol/bridge-error.ts'
import type { BridgeTls } from '../protocol/control-frame.ts'
import type { FrameChannel } from './frame-channel.ts'

/** Octets both ways, as an implementation of TLS takes and gives them. */
export interface OctetChannel {
  /** Reads what comes next; `undefined`: the other end has closed. */
  read(): Promise<Uint8Array | undefined>
  /** Writes; resolves when the next write may be made. */
  write(chunk: Uint8Array): Promise<void>
}

/** What an implementation of TLS gives once the handshake is done and the certificate verified. */
export interface SecuredChannel extends OctetChannel {
  /** What was agreed. */
  readonly tls: Omit<TlsInfo, 'verifiedBy' | 'serverName'>
  /** Tells the other end that nothing more will come; not called when the connection is aborted. */
  close(): Promise<void>
}

/**
 * Raises TLS over octets that a bridge carries, so that the bridge sees ciphertext alone.
 *
 * @param channel What to raise it over; nothing of it is read before.
 * @param options The name that the certificate must prove and that SNI carries.
 * @returns The octets within, once chain and name are verified; it rejects otherwise.
 */
export type RaiseTls = (channel: OctetChannel, options: { readonly serverName: string }) => Promise<SecuredChannel>

/** How a connection stands to TLS. */
export interface BridgeTrust {
  /** The name that certificates must prove. */
  readonly host: string
  /** Whether others can listen between this end and the bridge. */
  readonly isOverheard: boolean
  /** Raises TLS at this end; absent: the bridge does it. */
  readonly raiseTls: RaiseTls | undefined
}

/**
 * A connection through a bridge.
 *
 * @internal
 */
export class BridgeConnection implements Connection {
  readonly #channel: FrameChannel
  readonly #trust: BridgeTrust
  #secured: SecuredChannel | undefined
  #tls: TlsInfo | undefined

  constructor(channel: FrameChannel, trust: BridgeTrust) {
    this.#channel = channel
    this.#trust = trust
    if (channel.link.tls) this.#tls = this.#describe(channel.link.tls)
  }

  get info(): ConnectionInfo {
    const { remote } = this.#channel.link
    return { via: 'bridge', ...(remote && { remote }), ...(this.#tls && { tls: this.#tls }) }
  }

  read(): Promise<Uint8Array | undefined> {
    return (this.#secured ?? this.#channel).read()
  }

  write(chunk: Uint8Array): Promise<void> {
    return (this.#secured ?? this.#channel).write(chunk)
  }

  async startTls({ serverName = this.#trust.host, checkCertificate }: StartTlsOptions): Promise<TlsInfo> {
    // The ticket and the policy of the bridge were for this host, and so must the certificate be.
    if (serverName.toLowerCase() !== this.#trust.host) {
      throw bridgeFault('BRIDGE_BAD_OPTION', 'the certificate must be for the host that was opened')
    }
    if (checkCertificate) throw bridgeFault('BRIDGE_BAD_OPTION', 'a bridge does not show the certificate')
    if (this.#tls) throw bridgeFault('BRIDGE_OUT_OF_TURN', 'TLS is up')
    const { raiseTls } = this.#trust
    this.#tls = raiseTls ? await this.#raise(raiseTls) : this.#describe(await this.#channel.startTls(serverName))
    return this.#tls
  }

  async end(): Promise<void> {
    await this.#secured?.close()
    this.#channel.end()
  }

  async close(): Promise<void> {
    if (!this.#channel.link.failure) await this.#secured?.close().catch(() => undefined)
    await this.#channel.close()
  }

  abort(reason?: unknown): void {
    this.#channel.abort(bridgeFault('BRIDGE_ABORTED', 'the caller gave up', reason))
  }

  async #raise(raiseTls: RaiseTls): Promise<TlsInfo> {
    const serverName = this.#trust.host
    this.#channel.refuseWhileReading()
    // HAZARD: octets that came before the handshake are not protected by it (RFC 3207 section 4.2).
    if (this.#channel.link.isExpecting) {
      throw bridgeFault('BRIDGE_TLS_INJECTION', 'octets that came before TLS wait, or are asked for')
    }
    this.#secured = await raiseTls(this.#channel, { serverName })
    return { ...this.#secured.tls, verifiedBy: 'local', serverName }
  }

  #describe({ servername, ...tls }: BridgeTls): TlsInfo {
    return { ...tls, serverName: servername, verifiedBy: this.#trust.isOverheard ? 'nobody' : 'bridge' }
  }
}
