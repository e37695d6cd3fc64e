/** Answers an upgrade that is refused: RFC 9110 section 15. */

import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

const DEADLINE = 2000

/**
 * Answers with a status and closes.
 *
 * @internal
 */
export function refuseUpgrade(socket: Duplex, status: number): void {
  const timer = setTimeout(() => socket.destroy(), DEADLINE)
  socket.once('close', () => clearTimeout(timer))
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
