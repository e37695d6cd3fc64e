/** What leads to a server by the sockets of Node: several addresses, proxies, and servers of the DNS. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { connect, listen, serverResolver } from '@posthorn/node'
import { HOSTNAME } from '../../compliance/hostname.js'
import { check, equal, fails } from './check.js'

const GREETING = '220 mx.example\r\n'

async function greetingOf(options) {
  const connection = await connect({ host: HOSTNAME, ...options })
  try {
    return new TextDecoder().decode(await connection.read())
  } finally {
    connection.abort()
  }
}

/** A server that says, to the first octets that come, what `say` makes of them, until that gives nothing. */
async function scripted(say) {
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    let turn = 0
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const words = say(chunk, turn++)
      if (words) socket.write(words)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: server.address().port, close }
}

// The greeting of the server comes with the answer of the proxy.
const byHttp = (chunk) =>
  chunk.toString().startsWith(`CONNECT ${HOSTNAME}:25 HTTP/1.1\r\n`) ? `HTTP/1.1 200 ok\r\n\r\n${GREETING}` : undefined
const bySocks = (_, turn) =>
  [Uint8Array.of(5, 0), Buffer.concat([Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), Buffer.from(GREETING)])][turn]

const proxy = (scheme, say) =>
  check(`node: by a proxy of ${scheme}, the greeting comes whole`, async () => {
    const { port, close } = await scripted(say)
    equal(await greetingOf({ port: 25, proxy: `${scheme}://127.0.0.1:${port}` }), GREETING)
    await close()
  })

/** An answer to a question with one address, the AD bit set. */
function answered(query) {
  let end = 12
  while (query[end] > 0) end += 1 + query[end]
  const head = [...query.subarray(0, 2), 0x81, 0xa0, 0, 1, 0, 1, 0, 0, 0, 0]
  return Uint8Array.from([
    ...head,
    ...query.subarray(12, end + 5),
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    4,
    192,
    0,
    2,
    1,
  ])
}

async function udpServer() {
  const socket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => socket.send(answered(message), port, address))
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(resolve)) }
}

const FOUND = { status: 'found', name: HOSTNAME, records: ['192.0.2.1'], ttl: 60, authenticated: true }

/**
 * @param {import('../../compliance/node-ends.js').Certificate} certificate That of the servers.
 * @returns {import('./check.js').Check[]}
 */
export const network = ({ ca, cert, key }) => [
  check('node: the address that answers is taken', async () => {
    const onConnection = async (connection) => {
      await connection.write(new TextEncoder().encode(GREETING))
      await connection.read()
    }
    const listener = await listen({ onConnection })
    const { port } = listener.address
    equal(await greetingOf({ port, addresses: ['::1', '127.0.0.9', '127.0.0.1'] }), GREETING)
    await fails('NODE_CONNECT_FAILED', () => connect({ host: HOSTNAME, port, addresses: ['127.0.0.8', '127.0.0.9'] }))
    await listener.close()
  }),
  check('node: TLS at once with a certificate that is not trusted, or for another name', async () => {
    const listener = await listen({
      tls: { key, cert },
      implicitTls: true,
      onConnection: () => undefined,
      onError() {},
    })
    const target = { port: listener.address.port, addresses: ['127.0.0.1'], implicitTls: true }
    await fails('NODE_TLS_FAILED', () => connect({ ...target, host: HOSTNAME }))
    await fails('NODE_TLS_FAILED', () => connect({ ...target, host: 'other.example', ca }))
    const checkCertificate = async ({ untrusted }) => {
      equal(untrusted, 'not-trusted')
      return 'verified'
    }
    const connection = await connect({ ...target, host: 'other.example', checkCertificate })
    equal(connection.info.tls.verifiedBy, 'local')
    connection.abort()
    await listener.close()
  }),
  proxy('http', byHttp),
  proxy('socks5', bySocks),
  check('node: a server of the DNS over UDP', async () => {
    const { port, close } = await udpServer()
    equal(await serverResolver(`127.0.0.1:${port}`).resolve(HOSTNAME, 'A'), FOUND)
    await close()
  }),
  check('node: a server of the DNS over TCP', async () => {
    const { port, close } = await scripted((chunk) => {
      const answer = answered(chunk.subarray(2))
      return Buffer.concat([Uint8Array.of(0, answer.length), answer])
    })
    equal(await serverResolver(`127.0.0.1:${port}`, { tcp: true }).resolve(HOSTNAME, 'A'), FOUND)
    await close()
  }),
]
