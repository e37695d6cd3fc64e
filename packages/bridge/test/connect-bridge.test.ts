import { type BridgeOptions, connectBridge } from '@posthorn/bridge'
import { decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import { plainServer } from '@posthorn/sasl'
import { type Connection, memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { CLOSE_CODES } from '../src/protocol/close-code.ts'
import type { BridgeSocket } from '../src/server/run-bridge.ts'
import { memoryWebSocket } from './socket-pair.ts'

const OPENED = '{"op":"opened","credit":100,"starttls":true}'
const TLS = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', servername: 'mx.example' }
const SECRET = 'ticket.c2VjcmV0.bWFj'

// A bridge of which the test plays every part.
function scripted(answer: (frame: string | Uint8Array, socket: BridgeSocket) => unknown, protocol = 'mail-bridge.v1') {
  const seen = { sockets: 0, protocols: [] as string[], frames: [] as string[], closed: 0 }
  const sockets: BridgeSocket[] = []
  const webSocket = memoryWebSocket((socket, protocols) => {
    seen.sockets++
    seen.protocols = protocols
    sockets.push(socket)
    socket.listen({
      onFrame: (frame) => {
        seen.frames.push(typeof frame === 'string' ? frame : decodeLatin1(frame))
        void answer(frame, socket)
      },
      onClose: (code) => {
        seen.closed = code
      },
    })
    return protocol
  })
  const options: BridgeOptions = {
    url: 'wss://bridge.example',
    ticket: SECRET,
    host: 'MX.example',
    port: 587,
    webSocket,
  }
  return { seen, sockets, options }
}

const opens = (frame: string | Uint8Array, socket: BridgeSocket): unknown =>
  typeof frame === 'string' && frame.includes('open') && socket.send(OPENED)

// Timers that the test fires.
function virtualTimers() {
  const timers: (() => void)[] = []
  const startTimer = (_: number, callback: () => void): (() => void) => {
    timers.push(callback)
    return () => timers.splice(timers.indexOf(callback), 1)
  }
  return { timers, platform: { startTimer } }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('connectBridge', () => {
  test('offers the protocol and the ticket, and asks for the server', async () => {
    const { seen, options } = scripted(opens)
    const connection = await connectBridge(options)
    expect(seen.protocols).toEqual(['mail-bridge.v1', SECRET])
    expect(seen.frames).toEqual(['{"op":"open","host":"MX.example","port":587,"tls":"none"}'])
    expect(connection.info).toEqual({ via: 'bridge' })
  })

  test.each([
    { url: 'https://bridge.example' },
    { url: 'bridge.example' },
    { url: 'ws://bridge.example' },
    { url: 'ws://localhost.example' },
    { url: 'ws://10.0.0.1' },
    { host: '' },
    { port: 0 },
    { port: 65_536 },
    { port: 1.5 },
    { ticket: 'a ticket' },
    { ticket: 'ticket.a=.b' },
    { ticket: `ticket.${'a'.repeat(4096)}.b` },
    { ticket: () => '' },
  ])('refuses %j before anything is sent', async (wrong) => {
    const { seen, options } = scripted(opens)
    expect(await rejectionOf(() => connectBridge({ ...options, ...wrong }))).toBe('BRIDGE_BAD_OPTION')
    expect(seen.sockets).toBe(0)
  })

  test.each(['ws://localhost:8080', 'ws://127.0.0.1:8080/mail', 'ws://[::1]:8080'])(
    'takes %s, which is this machine',
    async (url) => {
      expect((await connectBridge({ ...scripted(opens).options, url })).info.via).toBe('bridge')
    },
  )

  test('asks for a ticket for each connection', async () => {
    let asked = 0
    const { options, seen } = scripted(opens)
    const ticket = async (): Promise<string> => `ticket.a.${++asked}`
    await connectBridge({ ...options, ticket })
    await connectBridge({ ...options, ticket })
    expect(seen.protocols).toEqual(['mail-bridge.v1', 'ticket.a.2'])
  })

  test('gives up while it waits for a ticket', async () => {
    const { options, seen } = scripted(opens)
    const giveUp = new AbortController()
    const ticket = async (): Promise<string> => {
      giveUp.abort()
      await settled()
      return SECRET
    }
    expect(await rejectionOf(() => connectBridge({ ...options, ticket, signal: giveUp.signal }))).toBe('BRIDGE_ABORTED')
    await settled()
    expect(seen.sockets).toBe(0)
  })

  test('gives up while the bridge connects, and tells it so', async () => {
    const giveUp = new AbortController()
    const { options, seen } = scripted(() => giveUp.abort())
    expect(await rejectionOf(() => connectBridge({ ...options, signal: giveUp.signal }))).toBe('BRIDGE_ABORTED')
    await settled()
    expect(seen.closed).toBe(4000)
    expect(await rejectionOf(() => connectBridge({ ...options, signal: giveUp.signal }))).toBe('BRIDGE_ABORTED')
    expect(seen.sockets).toBe(1)
  })

  test('waits no longer than it is told', async () => {
    const { timers, platform } = virtualTimers()
    const { options, seen } = scripted(() => timers[0]?.())
    expect(await rejectionOf(() => connectBridge({ ...options, platform }))).toBe('BRIDGE_TIMEOUT')
    await settled()
    expect([seen.closed, timers.length]).toEqual([4000, 0])
  })

  test.each([
    { protocol: '', code: 'BRIDGE_PROTOCOL' },
    { protocol: 'mail-bridge.v2', code: 'BRIDGE_PROTOCOL' },
    { protocol: undefined, code: 'BRIDGE_UNREACHABLE' },
  ])('takes no other protocol than its own ($protocol)', async ({ protocol, code }) => {
    const { options } = scripted(opens, protocol as string)
    const webSocket = protocol === undefined ? memoryWebSocket(() => undefined) : options.webSocket!
    expect(await rejectionOf(() => connectBridge({ ...options, webSocket }))).toBe(code)
  })

  test.each(Object.entries(CLOSE_CODES))('close code %s has an error of its own', async (code, { code: expected }) => {
    const { options } = scripted((_, socket) => socket.close(Number(code), 'word'))
    expect(await rejectionOf(() => connectBridge(options))).toBe(expected)
  })

  test.each([['error'], ['error', 'close'], ['close']])('a refused upgrade, told of by %s %s', async (...events) => {
    const refuses = class {
      binaryType = ''
      readonly protocol = ''
      readonly #listeners: Record<string, (event: { code: number }) => void> = {}
      constructor() {
        setTimeout(() => {
          for (const type of events.filter(Boolean)) this.#listeners[type]?.({ code: 1002 })
        }, 0)
      }
      addEventListener(type: string, listener: (event: { code: number }) => void): void {
        this.#listeners[type] = listener
      }
      send(): void {}
      close(): void {}
    } as unknown as NonNullable<BridgeOptions['webSocket']>
    const { options } = scripted(opens)
    expect(await rejectionOf(() => connectBridge({ ...options, webSocket: refuses }))).toBe('BRIDGE_UNREACHABLE')
  })

  test('says nothing of the ticket, whatever fails', async () => {
    const refuses = class {
      constructor(_: string, protocols: string[]) {
        throw new SyntaxError(`The subprotocol '${protocols.join()}' is invalid`)
      }
    } as unknown as NonNullable<BridgeOptions['webSocket']>
    const { options } = scripted(opens)
    const error = await connectBridge({ ...options, webSocket: refuses }).catch((cause: unknown) => cause as MailError)
    expect(error).toBeInstanceOf(MailError)
    expect(`${(error as MailError).message}${String((error as MailError).cause)}`).not.toContain('c2VjcmV0')
  })
})

describe('BridgeConnection', () => {
  test('says who verified the certificate, and which it was', async () => {
    const peer = { names: ['mx.example'], issuer: 'CN=A', notAfter: '2027-01-01T00:00:00.000Z', sha256: '00' }
    const secure = JSON.stringify({ op: 'secure', tls: { ...TLS, peer } })
    const { options, seen } = scripted((frame, socket) => socket.send(String(frame).includes('open') ? OPENED : secure))
    const connection = await connectBridge(options)
    const { servername: serverName, ...tls } = TLS
    const expected = { ...tls, peer, serverName, verifiedBy: 'bridge' }
    expect(await connection.startTls({ serverName: 'mx.example' })).toEqual(expected)
    expect(connection.info.tls).toEqual(expected)
    expect(seen.frames[1]).toBe('{"op":"starttls","servername":"mx.example"}')
  })

  test('asks for no certificate but that of the host', async () => {
    const { options } = scripted(opens)
    const connection = await connectBridge(options)
    expect(await rejectionOf(() => connection.startTls({ serverName: 'other.example' }))).toBe('BRIDGE_BAD_OPTION')
  })

  test('says that nobody verified anything where others can listen', async () => {
    const opened = JSON.stringify({ op: 'opened', credit: 1, starttls: false, tls: TLS })
    const { options } = scripted((_, socket) => socket.send(opened))
    const plain = { url: 'ws://bridge.example', unsafePlainWebSocket: true, implicitTls: true }
    expect((await connectBridge({ ...options, ...plain })).info.tls?.verifiedBy).toBe('nobody')
    expect((await connectBridge({ ...options, implicitTls: true })).info.tls?.verifiedBy).toBe('bridge')
  })

  test('writes within its credit, and tells how far it came', async () => {
    const progress: number[][] = []
    const { options, seen, sockets } = scripted(opens)
    const onProgress = ({ sent, passedOn }: { sent: number; passedOn: number }): unknown =>
      progress.push([sent, passedOn])
    const connection = await connectBridge({ ...options, onProgress })
    const writing = connection.write(new Uint8Array(150))
    await settled()
    expect(seen.frames[1]?.length).toBe(100)
    await sockets[0]!.send('{"op":"credit","bytes":60}')
    await writing
    expect(progress.at(-1)).toEqual([150, 60])
    await sockets[0]!.send('{"op":"credit","bytes":90}')
    expect(progress.at(-1)).toEqual([150, 150])
  })

  test.each([
    { name: 'a close frame', end: (socket: BridgeSocket) => socket.close(4503, 'lost'), code: 'BRIDGE_SERVER_LOST' },
    { name: 'nothing', end: (socket: BridgeSocket) => socket.close(1006, ''), code: 'BRIDGE_LOST' },
    {
      name: 'a good end of the WebSocket',
      end: (socket: BridgeSocket) => socket.close(1000, ''),
      code: 'BRIDGE_CLOSED',
    },
  ])('what is outstanding rejects after $name, and nothing is opened again', async ({ end, code }) => {
    const { options, seen, sockets } = scripted(opens)
    const connection = await connectBridge(options)
    const [reading, writing] = [connection.read(), connection.write(new Uint8Array(200))]
    const outcomes = Promise.all([rejectionOf(() => reading), rejectionOf(() => writing)])
    await settled()
    end(sockets[0]!)
    expect(await outcomes).toEqual([code, code])
    expect(await rejectionOf(() => connection.read())).toBe(code)
    expect(await rejectionOf(() => connection.write(Uint8Array.of(1)))).toBe(code)
    await connection.close()
    expect(seen.sockets).toBe(1)
  })

  test('closes in good order: its end, what still comes, then 1000', async () => {
    const { options, seen, sockets } = scripted(opens)
    const connection = await connectBridge(options)
    const closing = connection.close()
    await settled()
    expect(seen.frames.slice(1)).toEqual(['{"op":"end"}', '{"op":"pull","n":1}'])
    await sockets[0]!.send(encodeUtf8('221 Bye\r\n'))
    await settled()
    expect(seen.frames.at(-1)).toBe('{"op":"pull","n":1}')
    await sockets[0]!.send('{"op":"end"}')
    await closing
    await settled()
    expect(seen.closed).toBe(1000)
  })

  test('closes within two seconds, whatever the bridge does', async () => {
    const { timers, platform } = virtualTimers()
    const { options, seen } = scripted(opens)
    const connection = await connectBridge({ ...options, platform })
    const closing = connection.close()
    await settled()
    timers[0]!()
    await closing
    await settled()
    expect(seen.closed).toBe(4000)
  })
})

describe('passthrough', () => {
  // What stands for TLS here: each octet is turned over.
  const turn = (octets: Uint8Array): Uint8Array => octets.map((octet) => octet ^ 255)

  function raised(connection: Pick<Connection, 'read' | 'write'>) {
    return {
      tls: { protocol: 'turned', cipher: 'none' },
      read: async () => {
        const octets = await connection.read()
        return octets && turn(octets)
      },
      write: (octets: Uint8Array) => connection.write(turn(octets)),
      close: () => connection.write(encodeUtf8('bye')),
    }
  }

  test('the bridge sees ciphertext alone, and this end vouches for the certificate', async () => {
    const { options, seen, sockets } = scripted(opens)
    const names: string[] = []
    const connection = await connectBridge({
      ...options,
      raiseTls: async (channel, { serverName }) => {
        names.push(serverName)
        return raised(channel)
      },
    })
    const expected = { protocol: 'turned', cipher: 'none', verifiedBy: 'local', serverName: 'mx.example' }
    expect(await connection.startTls({})).toEqual(expected)
    await connection.write(encodeUtf8('secret'))
    await settled()
    expect(seen.frames.slice(1).join()).toBe(decodeLatin1(turn(encodeUtf8('secret'))))
    const reading = connection.read()
    await settled()
    await sockets[0]!.send(turn(encodeUtf8('250 ok')))
    expect(await reading).toEqual(encodeUtf8('250 ok'))
    void connection.close()
    await settled()
    expect([names, seen.frames.slice(-3)]).toEqual([['mx.example'], ['bye', '{"op":"end"}', '{"op":"pull","n":1}']])
  })

  test('TLS at once is raised here too', async () => {
    const { options, seen } = scripted(opens)
    const connection = await connectBridge({
      ...options,
      implicitTls: true,
      raiseTls: async (channel) => raised(channel),
    })
    expect([JSON.parse(seen.frames[0]!).tls, connection.info.tls?.verifiedBy]).toEqual(['none', 'local'])
  })

  test('is refused while octets that came before it wait', async () => {
    const { options, sockets } = scripted(opens)
    const connection = await connectBridge({ ...options, raiseTls: async (channel) => raised(channel) })
    const reading = connection.read()
    expect(await rejectionOf(() => connection.startTls({}))).toBe('BRIDGE_OUT_OF_TURN')
    await settled()
    await sockets[0]!.send(encodeUtf8('220 go'))
    await reading
    expect((await connection.startTls({})).verifiedBy).toBe('local')
    expect(await rejectionOf(() => connection.startTls({}))).toBe('BRIDGE_OUT_OF_TURN')
  })
})

test.each([
  { trust: {}, expected: 'SMTP_UNSAFE_AUTH' },
  { trust: { unsafeTrustBridge: true }, expected: 'none' },
])(
  'SmtpClient: sends credentials through a bridge that sees them only when told so ($expected)',
  async ({ trust, expected }) => {
    const [near, far] = memoryPair({ verifiedBy: 'bridge' })
    const mechanisms = [plainServer(({ password }) => password === 'secret')]
    const done = serve(far, { hostname: 'mx.example', tls: true, mechanisms, onMessage: () => undefined })
    const credentials = { username: 'ada', password: 'secret' }
    const client = new SmtpClient(near, { credentials, serverName: 'mx.example', ...trust })
    expect(await rejectionOf(() => client.open())).toBe(expected)
    near.abort()
    await done.catch(() => undefined)
  },
)
