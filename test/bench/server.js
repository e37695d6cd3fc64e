/**
 * A server that takes and drops, in a process of its own, so that its work and that of a client are told apart. Its
 * argument says whose it is: `posthorn`, `smtp-server`, or `bare`, which looks at no more than it must to answer. It tells
 * its port, and whenever it is asked how much processor time it has used, in microseconds, and how much memory it takes.
 */
import { createServer } from 'node:net'
import { listen } from '@posthorn/node'
import { SMTPServer } from 'smtp-server'

async function startPosthorn() {
  const listener = await listen({
    maxConnections: 10_000,
    serve: {
      hostname: 'bench.example',
      maxIdleCommands: Number.POSITIVE_INFINITY,
      maxSize: 100_000_000,
      onMessage: async ({ content }) => {
        for await (const octets of content) if (octets.length === 0) return
      },
    },
  })
  return listener.address.port
}

function startSmtpServer() {
  const server = new SMTPServer({
    authOptional: true,
    maxClients: 10_000,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, callback) {
      stream.on('data', () => undefined)
      stream.on('end', callback)
    },
  })
  return listening(server.listen(0, '127.0.0.1'))
}

function startBare() {
  const server = createServer({ noDelay: true }, (socket) => {
    let inBody = false
    socket.on('error', () => undefined)
    socket.on('data', (octets) => {
      const text = octets.toString('latin1')
      if (inBody) {
        if (!text.endsWith('\r\n.\r\n')) return
        inBody = false
        socket.write('250 Ok\r\n')
        return
      }
      let replies = ''
      for (const line of text.split('\r\n')) {
        inBody ||= line === 'DATA'
        if (line !== '') replies += line === 'DATA' ? '354 Go on\r\n' : '250 Ok\r\n'
      }
      socket.write(replies)
    })
    socket.write('220 bench.example\r\n')
  })
  return listening(server.listen(0, '127.0.0.1'))
}

function listening(server) {
  return new Promise((resolve) => server.once('listening', () => resolve(server.address().port)))
}

const start = { posthorn: startPosthorn, 'smtp-server': startSmtpServer, bare: startBare }[
  process.argv[2] ?? 'posthorn'
]
process.send({ port: await start() })
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  globalThis.gc?.()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  process.send({ cpu: user + system, rss, held: heapUsed + arrayBuffers })
})
process.once('disconnect', () => process.exit(0))
