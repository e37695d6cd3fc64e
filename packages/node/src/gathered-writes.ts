/**
 * Writes that wait until all that has come in one turn of Node's loop is dealt with, and are then made one after the other.
 * A write wakes who waits for it. Of a listener's clients many are in one process, or on one machine, and each write that is
 * made by itself wakes them anew; of those made together the first one does.
 */

import type { Socket } from 'node:net'

let corked: Socket[] = []

/** Writes octets at the end of this turn; gives what `write` of the socket gives. */
export function writeGathered(socket: Socket, octets: Uint8Array): boolean {
  if (socket.writableCorked === 0) {
    socket.cork()
    if (corked.push(socket) === 1) setImmediate(uncorkAll)
  }
  return socket.write(octets)
}

/** Writes at once what waits for the end of the turn. */
export function flushGathered(socket: Socket): void {
  while (socket.writableCorked > 0) socket.uncork()
}

function uncorkAll(): void {
  const sockets = corked
  corked = []
  for (const socket of sockets) flushGathered(socket)
}
