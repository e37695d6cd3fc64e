/** Which name a certificate is checked against: with the sockets API the host, and never another. */

import { MailError } from '@posthorn/core'
import type { SocketsErrorCode } from './error.ts'

/**
 * Makes sure that the name to check is the one that the runtime will check.
 *
 * @throws {MailError} `SOCKETS_SERVER_NAME` when it is not.
 * @internal
 */
export function checkServerName(host: string, serverName: string): void {
  if (serverName.toLowerCase() === host.toLowerCase()) return
  const code: SocketsErrorCode = 'SOCKETS_SERVER_NAME'
  throw new MailError(code, 'Cannot check the certificate: sockets check it against the host, and no other name')
}
