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
  /** The name the certificate was checked against; at a server the one that the client asked for. */
  readonly serverName?: string
  /** The certificate of the other end; absent where the carrier cannot tell, and for a client that has shown none. */
  readonly peer?: PeerCertificate
  /** The certificates that it rests on, the nearest first; absent where the carrier cannot tell. */
  readonly issuers?: readonly PeerCertificate[]
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
  readonly via: 'tcp' | 'unix' | 'bridge' | 'memory'
  /** The address of this end, where there is one. */
  readonly local?: Endpoint
  /** The address of the other end, where there is one; behind a trusted proxy that of the client. */
  readonly remote?: Endpoint
  /** The proxy that opened the connection in the name of the other end. */
  readonly proxy?: Endpoint
  /** The TLS in force; absent without. */
  readonly tls?: TlsInfo
}

/** What a server shows in a handshake, for a {@link CertificateCheck}. */
export interface PresentedCertificates {
  /** The certificates in DER, that of the server first. */
  readonly chain: readonly Uint8Array[]
  /** Why the chain does not lead to a root that the carrier trusts, names left aside; absent when it does. */
  readonly untrusted?: 'expired' | 'not-trusted'
  /** Tells whether the certificate of the server proves a name (RFC 9525). */
  proves(name: string): boolean
  /** Tells whether the chain leads, by signatures and dates, from the server's certificate to the one at a place in it. */
  leadsTo(index: number): boolean
}

/**
 * Decides on the certificates of a server in place of the carrier: `verified` when they are who they should be,
 * `unverified` when they are taken all the same. The handshake fails with what it throws.
 */
export type CertificateCheck = (
  presented: PresentedCertificates,
) => 'verified' | 'unverified' | Promise<'verified' | 'unverified'>

/** How to raise TLS. */
export interface StartTlsOptions {
  /** The name that the certificate must prove and that SNI carries; a server does not need it. */
  readonly serverName?: string
  /**
   * Who decides on the certificate; default: the carrier, which wants a chain to a root that it trusts and the name. A
   * carrier that cannot show what the server presents refuses.
   */
  readonly checkCertificate?: CertificateCheck
}

/** Where to connect to, as every `connect` takes it. */
export interface ConnectRequest {
  /** The host, as a name or an address. */
  readonly host: string
  /** The port. */
  readonly port: number
  /** The path of a Unix socket, which is connected to in place of the port; the host is then but a name. */
  readonly path?: string
  /** The addresses of the host, the one to prefer first, where they are known already. */
  readonly addresses?: readonly string[]
  /** Whether TLS begins at once; default `false`. */
  readonly implicitTls?: boolean
  /** The name that the certificate must prove and that SNI carries; default: the host. */
  readonly serverName?: string
  /** Who decides on the certificate when TLS begins at once; default: the carrier. */
  readonly checkCertificate?: CertificateCheck
  /** How long to wait for the connection, TLS at once included, in milliseconds; default: as the carrier has it. */
  readonly timeout?: number
  /** Ends the attempt when it fires. */
  readonly signal?: AbortSignal
}

/** Opens a connection: the one function that the mailer needs of a platform. */
export type Connect = (request: ConnectRequest) => Promise<Connection>

/** An open connection, owned by one session. */
export interface Connection {
  /** What is known of it; changes when TLS is raised. */
  readonly info: ConnectionInfo
  /** Reads what comes next; at most one call may be outstanding. `undefined`: the other end has closed. */
  read(): Promise<Uint8Array | undefined>
  /** Writes octets, which it neither changes nor transfers; resolves when the next write may be made. */
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
