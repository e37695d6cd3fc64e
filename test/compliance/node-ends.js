/** Pairs of connections of @posthorn/node: over TCP, with TLS at once, and over a Unix socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, listen } from '@posthorn/node'
import { HOSTNAME } from './hostname.js'

/**
 * @typedef {{ ca: string, cert: string, key: string }} Certificate
 * @typedef {import('./checks.js').Expected & { name: string, open: () => Promise<import('./checks.js').Ends> }} Pair
 */

async function openEnds({ ca, cert, key }, implicitTls, pathFor) {
  let arrive = () => undefined
  const arrival = new Promise((resolve) => {
    arrive = resolve
  })
  const listener = await listen({ tls: { key, cert }, implicitTls, onConnection: async (one) => arrive(one) })
  const { port } = listener.address
  const relay = await pathFor?.(port)
  const where = relay ? { path: relay.path } : { addresses: ['127.0.0.1'] }
  const near = await connect({ host: HOSTNAME, port, ca, implicitTls, ...where })
  const release = async () => {
    await listener.close()
    await relay?.close()
  }
  return { near, far: await arrival, release }
}

// A Unix socket before a port: what one end does, the other hears of.
async function relayTo(port) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-relay-'))
  const path = join(folder, 'socket')
  const sockets = new Set()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = dial({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', (failed) => failed && other.destroy())
    }
  })
  await new Promise((resolve) => server.listen(path, resolve))
  return {
    path,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * @param {Certificate} certificate That of the server, for HOSTNAME.
 * @returns {Pair[]}
 */
export const nodePairs = (certificate) => [
  { name: 'node', serverName: HOSTNAME, judges: true, open: () => openEnds(certificate, false) },
  { name: 'node, TLS at once', serverName: HOSTNAME, secured: true, open: () => openEnds(certificate, true) },
  {
    name: 'node, Unix socket',
    serverName: HOSTNAME,
    judges: true,
    via: 'unix',
    open: () => openEnds(certificate, false, relayTo),
  },
]
