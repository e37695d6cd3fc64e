import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BridgeOrder } from '../src/server/order.ts'
import { BridgeSession } from '../src/server/session.ts'

const OPEN = '{"op":"open","host":"Mx.example","port":587,"tls":"none"}'
const TLS = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', servername: 'mx.example' }
const text = (data: string | Uint8Array): string => (typeof data === 'string' ? data : `${data.length} octets`)

// What a session wants, as words; each send is taken as done at once.
function orders(session: BridgeSession): string[] {
  const words: string[] = []
  for (let order = session.nextOrder(); order; order = session.nextOrder()) {
    words.push(word(order))
    if (order.type === 'send') session.sent()
  }
  return words
}

function word(order: BridgeOrder): string {
  if (order.type === 'send') return text(order.data)
  if (order.type === 'write') return `write ${order.bytes.length}`
  if (order.type === 'close')
    return ['close', order.code, order.reason, order.reset && 'reset'].filter(Boolean).join(' ')
  if (order.type === 'connect') return `connect ${order.host}:${order.port}${order.implicitTls ? ' tls' : ''}`
  return order.type
}

function opened(maxOctets = 1_000_000): BridgeSession {
  const session = new BridgeSession({ maxOctets })
  session.receive(OPEN)
  session.nextOrder()
  session.connected({})
  orders(session)
  return session
}

describe('BridgeSession', () => {
  test('connects once, and says what it has', () => {
    const session = new BridgeSession({ maxOctets: 1_000_000 })
    expect(orders(session)).toEqual([])
    session.receive(OPEN)
    expect(orders(session)).toEqual(['connect Mx.example:587'])
    session.connected({ remote: { address: '192.0.2.1', port: 587 } })
    expect(orders(session)).toEqual([
      '{"op":"opened","credit":262144,"starttls":true,"remote":{"address":"192.0.2.1","port":587}}',
    ])
  })

  test('offers no STARTTLS where TLS began at once', () => {
    const session = new BridgeSession({ maxOctets: 1000 })
    session.receive('{"op":"open","host":"mx.example","port":465,"tls":"implicit"}')
    expect(orders(session)).toEqual(['connect mx.example:465 tls'])
    session.connected({ tls: TLS })
    expect(JSON.parse(orders(session)[0]!)).toEqual({ op: 'opened', credit: 262_144, starttls: false, tls: TLS })
  })

  test.each([
    { name: 'a second open', frames: [OPEN], reason: 'turn' },
    { name: 'text that is no JSON', frames: ['{'], reason: 'frame' },
    { name: 'an operation that it does not know', frames: ['{"op":"close"}'], reason: 'frame' },
    { name: 'a list', frames: ['[]'], reason: 'frame' },
    { name: 'a control frame of 4,097 octets', frames: [`{"op":"end","x":"${'é'.repeat(2040)}"}`], reason: 'frame' },
    { name: 'a port of none', frames: ['{"op":"open","host":"a.example","port":0,"tls":"none"}'], reason: 'frame' },
    { name: 'a frame of no octets', frames: [new Uint8Array(0)], reason: 'frame' },
    { name: 'a frame of 65,537 octets', frames: [new Uint8Array(65_537)], reason: 'frame' },
    { name: 'a pull of none', frames: ['{"op":"pull","n":0}'], reason: 'frame' },
    { name: 'a pull of half', frames: ['{"op":"pull","n":0.5}'], reason: 'frame' },
    { name: 'more chunks than may be owed', frames: ['{"op":"pull","n":16}', '{"op":"pull","n":1}'], reason: 'demand' },
    { name: 'two ends', frames: ['{"op":"end"}', '{"op":"end"}'], reason: 'turn' },
    { name: 'octets after the end', frames: ['{"op":"end"}', new Uint8Array(1)], reason: 'turn' },
    { name: 'TLS for another name', frames: ['{"op":"starttls","servername":"evil.example"}'], reason: 'servername' },
    {
      name: 'TLS while a chunk is owed',
      frames: ['{"op":"pull","n":1}', '{"op":"starttls","servername":"mx.example"}'],
      reason: 'turn',
    },
    { name: 'TLS at the end', frames: ['{"op":"end"}', '{"op":"starttls","servername":"mx.example"}'], reason: 'turn' },
    {
      name: 'octets while TLS is raised',
      frames: ['{"op":"starttls","servername":"mx.example"}', new Uint8Array(1)],
      reason: 'turn',
    },
    {
      name: 'a pull while TLS is raised',
      frames: ['{"op":"starttls","servername":"mx.example"}', '{"op":"pull","n":1}'],
      reason: 'turn',
    },
  ])('ends with 4400 and a reset at $name', ({ frames, reason }) => {
    const session = opened()
    for (const frame of frames) session.receive(frame)
    expect(orders(session).at(-1)).toBe(`close 4400 ${reason} reset`)
    session.receive(OPEN)
    session.read(new Uint8Array(1))
    expect([session.phase, ...orders(session)]).toEqual(['closed'])
  })

  test.each(['{"op":"pull","n":1}', '{"op":"end"}', '{"op":"starttls","servername":"mx.example"}', new Uint8Array(1)])(
    'takes nothing but open before it is connected (%#)',
    (frame) => {
      for (const first of [undefined, OPEN]) {
        const session = new BridgeSession({ maxOctets: 1000 })
        if (first) session.receive(first)
        session.receive(frame)
        expect(orders(session).at(-1)).toBe('close 4400 turn reset')
      }
    },
  )

  test('ignores members that it does not know', () => {
    const session = new BridgeSession({ maxOctets: 1000 })
    session.receive('{"op":"open","host":"a.example","port":25,"tls":"none","later":{"a":1}}')
    expect(orders(session)).toEqual(['connect a.example:25'])
  })

  test('reads only what is owed, one chunk at a time', () => {
    const session = opened()
    session.receive('{"op":"pull","n":2}')
    expect(orders(session)).toEqual(['read'])
    session.read(new Uint8Array(3))
    expect(orders(session)).toEqual(['3 octets', 'read'])
    session.read(new Uint8Array(4))
    expect(orders(session)).toEqual(['4 octets'])
  })

  test('reads nothing while the chunk before is on its way', () => {
    const session = opened()
    session.receive('{"op":"pull","n":16}')
    session.nextOrder()
    session.read(new Uint8Array(3))
    expect(session.nextOrder()).toMatchObject({ type: 'send' })
    expect(session.nextOrder()).toBeUndefined()
    session.sent()
    expect(session.nextOrder()).toEqual({ type: 'read' })
  })

  test('cuts a chunk that is longer than a frame, and each piece is owed', () => {
    const session = opened()
    session.receive('{"op":"pull","n":1}')
    orders(session)
    session.read(new Uint8Array(70_000))
    expect(orders(session)).toEqual(['65536 octets'])
    session.receive('{"op":"pull","n":1}')
    expect(orders(session)).toEqual(['4464 octets'])
  })

  test('answers 4460 when octets of the server wait as TLS is to be raised [rfc3207 4.2]', () => {
    const session = opened()
    session.receive('{"op":"pull","n":1}')
    orders(session)
    session.read(new Uint8Array(70_000))
    orders(session)
    session.receive('{"op":"starttls","servername":"mx.example"}')
    expect(orders(session).at(-1)).toBe('close 4460 plaintext reset')
  })

  test('takes as many octets as there is credit for, and tells of what was written', () => {
    const session = opened(10_000_000)
    for (let frame = 0; frame < 4; frame++) session.receive(new Uint8Array(65_536))
    expect(orders(session)).toEqual(['write 65536'])
    session.wrote(65_536)
    expect(orders(session)).toEqual(['{"op":"credit","bytes":65536}', 'write 65536'])
    session.receive(new Uint8Array(65_536))
    session.receive(new Uint8Array(1))
    expect(orders(session)).toEqual(['close 4400 credit reset'])
  })

  test('holds small credit back until a frame goes that way', () => {
    const session = opened()
    session.receive(new Uint8Array(10))
    session.receive('{"op":"pull","n":1}')
    expect(orders(session)).toEqual(['write 10', 'read'])
    session.wrote(10)
    expect(orders(session)).toEqual([])
    session.read(new Uint8Array(5))
    expect(orders(session)).toEqual(['{"op":"credit","bytes":10}', '5 octets'])
  })

  test('raises TLS once nothing is under way', () => {
    const session = opened()
    session.receive(new Uint8Array(10))
    orders(session)
    session.receive('{"op":"starttls","servername":"MX.EXAMPLE"}')
    expect(orders(session)).toEqual([])
    session.wrote(10)
    expect(orders(session)).toEqual(['start-tls'])
    session.secured(TLS)
    expect(orders(session)).toEqual([JSON.stringify({ op: 'secure', tls: TLS })])
    session.receive('{"op":"starttls","servername":"mx.example"}')
    expect(orders(session)).toEqual(['close 4400 turn reset'])
  })

  test('ends each direction after what was written, and closes after both', () => {
    const session = opened()
    session.receive(new Uint8Array(10))
    session.receive('{"op":"end"}')
    session.receive('{"op":"pull","n":2}')
    expect(orders(session)).toEqual(['write 10', 'read'])
    session.wrote(10)
    expect(orders(session)).toEqual(['end'])
    session.read(new Uint8Array(70_000))
    session.read(undefined)
    expect(orders(session)).toEqual([
      '{"op":"credit","bytes":10}',
      '65536 octets',
      '4464 octets',
      '{"op":"end"}',
      'close 1000',
    ])
  })

  test.each([
    ['from the client', (session: BridgeSession) => session.receive(new Uint8Array(101))],
    ['from the server', (session: BridgeSession) => session.read(new Uint8Array(101))],
  ])('ends with 4413 when the octets of the ticket are used up %s', (_, use) => {
    const session = new BridgeSession({ maxOctets: 300 })
    session.receive(OPEN)
    orders(session)
    session.connected({})
    orders(session)
    session.receive('{"op":"pull","n":2}')
    session.receive(new Uint8Array(100))
    session.read(new Uint8Array(100))
    use(session)
    expect(orders(session).at(-1)).toBe('close 4413 octets reset')
  })

  test('resets the server when the client is gone, unless both directions had ended', () => {
    const session = opened()
    session.gone()
    expect(orders(session)).toEqual(['close 1000 reset'])
    session.gone()
    expect(orders(session)).toEqual([])
  })

  test('says why it ends, in one frame, with the first reason', () => {
    const session = opened()
    session.fail(4503, 'lost')
    session.fail(4408, 'idle')
    expect(session.nextOrder()).toEqual({
      type: 'close',
      code: 4503,
      reason: 'lost',
      frame: '{"op":"error","code":4503,"message":"lost","retryable":true}',
      reset: true,
    })
  })
})

const frame = fc.oneof(
  fc.constantFrom(OPEN, '{"op":"end"}', '{"op":"starttls","servername":"mx.example"}', '{', '{"op":"x"}'),
  fc.integer({ min: 1, max: 17 }).map((n) => `{"op":"pull","n":${n}}`),
  fc.integer({ min: 0, max: 70_000 }).map((length) => new Uint8Array(length)),
)
const step = fc.oneof(
  frame.map((data) => ({ type: 'frame' as const, data })),
  fc.integer({ min: 0, max: 100_000 }).map((length) => ({ type: 'chunk' as const, length })),
  fc.constantFrom('wrote' as const, 'sent' as const, 'eof' as const, 'secured' as const).map((type) => ({ type })),
)

test('BridgeSession: whatever both sides do, it reads and sends no more than is owed, and takes no more than its credit', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const session = opened(1_000_000)
      const seen = { pulled: 0, delivered: 0, taken: 0, written: 0, credit: 262_144 }
      const pending = { read: false, write: undefined as number | undefined, send: false, tls: false }
      const drain = (): void => {
        for (let order = session.nextOrder(); order; order = session.nextOrder()) note(order)
      }
      const note = (order: BridgeOrder): void => {
        if (order.type === 'read') {
          expect([pending.read, seen.delivered < seen.pulled]).toEqual([false, true])
          pending.read = true
        } else if (order.type === 'write') {
          expect([pending.write, pending.tls]).toEqual([undefined, false])
          pending.write = order.bytes.length
        } else if (order.type === 'send') {
          expect(pending.send).toBe(false)
          pending.send = true
          if (typeof order.data !== 'string') seen.delivered++
          else if (order.data.includes('credit')) seen.credit += (JSON.parse(order.data) as { bytes: number }).bytes
        } else if (order.type === 'start-tls') {
          expect([pending.read, pending.write]).toEqual([false, undefined])
          pending.tls = true
        }
      }
      for (const one of steps) {
        if (one.type === 'frame') {
          if (typeof one.data !== 'string' && session.phase === 'idle') seen.taken += one.data.length
          else if (typeof one.data === 'string' && one.data.includes('pull'))
            seen.pulled += JSON.parse(one.data).n as number
          session.receive(one.data)
        } else if (one.type === 'chunk' && pending.read) {
          pending.read = false
          session.read(new Uint8Array(one.length))
        } else if (one.type === 'eof' && pending.read) {
          pending.read = false
          session.read(undefined)
        } else if (one.type === 'secured' && pending.tls) {
          pending.tls = false
          session.secured(TLS)
        } else if (one.type === 'wrote' && pending.write !== undefined) {
          seen.written += pending.write
          session.wrote(pending.write)
          pending.write = undefined
        } else if (one.type === 'sent' && pending.send) {
          pending.send = false
          session.sent()
        }
        drain()
        if (session.phase === 'closed') return
        expect(seen.delivered).toBeLessThanOrEqual(seen.pulled)
        expect(seen.taken).toBeLessThanOrEqual(seen.credit)
        expect(seen.written).toBeLessThanOrEqual(seen.taken)
      }
    }),
    { numRuns: 500 },
  )
})
