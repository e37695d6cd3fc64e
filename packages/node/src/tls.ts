/** The server's side of TLS, and what both sides share: TLS 1.2 at least, evidence reported. RFC 3207, RFC 8314. */

import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { MailError } from '@posthorn/core'
import type { StartTlsOptions, TlsInfo } from '@posthorn/smtp'
import { channelBindingsOf } from './channel-binding.ts'
import type { NodeErrorCode } from './error.ts'
import type { Secured, Upgrade } from './socket-connection.ts'

/** What a server proves itself with. */
export interface ServerTlsOptions {
  /** The private key, in PEM. */
  readonly key: string
  /** The certificate with its chain, in PEM. */
  readonly cert: string
}

const MIN_VERSION = 'TLSv1.2'

/**
 * Gives the server's side of the handshake.
 *
 * @internal
 */
export function serverUpgrade(options: ServerTlsOptions | undefined): Upgrade {
  const secureContext = options && createSecureContext({ ...options, minVersion: MIN_VERSION })
  return async (plain) => {
    if (!secureContext) throw fault('this end has no certificate')
    const socket = new TLSSocket(plain, { isServer: true, secureContext })
    await handshake(socket, 'secure')
    return { socket, info: { ...describe(socket), verifiedBy: 'nobody' } }
  }
}

/**
 * Waits for the end of a handshake; a socket whose handshake fails is destroyed.
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
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    channelBindings: channelBindingsOf(socket, true, socket.getX509Certificate()),
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
export async function upgradeAtOnce(socket: Socket, upgrade: Upgrade, options: StartTlsOptions = {}): Promise<Secured> {
  socket.on('error', () => undefined)
  return upgrade(socket, options)
}
