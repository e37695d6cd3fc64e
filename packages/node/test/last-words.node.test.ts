import { spawn } from 'node:child_process'
import { decodeLatin1 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { connect } from '../src/index.ts'

// Takes nothing, says why not, and resets the connection, as a server does that closes with octets unread.
const SERVER = `
  const server = require('node:net').createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => undefined)
    setTimeout(() => socket.write('500 no\\r\\n', () => socket.destroy()), 100)
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

test('what the other end said before it reset the connection is heard by whoever listens while he writes', async () => {
  const server = spawn(process.execPath, ['-e', SERVER])
  try {
    const port = await new Promise<number>((resolve) => server.stdout.once('data', (text) => resolve(Number(text))))
    const connection = await connect({ host: '127.0.0.1', port })
    await connection.write(new Uint8Array(100_000))
    const reading = connection.read()
    // Nothing is read meanwhile, so the write finds the connection reset.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    const writing = connection.write(new Uint8Array(100_000)).catch(() => undefined)
    expect(decodeLatin1((await reading)!)).toBe('500 no\r\n')
    await writing
    connection.abort()
  } finally {
    server.kill()
  }
})
