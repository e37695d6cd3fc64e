/** A mail server that stops at one point of a session, so that something can be killed there; and a tap before it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { listen } from '@posthorn/node'
import { plainServer } from '@posthorn/sasl'
import { type Connection, type IncomingMessage, type ServeOptions, serve } from '@posthorn/smtp'
import type { ThrowAwayCertificate } from '../../posthorn/src/demo/certificate.ts'

/** Where a session may be stopped; `content` is the middle of it, `dot` its end, before the reply. */
export type Point = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'content' | 'dot' | 'never'

/** What came of a message at the server. */
export type Taken = { readonly type: 'whole'; readonly octets: Uint8Array } | { readonly type: 'broken' }

/** The server at work. */
export interface GatedServer {
  readonly port: number
  /** Resolves when the session has come to the point. */
  readonly reached: Promise<void>
  /** Lets the session go on. */
  release(): void
  /** Resolves when the session has ended, at the server. */
  readonly served: Promise<void>
  readonly taken: readonly Taken[]
  /** How many transactions were begun. */
  readonly transactions: () => number
  readonly tap: Tap
  close(): Promise<void>
}

/** How many octets of the content have come at its middle. */
export const MIDDLE = 100_000

const HOSTNAME = 'mx.example'
const REFUSED = 'nobody'
// RFC 8446 section 5.1: the type of the first record of TLS.
const HANDSHAKE = 22

function signal(): { readonly promise: Promise<void>; readonly fire: () => void } {
  let fire: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    fire = resolve
  })
  return { promise, fire }
}

/** Starts a server that stops at a point. */
export async function gatedServer(point: Point, certificate?: ThrowAwayCertificate): Promise<GatedServer> {
  const [reached, released, served] = [signal(), signal(), signal()]
  const taken: Taken[] = []
  let transactions = 0
  const at = async (where: Point, when?: () => Promise<void>): Promise<void> => {
    if (where !== point) return
    await when?.()
    reached.fire()
    await released.promise
  }
  const options: ServeOptions = {
    hostname: HOSTNAME,
    tls: certificate !== undefined,
    mechanisms: [
      plainServer(async () => {
        await at('AUTH')
        return true
      }),
    ],
    onConnect: () => at('greeting'),
    onMail: () => {
      transactions++
      return at('MAIL')
    },
    onRecipient: async (path) => {
      await at('RCPT')
      return path !== 'postmaster' && path.localPart === REFUSED ? { code: 550, lines: ['No such user'] } : undefined
    },
    onMessage: (message) => take(message, at, taken),
  }
  const listener = await listen({
    ...(certificate && { tls: certificate }),
    onConnection: (connection) =>
      serve(
        gated(connection, at, () => tap.hello),
        options,
      ).then(served.fire),
  })
  const tap = await openTap(listener.address.port)
  return {
    port: tap.port,
    reached: reached.promise,
    release: released.fire,
    served: served.promise,
    taken,
    transactions: () => transactions,
    tap,
    async close() {
      released.fire()
      tap.close()
      await listener.close()
    },
  }
}

async function take({ content }: IncomingMessage, at: (where: Point) => Promise<void>, taken: Taken[]): Promise<void> {
  const chunks: Uint8Array[] = []
  let octets = 0
  try {
    for await (const chunk of content) {
      chunks.push(chunk)
      octets += chunk.length
      if (octets >= MIDDLE) await at('content')
    }
  } catch (error) {
    taken.push({ type: 'broken' })
    throw error
  }
  taken.push({ type: 'whole', octets: new Uint8Array(Buffer.concat(chunks)) })
  await at('dot')
}

/** A connection that stops before EHLO, and in a handshake that the bridge has begun. */
function gated(
  connection: Connection,
  at: (where: Point, when?: () => Promise<void>) => Promise<void>,
  hello: () => Promise<void>,
): Connection {
  return {
    get info() {
      return connection.info
    },
    async read() {
      const chunk = await connection.read()
      if (chunk && new TextDecoder().decode(chunk).startsWith('EHLO')) await at('EHLO')
      return chunk
    },
    write: (chunk) => connection.write(chunk),
    async startTls(options) {
      await at('STARTTLS', hello)
      return connection.startTls(options)
    },
    close: () => connection.close(),
    abort: (reason) => connection.abort(reason),
  }
}

/** What stands between bridge and server, and sees how the connection of the bridge ends. */
export interface Tap {
  readonly port: number
  /** Resolves when the bridge begins a handshake. */
  readonly hello: Promise<void>
  /** How many connections came. */
  readonly connections: () => number
  /** How those that have ended did: `end`, or the code of what broke. */
  readonly endings: readonly string[]
  /** Resets all connections, both ways. */
  reset(): void
  /** Ends all connections towards the bridge in good order. */
  end(): void
  close(): void
}

async function openTap(target: number): Promise<Tap> {
  const pairs: (readonly [Socket, Socket])[] = []
  const endings: string[] = []
  const hello = signal()
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target })
    pairs.push([near, far])
    near.on('data', ([first]: Buffer) => first === HANDSHAKE && hello.fire())
    near.on('end', () => endings.push('end'))
    near.on('error', ({ code }: NodeJS.ErrnoException) => endings.push(code ?? ''))
    far.on('error', () => undefined)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    // Without waiting: Node tells of a reset behind octets that it has not read yet as of an end.
    near.on('data', (chunk) => far.write(chunk)).on('end', () => far.end())
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    hello: hello.promise,
    connections: () => pairs.length,
    endings,
    reset() {
      for (const socket of pairs.flat()) socket.resetAndDestroy()
    },
    end() {
      for (const [near, far] of pairs) {
        far.unpipe(near)
        near.end()
      }
    },
    close() {
      for (const socket of pairs.flat()) socket.destroy()
      server.close()
    },
  }
}
