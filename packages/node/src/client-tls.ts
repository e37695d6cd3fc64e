/**
 * The client's side of TLS: RFC 3207 and RFC 8314; RFC 9525 for who the server is. Certificates are checked by Node, or by
 * whoever the caller names. Out of scope: sessions that are resumed, as they do not show all certificates again, and what
 * is bound to them is another connection's too.
 */

import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { clip, untilAborted } from '@posthorn/core'
import type { CertificateCheck, StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import { certificatesOf, describeCertificate, present } from './certificate.ts'
import { channelBindingsOf } from './channel-binding.ts'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { CertificateError } from './error.ts'
import { secureContextOf } from './secure-context.ts'
import type { Upgrade } from './socket-connection.ts'
import { handshake } from './tls.ts'

/**
 * Gives the client's side of the handshake.
 *
 * @internal
 */
export function clientUpgrade(host: string, options: ClientTlsOptions): Upgrade {
  return async (plain, { serverName = options.serverName ?? host, checkCertificate }: StartTlsOptions) => {
    // RFC 6066 section 3: a name without its last dot.
    const name = serverName.replace(/\.$/, '')
    const socket = begin(plain, name, options)
    try {
      await handshake(socket, 'secureConnect')
      const shown: Shown = { socket, name, certificates: certificatesOf(socket), code: refusalOf(socket) }
      const verified = checkCertificate ? await decide(checkCertificate, shown) : judge(shown, options)
      return { socket, info: { ...infoOf(shown), verifiedBy: verified ? 'local' : 'nobody', serverName } }
    } catch (cause) {
      socket.destroy()
      plain.destroy()
      throw cause
    }
  }
}

/** What is known after the handshake. */
interface Shown {
  readonly socket: TLSSocket
  readonly name: string
  readonly certificates: readonly X509Certificate[]
  /** What Node found wrong with the chain or else with the name, by its code. */
  readonly code: string | undefined
}

function begin(plain: Socket, name: string, options: ClientTlsOptions): TLSSocket {
  const socket = tlsConnect({
    socket: plain,
    host: name,
    // RFC 6066 section 3: SNI carries names, never addresses.
    ...(isIP(name) === 0 && { servername: name }),
    ...(options.alpn && { ALPNProtocols: [...options.alpn] }),
    secureContext: secureContextOf(options),
    // HAZARD: whoever refuses a certificate here also loses it; `judge` refuses it before anything is sent or read.
    rejectUnauthorized: false,
  })
  socket.on('error', () => undefined)
  return socket
}

const WRONG_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID'

function refusalOf({ authorized, authorizationError }: TLSSocket): string | undefined {
  if (authorized) return undefined
  const reason: unknown = (authorizationError as { code?: unknown } | undefined)?.code ?? authorizationError
  return typeof reason === 'string' && reason ? reason : 'UNSPECIFIED'
}

function judge({ name, certificates, code }: Shown, { unsafeSkipVerification = false }: ClientTlsOptions): boolean {
  if (code === undefined || unsafeSkipVerification) return code === undefined
  const named = certificates[0] ? describeCertificate(certificates[0]).names : []
  const why =
    code === WRONG_NAME
      ? `the certificate does not name ${clip(name)} but ${clip(named.join(', ') || 'nobody')}`
      : `the certificate is not trusted (${code})`
  throw refused(why, Object.assign(new Error(why), { code }), certificates)
}

async function decide(check: CertificateCheck, { socket, certificates, code }: Shown): Promise<boolean> {
  // Node looks at the name after it has found the chain good.
  const chainError = code === WRONG_NAME ? undefined : code
  const gone = new AbortController()
  const onClose = (): void => gone.abort(new Error('the connection closed meanwhile'))
  socket.once('close', onClose)
  try {
    if (socket.destroyed) onClose()
    const deciding = (async () => check(present(certificates, { chainError, now: Date.now() })))()
    return (await untilAborted(deciding, gone.signal)) === 'verified'
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : 'the certificate is refused', cause, certificates)
  } finally {
    socket.off('close', onClose)
  }
}

function infoOf({ socket, certificates }: Shown): Omit<TlsInfo, 'verifiedBy' | 'serverName'> {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    channelBindings: channelBindingsOf(socket, false, certificates[0]),
    ...described(certificates),
  }
}

function described(certificates: readonly X509Certificate[]): Pick<TlsInfo, 'peer' | 'issuers'> {
  const [peer, ...issuers] = certificates.map(describeCertificate)
  return peer ? { peer, issuers } : {}
}

function refused(why: string, cause: unknown, certificates: readonly X509Certificate[]): CertificateError {
  return new CertificateError(`Cannot raise TLS: ${why}`, { cause, ...described(certificates) })
}
