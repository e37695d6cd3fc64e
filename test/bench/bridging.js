/** Octets to a server and back over three ways: TCP, a relay that checks nothing, and the bridge. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { connectBridge } from '@posthorn/bridge'
import { importTicketKey, mintTicket } from '@posthorn/bridge/server'
import { connect } from '@posthorn/node'
import { WebSocket } from 'ws'

export const HOST = 'mx.example'
export const ORIGIN = 'https://app.example'
export const SECRET = new Uint8Array(32).fill(7)
/** Octets of one bulk transfer. */
export const BULK = 128 * 65_536

const PIECE = new Uint8Array(65_536)
const ROUND_TRIPS = 2000

class PageSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { origin: ORIGIN })
  }
}

/** Starts one process of the far side; `ask` sends it a message and gives its answer. */
export async function startProcess(kind, originPort = '', execArgv = []) {
  const child = fork(fileURLToPath(new URL('./bridge-server.js', import.meta.url)), [kind, String(originPort)], {
    execArgv,
  })
  const answer = () => new Promise((resolve) => child.once('message', resolve))
  const { port } = await answer()
  const ask = () => {
    child.send('ask')
    return answer()
  }
  return { port, ask, close: () => child.disconnect() }
}

/** Opens a connection to the origin through the bridge. */
export async function openBridge(port, originPort) {
  const key = await importTicketKey(SECRET)
  const ticket = await mintTicket(key, { sub: 'bench', dst: [`${HOST}:${originPort}`], max: Number.MAX_SAFE_INTEGER })
  return connectBridge({ url: `ws://127.0.0.1:${port}`, ticket, host: HOST, port: originPort, webSocket: PageSocket })
}

// The relay's client: what comes is queued, however much.
async function openBare(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  const chunks = []
  let wake = () => undefined
  socket.on('message', (octets) => {
    chunks.push(octets)
    wake()
  })
  await new Promise((resolve) => socket.once('open', resolve))
  return {
    write: (octets) => new Promise((resolve) => socket.send(octets, resolve)),
    async read() {
      while (chunks.length === 0) await new Promise((resolve) => (wake = resolve))
      return chunks.shift()
    },
    abort: () => socket.terminate(),
  }
}

const letter = (text) => new TextEncoder().encode(text)

const TASKS = {
  /** Round trips of one small command and its answer, in one second. */
  async echo(connection) {
    await connection.write(letter('e'))
    await connection.read()
    const noop = letter('NOOP\r\n')
    const start = performance.now()
    for (let turn = 0; turn < ROUND_TRIPS; turn++) {
      await connection.write(noop)
      await connection.read()
    }
    return ROUND_TRIPS / ((performance.now() - start) / 1000)
  },
  /** Megabytes a second to the server. */
  async up(connection) {
    await connection.write(letter('u'))
    const start = performance.now()
    for (let sent = 0; sent < BULK; sent += PIECE.length) await connection.write(PIECE)
    await connection.read()
    return BULK / 1e6 / ((performance.now() - start) / 1000)
  },
  /** Megabytes a second from the server. */
  async down(connection) {
    const start = performance.now()
    await connection.write(letter('d'))
    for (let left = BULK; left > 0; ) left -= (await connection.read()).length
    return BULK / 1e6 / ((performance.now() - start) / 1000)
  },
}

/** Prepares the rows of a case: one task over the three ways. */
export async function prepareBridging(task) {
  const origin = await startProcess('origin')
  const [bridge, bare] = await Promise.all([startProcess('posthorn', origin.port), startProcess('bare', origin.port)])
  const over = (name, open) => ({
    name,
    async run() {
      const connection = await open()
      try {
        return await TASKS[task](connection)
      } finally {
        connection.abort()
      }
    },
  })
  const rows = [
    over('TCP', () => connect({ host: '127.0.0.1', port: origin.port })),
    over('a relay that checks nothing', () => openBare(bare.port)),
    over('posthorn bridge', () => openBridge(bridge.port, origin.port)),
  ]
  const close = () => {
    for (const one of [bridge, bare, origin]) one.close()
  }
  return { rows, close }
}
