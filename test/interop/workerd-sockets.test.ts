import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import type { Outcome, Script } from '../runtimes/workerd/script.ts'
import { startWorker, type Worker } from '../runtimes/workerd/workerd.ts'
import { freePort } from './lib/process.ts'

// What the connection of @posthorn/sockets does in workerd itself, before servers that are right and servers that are not.
const HOST = 'localhost'
const entry = new URL('../runtimes/workerd/scripted-worker.ts', import.meta.url).pathname
const [right, wrongName, untrusted] = await Promise.all(
  [HOST, 'mx.example', HOST].map((name) => makeCertificate(name, Date.now())),
)

let worker: Worker
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  worker = await startWorker({ entry, ca: [right!.ca, wrongName!.ca] })
})
afterAll(() => worker.stop())
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function server(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const listening = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => listening.close(resolve))
  })
  const address = listening.address()
  if (!address || typeof address === 'string') throw new Error('It has no port')
  return address.port
}

function secure(socket: Socket, { cert, key } = right!): TLSSocket {
  return new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => undefined)
}

/** A promise, and what settles it. */
function signal<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

type Target = Omit<Script['target'], 'host'> & { readonly host?: string }

async function play(target: Target, ...steps: Script['steps'][number][]): Promise<Outcome[]> {
  const body = JSON.stringify({ target: { host: HOST, ...target }, steps } satisfies Script)
  const response = await fetch(worker.url, { method: 'POST', body })
  return (await response.json()) as Outcome[]
}

const CONNECTED = { value: 'connected' }
const DONE = { value: null }

describe('connecting', () => {
  test('nobody listens, an unknown name, and no port at all: SOCKETS_CONNECT_FAILED', async () => {
    const failed = [{ code: 'SOCKETS_CONNECT_FAILED' }]
    expect(await play({ port: await freePort() })).toEqual(failed)
    expect(await play({ host: 'nowhere.invalid', port: 587 })).toEqual(failed)
    expect(await play({ port: 70_000 })).toEqual(failed)
  })

  test('workerd repeats the host for an address, so there is none', async () => {
    const port = await server(() => undefined)
    expect(await play({ port }, { do: 'info' })).toEqual([CONNECTED, { value: { via: 'tcp' } }])
  })

  test('a server that never shakes hands: SOCKETS_CONNECT_TIMEOUT, and workerd lets go of it', async () => {
    const { promise, resolve } = signal()
    const port = await server((socket) => socket.resume().on('close', resolve).on('end', resolve))
    expect(await play({ port, implicitTls: true, timeout: 50 })).toEqual([{ code: 'SOCKETS_CONNECT_TIMEOUT' }])
    await promise
  })
})

describe('octets', () => {
  test.each([false, true])('four megabytes both ways at once, TLS %s', async (implicitTls) => {
    const port = await server((plain) => {
      const socket = implicitTls ? secure(plain) : plain
      socket.pipe(socket)
    })
    const outcomes = await play({ port, implicitTls }, { do: 'echo', octets: 4_000_000 }, { do: 'close' })
    expect(outcomes).toEqual([CONNECTED, { value: true }, DONE])
  })

  test('the end of the other end comes after all that it wrote, stays, and lets this end write', async () => {
    const { promise, resolve } = signal<string>()
    const port = await server((socket) => {
      let text = ''
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.on('end', () => resolve(text))
      socket.end('last')
    })
    const reads = [{ do: 'read' }, { do: 'read' }, { do: 'read' }] as const
    const outcomes = await play({ port }, ...reads, { do: 'write', text: 'still here' }, { do: 'close' })
    expect(outcomes).toEqual([CONNECTED, { value: 'last' }, { value: 'the end' }, { value: 'the end' }, DONE, DONE])
    expect(await promise).toBe('still here')
  })

  test('what the other end says after this end has closed is dropped, and the close is in good order', async () => {
    const { promise, resolve } = signal<boolean>()
    const port = await server((socket) => {
      socket.on('data', () => undefined)
      socket.on('end', () => socket.end('after'))
      socket.on('close', resolve)
    })
    const outcomes = await play({ port }, { do: 'write', text: 'QUIT' }, { do: 'close' }, { do: 'read' })
    expect(outcomes).toEqual([CONNECTED, DONE, DONE, { code: 'SOCKETS_CLOSED' }])
    expect(await promise).toBe(false)
  })

  test('a reset: SOCKETS_CLOSED for what is outstanding and all that follows', async () => {
    const port = await server((socket) => {
      socket.write('x')
      setTimeout(() => socket.resetAndDestroy(), 50)
    })
    const closed = { code: 'SOCKETS_CLOSED' }
    const steps = [{ do: 'read' }, { do: 'read' }, { do: 'read' }, { do: 'write', text: 'a' }] as const
    expect(await play({ port }, ...steps)).toEqual([CONNECTED, { value: 'x' }, closed, closed, closed])
  })

  test('who listens while he writes hears the last words; who does not hears that they are lost', async () => {
    const port = await server((socket) => {
      socket.once('data', () => {
        socket.pause().write('552 too much')
        setTimeout(() => socket.resetAndDestroy(), 50)
      })
    })
    const closed = { code: 'SOCKETS_CLOSED' }
    const flood = { do: 'flood', octets: 20_000_000 } as const
    const [, heard] = await play({ port }, { do: 'read', pending: true }, flood)
    expect(heard).toEqual({ value: '552 too much' })
    expect(await play({ port }, flood, { do: 'read' }, { do: 'read' })).toEqual([CONNECTED, closed, closed, closed])
  })

  test('an abort rejects a read and a write that hang, and what was not yet taken is not sent', async () => {
    const { promise, resolve } = signal<number>()
    let taken = 0
    const port = await server((socket) => {
      socket.on('data', (chunk) => {
        taken += chunk.length
      })
      socket.on('end', () => resolve(taken)).on('close', () => resolve(taken))
      socket.pause()
      setTimeout(() => socket.resume(), 500)
    })
    const closed = { code: 'SOCKETS_CLOSED' }
    const steps = [
      { do: 'read', pending: true },
      { do: 'flood', octets: 40_000_000, pending: true },
      { do: 'pause', milliseconds: 100 },
      { do: 'abort' },
      { do: 'close' },
    ] as const
    expect(await play({ port }, ...steps)).toEqual([CONNECTED, closed, closed, DONE, DONE, DONE])
    expect(await promise).toBeLessThan(40_000_000)
  })

  test('a close before an other end that never closes ends all the same', async () => {
    const port = await server((socket) => socket.resume())
    expect(await play({ port }, { do: 'read', pending: true }, { do: 'close' })).toEqual([
      CONNECTED,
      { code: 'SOCKETS_CLOSED' },
      DONE,
    ])
  })
})

describe('STARTTLS [rfc3207]', () => {
  const raise = (certificate = right!): Promise<number> =>
    server((socket) => {
      socket.write('220 go\r\n')
      const secured = secure(socket, certificate)
      secured.pipe(secured)
    })

  test('the certificate of the host, and nothing known of protocol and cipher', async () => {
    const port = await raise()
    const steps = [{ do: 'read' }, { do: 'startTls' }, { do: 'echo', octets: 300_000 }, { do: 'close' }] as const
    const tls = { protocol: 'unknown', cipher: 'unknown', verifiedBy: 'local', serverName: HOST }
    expect(await play({ port }, ...steps)).toEqual([
      CONNECTED,
      { value: '220 go\r\n' },
      { value: tls },
      { value: true },
      DONE,
    ])
  })

  test.each([
    ['another name in the certificate', wrongName!],
    ['an authority that is not trusted', untrusted!],
  ])('%s: SOCKETS_TLS_FAILED, or SOCKETS_CONNECT_FAILED with TLS at once', async (_, certificate) => {
    const port = await raise(certificate)
    const [, , raised, written] = await play({ port }, { do: 'read' }, { do: 'startTls' }, { do: 'write', text: 'a' })
    expect([raised, written]).toEqual([{ code: 'SOCKETS_TLS_FAILED' }, { code: 'SOCKETS_TLS_FAILED' }])
    const implicit = await server((socket) => secure(socket, certificate))
    expect(await play({ port: implicit, implicitTls: true })).toEqual([{ code: 'SOCKETS_CONNECT_FAILED' }])
  })

  test('a name other than the host is refused, though the certificate proves it', async () => {
    const port = await raise(wrongName!)
    const outcomes = await play({ port }, { do: 'read' }, { do: 'startTls', serverName: 'mx.example' })
    expect(outcomes[2]).toEqual({ code: 'SOCKETS_SERVER_NAME' })
    expect(await play({ port, serverName: 'mx.example' })).toEqual([{ code: 'SOCKETS_SERVER_NAME' }])
  })

  test('a pending read, on which workerd would wait for ever: SOCKETS_BUSY, and the read goes on', async () => {
    const port = await server((socket) => {
      socket.on('data', () => socket.write('pong'))
    })
    const steps = [{ do: 'read', pending: true }, { do: 'startTls' }, { do: 'write', text: 'ping' }] as const
    const outcomes = await play({ port }, ...steps)
    expect(outcomes).toEqual([CONNECTED, { value: 'pong' }, { code: 'SOCKETS_BUSY' }, DONE])
  })

  test('octets in the clear that are still unread spoil the handshake, and are never handed out', async () => {
    const port = await server((socket) => {
      socket.write('220 go\r\n')
      setTimeout(() => {
        socket.write('250 forged\r\n')
        secure(socket).on('secure', () => socket.destroy())
      }, 50)
    })
    const steps = [{ do: 'read' }, { do: 'pause', milliseconds: 150 }, { do: 'startTls' }, { do: 'read' }] as const
    const failed = { code: 'SOCKETS_TLS_FAILED' }
    expect(await play({ port }, ...steps)).toEqual([CONNECTED, { value: '220 go\r\n' }, DONE, failed, failed])
  })

  test('octets in the clear in the chunk of the reply are handed out before TLS, for the client to see', async () => {
    const port = await server((socket) => {
      socket.write('220 go\r\n250 forged\r\n')
      const secured = secure(socket)
      secured.on('secure', () => secured.write('250 right\r\n'))
    })
    const [, before, , after] = await play({ port }, { do: 'read' }, { do: 'startTls' }, { do: 'read' })
    expect([before, after]).toEqual([{ value: '220 go\r\n250 forged\r\n' }, { value: '250 right\r\n' }])
  })
})
