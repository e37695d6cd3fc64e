/** Binds a server to an address or a path. */

import { chmod, lstat, unlink } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { MailError } from '@posthorn/core'
import type { Endpoint } from '@posthorn/smtp'
import type { NodeErrorCode } from './error.ts'

/** Where to listen. */
export interface ListenPlace {
  /** The port; default 0, which takes a free one. */
  readonly port?: number
  /** The address; default `127.0.0.1`, so that nobody is served by accident. */
  readonly host?: string
  /**
   * The path of a Unix socket, in place of host and port. A socket that is there already is replaced when nobody answers
   * on it; it is removed at the end.
   */
  readonly path?: string
  /** The permissions of the Unix socket, as 0o660; default: what the process makes files with. */
  readonly mode?: number
  /** How many connections may wait to be taken; default 511, as Node has it. */
  readonly backlog?: number
}

/**
 * Begins to listen.
 *
 * @internal
 * @returns Where; for a Unix socket its path, and port 0.
 */
export async function openServer(server: Server, place: ListenPlace): Promise<Endpoint> {
  const { path, mode } = place
  try {
    await bind(server, place).catch(async (error: NodeJS.ErrnoException) => {
      if (path === undefined || error.code !== 'EADDRINUSE' || !(await isStale(path))) throw error
      await unlink(path)
      await bind(server, place)
    })
    if (path !== undefined && mode !== undefined) await chmod(path, mode)
  } catch (cause) {
    server.close()
    const { message } = cause as Error
    throw new MailError<NodeErrorCode>('NODE_LISTEN_FAILED', `Cannot listen: ${message}`, { cause })
  }
  const address = server.address()
  if (address && typeof address === 'object') return { address: address.address, port: address.port }
  return { address: address ?? path ?? '', port: 0 }
}

function bind(server: Server, { port = 0, host = '127.0.0.1', path, backlog }: ListenPlace): Promise<void> {
  const where = path !== undefined ? { path } : { port, host }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...where, ...(backlog !== undefined && { backlog }) }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

// A socket that the process before left behind; a file of another kind is somebody's.
async function isStale(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
