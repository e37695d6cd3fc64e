/** TLS for both ends: certificates checked by Node, TLS 1.2 at least, evidence reported. RFC 3207, RFC 8314. */

import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { MailError } from '@posthorn/core'
import type { PeerCertificate, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import { channelBindingsOf } from './channel-binding.ts'
import type { NodeErrorCode } from './error.ts'
import type { Secured, Upgrade } from './socket-connection.ts'

/** How a client checks the server. */
export interface ClientTlsOptions {
  /** The name that the certificate must prove; default: the host. A name given when TLS is raised goes before it. */
  readonly serverName?: string
  /** The certificate authorities to trust, in PEM; default: those of the system. */
  readonly ca?: string | readonly string[]
  /** Takes any certificate, so that anybody on the way can be the server; default `false`. */
  readonly unsafeSkipVerification?: boolean
}

const MIN_VERSION = 'TLSv1.2'

/**
 * Gives the client's side of the handshake.
 *
 * @internal
 */
export function clientUpgrade(host: string, options: ClientTlsOptions): Upgrade {
  return async (plain, { serverName = options.serverName ?? host }: StartTlsOptions) => {
    const socket = tlsConnect({
      socket: plain,
      host: serverName,
      // RFC 6066 section 3: SNI carries names, never addresses.
      ...(isIP(serverName) === 0 && { servername: serverName }),
      ...(options.ca !== undefined && { ca: [options.ca].flat() }),
      rejectUnauthorized: options.unsafeSkipVerification !== true,
      minVersion: MIN_VERSION,
    })
    await handshake(socket, 'secureConnect')
    const verifiedBy = socket.authorized ? 'local' : 'nobody'
    return { socket, info: { ...describe(socket), verifiedBy, serverName } }
  }
}

/**
 * Resolves when a handshake is done.
 *
 * @internal
 */
export function handshake(socket: TLSSocket, success: 'secure' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: Error): void => {
      socket.destroy()
      reject(fault(cause?.message ?? 'the other end closed the connection', cause))
    }
    const onClose = (): void => fail()
    // A socket that may be half open does not close by itself when the other end has gone. The code is the one of Node.
    const onEnd = (): void => fail(Object.assign(new Error('the other end closed it'), { code: 'ECONNRESET' }))
    socket.once('error', fail)
    socket.once('close', onClose)
    socket.once('end', onEnd)
    socket.once(success, () => {
      socket.off('error', fail)
      socket.off('close', onClose)
      socket.off('end', onEnd)
      resolve()
    })
  })
}

function describe(socket: TLSSocket): Omit<TlsInfo, 'verifiedBy' | 'serverName'> {
  // QUIRK: Node gives the certificate of the other end once; what it gives then is the next of the chain.
  const certificate = socket.getPeerX509Certificate()
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    channelBindings: channelBindingsOf(socket, false, certificate),
    ...(certificate && { peer: describePeer(certificate) }),
  }
}

/**
 * Tells what a certificate says.
 *
 * @internal
 */
export function describePeer({
  subjectAltName = '',
  issuer,
  validTo,
  fingerprint256,
}: X509Certificate): PeerCertificate {
  return {
    // A name that has a comma comes in quotes, and is no host name.
    names: [...subjectAltName.matchAll(/(?:^|, )DNS:([^",]+)(?=,|$)/g)].map(([, name]) => name!),
    issuer: issuer.replaceAll('\n', ', '),
    notAfter: new Date(validTo).toISOString(),
    sha256: fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

function fault(why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError('NODE_TLS_FAILED', `Cannot raise TLS: ${why}`, { cause, spec: 'rfc3207#section-4.1' })
}

/**
 * Upgrades a socket at once, as implicit TLS does (RFC 8314 section 3.3).
 *
 * @internal
 */
export async function upgradeAtOnce(socket: Socket, upgrade: Upgrade): Promise<Secured> {
  socket.on('error', () => undefined)
  return upgrade(socket, {})
}
