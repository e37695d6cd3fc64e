/**
 * The one interface between Posthorn and whatever carries its octets. Pull-based, one owner, no events:
 * nothing is read before it is asked for, so that no read is pending when TLS is raised and memory stays bounded.
 */

import type { ChannelBinding } from '@posthorn/sasl'

/** What the certificate of the other end says. */
export interface PeerCertificate {
  /** The DNS names that it proves. */
  readonly names: readonly string[]
  /** Who issued it, by a distinguished name. */
  readonly issuer: string
  /** Until when it is good, as an RFC 3339 time. */
  readonly notAfter: string
  /** The SHA-256 of it, in lower-case hexadecimal. */
  readonly sha256: string
}

/** Evidence of a TLS handshake. */
export interface TlsInfo {
  /** The protocol version, as `TLSv1.3`; `unknown` where the carrier cannot tell. */
  readonly protocol: string
  /** The cipher suite, by its registered name; `unknown` where the carrier cannot tell. */
  readonly cipher: string
  /** Who verified the certificate: this end, a bridge on its behalf, or nobody. */
  readonly verifiedBy: 'local' | 'bridge' | 'nobody'
  /** The name the certificate was checked against. */
  readonly serverName?: string
  /** The certificate of the server; absent where the carrier cannot tell, and at a server. */
  readonly peer?: PeerCertificate
  /** What an authentication can be bound to this connection by; absent where the carrier cannot tell. */
  readonly channelBindings?: readonly ChannelBinding[]
}

/** An address of one end. */
export interface Endpoint {
  /** An IP address. */
  readonly address: string
  /** A port. */
  readonly port: number
}

/** What is known of a connection. */
export interface ConnectionInfo {
  /** What carries it. */
  readonly via: 'tcp' | 'bridge' | 'memory'
  /** The address of this end, where there is one. */
  readonly local?: Endpoint
  /** The address of the other end, where there is one. */
  readonly remote?: Endpoint
  /** The TLS in force; absent without. */
  readonly tls?: TlsInfo
}

/** How to raise TLS. */
export interface StartTlsOptions {
  /** The name that the certificate must prove and that SNI carries; a server does not need it. */
  readonly serverName?: string
}

/** An open connection, owned by one session. */
export interface Connection {
  /** What is known of it; changes when TLS is raised. */
  readonly info: ConnectionInfo
  /** Reads what comes next; at most one call may be outstanding. `undefined`: the other end has closed. */
  read(): Promise<Uint8Array | undefined>
  /** Writes; resolves when the next write may be made. */
  write(chunk: Uint8Array): Promise<void>
  /** Raises TLS; refuses while a read is outstanding or octets are buffered. */
  startTls(options: StartTlsOptions): Promise<TlsInfo>
  /** Ends this direction alone: what the other end says can still be read. Absent where the carrier cannot. */
  end?(): Promise<void>
  /** Closes in good order, within a deadline of its own. */
  close(): Promise<void>
  /** Ends at once: outstanding reads and writes reject. */
  abort(reason?: unknown): void
}
