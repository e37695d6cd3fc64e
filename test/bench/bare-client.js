/** A client of a few lines that knows what it will be answered: what any client has to do, and no more. */
import { connect } from 'node:net'

const LF = 10

/** @param {number} port Of the loopback interface. */
export async function openBareClient(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let lines = 0
  let done = () => {}
  let fail = () => {}
  socket.on('data', (octets) => {
    for (const octet of octets) if (octet === LF) lines--
    if (lines <= 0) done()
  })
  socket.on('error', (error) => fail(error))

  // Says something and waits for so many lines.
  function say(what, expected) {
    return new Promise((resolve, reject) => {
      lines = expected
      ;[done, fail] = [resolve, reject]
      if (what) socket.write(what)
    })
  }

  await say('', 1)
  await say('HELO bench.example\r\n', 1)
  return { say, close: () => socket.destroy() }
}

/** Opens many, some at a time, as one server keeps each waiting for its greeting. */
export async function openBareClients(port, count) {
  const clients = []
  for (let left = count; left > 0; left -= 50) {
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => openBareClient(port)))))
  }
  return clients
}
