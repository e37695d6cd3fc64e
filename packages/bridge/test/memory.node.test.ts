/** What a bridge and its clients hold while one side stalls and 100 MB wait at the other: not much, whichever it is. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { HOST, type NodeLab, nodeLab } from './node-lab.ts'

const PENDING = 100_000_000
const PIECE = new Uint8Array(65_536)
// Far above what is held, and far below what waits. What the system's own buffers hold is not counted.
const MOST = 4_000_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

async function start(onSocket: (socket: Socket) => void): Promise<NodeLab & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    cleanUp.push(() => socket.destroy())
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const lab = await nodeLab(port)
  cleanUp.push(() => server.close(), lab.close)
  return { ...lab, port }
}

function held(): number {
  collectGarbage()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

/** How much more is held than before once nothing moves any more, and how much has moved. */
async function growth(work: (hasStalled: () => Promise<void>, moved: (octets: number) => void) => Promise<void>) {
  const before = held()
  let [moved, grown] = [0, Number.POSITIVE_INFINITY]
  const hasStalled = async (): Promise<void> => {
    for (let last = -1; last !== moved; ) {
      last = moved
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    grown = held() - before
  }
  await work(hasStalled, (octets) => {
    moved += octets
  })
  return { grown, moved }
}

// Writes as fast as the system takes it.
async function flood(socket: Socket, note: (octets: number) => void): Promise<void> {
  for (let sent = 0; sent < PENDING && !socket.destroyed; sent += PIECE.length) {
    if (!socket.write(PIECE)) await once(socket, 'drain').catch(() => undefined)
    note(PIECE.length)
  }
}

test('a server that floods a page that reads nothing', async () => {
  const { grown, moved } = await growth(async (hasStalled, note) => {
    const lab = await start((socket) => void flood(socket, note))
    const connection = await lab.connect()
    await hasStalled()
    connection.abort()
  })
  expect(moved).toBeLessThan(PENDING / 2)
  expect(grown).toBeLessThan(MOST)
})

test('a server that floods a client that asks for all and takes nothing from its socket', async () => {
  const { grown, moved } = await growth(async (hasStalled, note) => {
    const lab = await start((socket) => void flood(socket, note))
    const socket = lab.raw(['mail-bridge.v1', await lab.ticket()])
    await once(socket, 'open')
    socket.send(JSON.stringify({ op: 'open', host: HOST, port: lab.port, tls: 'none' }))
    await once(socket, 'message')
    socket.pause()
    socket.send('{"op":"pull","n":16}')
    await hasStalled()
    socket.terminate()
  })
  expect(moved).toBeLessThan(PENDING / 2)
  expect(grown).toBeLessThan(MOST)
})

test('a page that floods a server that reads nothing', async () => {
  const { grown, moved } = await growth(async (hasStalled, note) => {
    const lab = await start((socket) => socket.pause())
    const connection = await lab.connect()
    const writing = (async () => {
      for (let sent = 0; sent < PENDING; sent += PIECE.length) {
        await connection.write(PIECE)
        note(PIECE.length)
      }
    })().catch(() => undefined)
    await hasStalled()
    connection.abort()
    await writing
  })
  expect(moved).toBeLessThan(PENDING / 2)
  expect(grown).toBeLessThan(MOST)
})
