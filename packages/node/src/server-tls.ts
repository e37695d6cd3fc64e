/**
 * The server's side of TLS: RFC 3207 and RFC 8314, certificates chosen by the name that a client asks for (RFC 6066 section
 * 3), and certificates of clients. Out of scope: who a client with a certificate is; the handlers of a server decide that.
 */

import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { MailError } from '@posthorn/core'
import type { TlsInfo } from '@posthorn/smtp'
import { describeCertificate } from './certificate.ts'
import { channelBindingsOf } from './channel-binding.ts'
import type { NodeErrorCode } from './error.ts'
import type { Upgrade } from './socket-connection.ts'
import { handshake } from './tls.ts'

/** What a server proves itself with under one name. */
export interface ServerCertificate {
  /** The private key, in PEM; a list where there are certificates of several kinds, as RSA and ECDSA. */
  readonly key: string | readonly string[]
  /** The certificate with its chain, in PEM; a list where there are several kinds. */
  readonly cert: string | readonly string[]
  /** The authorities of clients to trust, in PEM; default: those of Node. */
  readonly ca?: string | readonly string[]
  /** The oldest version of TLS; default 1.2, as RFC 8997 asks. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
}

/** What a server proves itself with, and what it asks of clients. */
export interface ServerTlsOptions extends ServerCertificate {
  /**
   * Gives the certificate for a name that a client asks for; `undefined`: the one above. It is asked once for each name,
   * until `setTls`, and the last 1,000 names are kept.
   */
  readonly certificateFor?: (
    serverName: string,
  ) => ServerCertificate | undefined | Promise<ServerCertificate | undefined>
  /**
   * Asks clients for a certificate; default `false`. One that `ca` vouches for makes `verifiedBy` `local`; no client is
   * turned away for having none, or another.
   */
  readonly requestCert?: boolean
  /** The protocols to agree on by ALPN; default none, so that it is left out. */
  readonly alpn?: readonly string[]
}

const MAX_NAMES = 1000

/**
 * What a server proves itself with, which may be replaced.
 *
 * @internal
 */
export class ServerTls {
  #options: ServerTlsOptions
  #context: SecureContext
  readonly #byName = new Map<string, Promise<SecureContext | undefined>>()

  constructor(options: ServerTlsOptions) {
    this.#options = options
    this.#context = contextOf(options)
  }

  /** Takes other certificates for the handshakes that begin from now on. */
  replace(options: ServerTlsOptions): void {
    this.#context = contextOf(options)
    this.#options = options
    this.#byName.clear()
  }

  /** The server's side of the handshake. */
  readonly upgrade: Upgrade = async (plain) => {
    const { requestCert = false, alpn, certificateFor } = this.#options
    const socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: this.#context,
      requestCert,
      rejectUnauthorized: false,
      ...(alpn && { ALPNProtocols: [...alpn] }),
      ...(certificateFor && {
        SNICallback: (name, done) => {
          this.#contextFor(name.toLowerCase(), certificateFor).then(
            (context) => done(null, context),
            (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
          )
        },
      }),
    })
    await handshake(socket, 'secure')
    return { socket, info: describe(socket) }
  }

  #contextFor(
    name: string,
    certificateFor: NonNullable<ServerTlsOptions['certificateFor']>,
  ): Promise<SecureContext | undefined> {
    const kept = this.#byName.get(name)
    const context = kept ?? load(name, certificateFor)
    this.#byName.delete(name)
    this.#byName.set(name, context)
    // HAZARD: names that nobody has must not push out those that are served.
    const forget = (): void => {
      if (this.#byName.get(name) === context) this.#byName.delete(name)
    }
    if (!kept) context.then((found) => !found && forget(), forget)
    for (const [oldest] of this.#byName) {
      if (this.#byName.size <= MAX_NAMES) break
      this.#byName.delete(oldest)
    }
    return context
  }
}

async function load(
  name: string,
  certificateFor: NonNullable<ServerTlsOptions['certificateFor']>,
): Promise<SecureContext | undefined> {
  const certificate = await certificateFor(name)
  return certificate && contextOf(certificate)
}

function contextOf({ key, cert, ca, minVersion = 'TLSv1.2' }: ServerCertificate): SecureContext {
  try {
    return createSecureContext({
      key: [key].flat(),
      cert: [cert].flat(),
      ...(ca !== undefined && { ca: [ca].flat() }),
      minVersion,
      // Without it a client with a certificate could not resume its session.
      sessionIdContext: 'posthorn',
    })
  } catch (cause) {
    const { message } = cause as Error
    throw new MailError<NodeErrorCode>('NODE_TLS_FAILED', `Cannot use certificate: ${message}`, { cause })
  }
}

function describe(socket: TLSSocket): TlsInfo {
  const peer = socket.getPeerX509Certificate()
  const { servername } = socket as { servername?: string | false | null }
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    verifiedBy: peer && isVouchedFor(socket) ? 'local' : 'nobody',
    channelBindings: channelBindingsOf(socket, true, socket.getX509Certificate()),
    ...(servername && { serverName: servername }),
    ...(peer && { peer: describeCertificate(peer) }),
  }
}

// QUIRK: Node sets `authorized` for the sockets of its own TLS server alone; this is what it sets it by.
function isVouchedFor(socket: TLSSocket): boolean {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { verifyError?(): Error | null } }
  return handle?.verifyError !== undefined && handle.verifyError() === null
}

/**
 * The server's side of the handshake where there is no certificate.
 *
 * @internal
 */
export const noUpgrade: Upgrade = async () => {
  throw new MailError<NodeErrorCode>('NODE_TLS_FAILED', 'Cannot raise TLS: this end has no certificate', {
    spec: 'rfc3207#section-4.1',
  })
}
