/**
 * The far side of the bench of the bridge, each in a process of its own. Its argument says what it is: `origin`, which a
 * first octet tells to echo (`e`), to take (`u`) or to give (`d`) some megabytes; `posthorn`, a bridge to it; or `bare`, a
 * relay between WebSocket and TCP that checks nothing and holds nothing back. It tells its port.
 */
import { createServer as createHttpServer } from 'node:http'
import { createServer, connect as tcpConnect } from 'node:net'
import { createBridge } from '@posthorn/bridge/node'
import { importTicketKey } from '@posthorn/bridge/server'
import { WebSocketServer } from 'ws'
import { BULK, HOST, ORIGIN, SECRET } from './bridging.js'

const [kind, originPort] = process.argv.slice(2)

function startOrigin() {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (first) => {
      let taken = first.length - 1
      const mode = String.fromCharCode(first[0])
      if (mode === 'd') return give(socket, BULK)
      socket.on('data', (octets) => {
        taken += octets.length
        if (mode === 'e') socket.write(octets)
        else if (taken >= BULK) socket.write('.')
      })
      if (mode === 'e') socket.write('.')
    })
  })
  return listening(server)
}

function give(socket, left) {
  const piece = new Uint8Array(65_536)
  for (; left > 0; left -= piece.length) {
    if (!socket.write(piece)) return socket.once('drain', () => give(socket, left - piece.length))
  }
}

async function startPosthorn() {
  const bridge = createBridge({
    keys: await importTicketKey(SECRET),
    policy: {
      origins: [ORIGIN],
      destinations: [`${HOST}:${originPort}`],
      unsafeAllowPrivateAddresses: ['127.0.0.1'],
    },
    lookUp: async () => ['127.0.0.1'],
    connections: { total: 10_000, perSubject: 10_000, perAddress: 10_000 },
    connectionRate: { perSecond: 1e6, burst: 1e6 },
    controlRate: { perSecond: 1e6, burst: 1e6 },
  })
  const server = createHttpServer()
  bridge.attach(server)
  return listening(server)
}

function startBare() {
  const server = createHttpServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const origin = tcpConnect({ port: Number(originPort), host: '127.0.0.1', noDelay: true })
    origin.on('data', (octets) => socket.send(octets))
    origin.on('error', () => undefined).on('close', () => socket.close())
    socket.on('message', (octets) => origin.write(octets))
    socket.on('close', () => origin.destroy())
  })
  return listening(server)
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
}

const start = { origin: startOrigin, posthorn: startPosthorn, bare: startBare }[kind]
process.send({ port: await start() })
process.on('message', () => {
  globalThis.gc?.()
  process.send({ rss: process.memoryUsage.rss() })
})
process.once('disconnect', () => process.exit(0))
