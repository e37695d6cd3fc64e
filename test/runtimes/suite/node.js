/** Sockets of Node, which Bun and Deno have too: a listener, a client, TLS at once and later. */
import { connect, listen } from '@posthorn/node'
import { SmtpClient, serve } from '@posthorn/smtp'
import { check, equal, fails } from './check.js'

const ENVELOPE = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }

async function count(content) {
  let octets = 0
  for await (const chunk of content) octets += chunk.length
  return octets
}

export const node = [
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
