/**
 * Sockets of Node, which Bun and Deno have too: a listener, a client, what every connection owes over TCP, with TLS at once
 * and later and over Unix sockets; and what leads to a server.
 */
import { connect, listen } from '@posthorn/node'
import { SmtpClient, serve } from '@posthorn/smtp'
import { checksFor, runCheck } from '../../compliance/checks.js'
import { nodePairs } from '../../compliance/node-ends.js'
import { check, equal, fails } from './check.js'
import { network } from './node-network.js'

const ENVELOPE = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }

async function count(content) {
  let octets = 0
  for await (const chunk of content) octets += chunk.length
  return octets
}

/** @returns {import('./check.js').Check[]} What a connection owes, over each kind of socket. */
const owed = (certificate) =>
  nodePairs(certificate).flatMap((pair) =>
    checksFor(pair).map((one) => check(`node: ${pair.name}: ${one.name}`, () => runCheck(one, pair.open, pair))),
  )

/**
 * @param {import('../../compliance/node-ends.js').Certificate} certificate That of the servers.
 * @returns {import('./check.js').Check[]}
 */
export const node = (certificate) => [
  ...owed(certificate),
  ...network(certificate),
  check('node: a listener takes a client, and a long message', async () => {
    const taken = []
    const onMessage = async ({ content }) => {
      taken.push(await count(content))
    }
    const onConnection = (connection) => serve(connection, { hostname: 'mx.example', onMessage })
    const listener = await listen({ onConnection })
    const client = new SmtpClient(await connect({ host: '127.0.0.1', port: listener.address.port }), { tls: 'none' })
    await client.open()
    const message = new TextEncoder().encode(`Subject: long\r\n\r\n${`${'z'.repeat(76)}\r\n`.repeat(50_000)}`)
    for (const chunking of ['auto', 'never']) {
      equal((await client.send(ENVELOPE, message, { chunking })).type, 'accepted')
    }
    await client.quit()
    await listener.close()
    equal(taken, [message.length, message.length])
  }),
  check('node: a port where nobody listens', async () => {
    const listener = await listen({ onConnection: () => undefined })
    const { port } = listener.address
    await listener.close()
    await fails('NODE_CONNECT_FAILED', () => connect({ host: '127.0.0.1', port }))
  }),
  check('node: a signal ends an attempt', async () => {
    const signal = AbortSignal.abort()
    await fails('NODE_ABORTED', () => connect({ host: '127.0.0.1', port: 1, signal }))
  }),
]
