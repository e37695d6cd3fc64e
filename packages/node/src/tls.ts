/** What both sides of TLS share: the wait for a handshake, and its error. RFC 3207, RFC 8314. */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { MailError } from '@posthorn/core'
import type { StartTlsOptions } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'
import type { Secured, Upgrade } from './socket-connection.ts'

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
