import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { ClientLink } from '../src/client/client-link.ts'

const OPENED = '{"op":"opened","credit":262144,"starttls":true}'
const TLS = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', servername: 'mx.example' }

function link(...frames: (string | Uint8Array)[]): ClientLink {
  const made = new ClientLink()
  for (const frame of frames) made.receive(frame)
  return made
}

describe('ClientLink', () => {
  test('asks for one chunk at a time before TLS, as nothing may be under way when it is raised', () => {
    const made = link(OPENED)
    expect([made.pull(), made.pull()]).toEqual(['{"op":"pull","n":1}', undefined])
    made.receive(Uint8Array.of(1))
    expect(made.pull()).toBeUndefined()
    expect(made.take()).toEqual(Uint8Array.of(1))
    expect(made.pull()).toBe('{"op":"pull","n":1}')
  })

  test('asks ahead under TLS, within four chunks', () => {
    const made = link(JSON.stringify({ op: 'opened', credit: 1, starttls: false, tls: TLS }))
    expect(made.pull()).toBe('{"op":"pull","n":4}')
    made.receive(Uint8Array.of(1))
    made.take()
    expect(made.pull()).toBeUndefined()
    made.receive(Uint8Array.of(2))
    made.take()
    expect(made.pull()).toBe('{"op":"pull","n":2}')
  })

  test('sends no more than it has credit for, in frames of 65,536 octets', () => {
    const made = link('{"op":"opened","credit":100000,"starttls":true}')
    const octets = new Uint8Array(200_000)
    expect(made.slice(octets).length).toBe(65_536)
    expect(made.slice(octets).length).toBe(34_464)
    expect(made.slice(octets).length).toBe(0)
    made.receive('{"op":"credit","bytes":10}')
    expect(made.slice(octets).length).toBe(10)
    expect(made.progress).toEqual({ sent: 100_010, passedOn: 10 })
  })

  test('gives what came before a failure, and nothing after an abort', () => {
    const made = link(OPENED)
    made.pull()
    made.receive(Uint8Array.of(1))
    made.receive('{"op":"error","code":4503,"message":"lost","retryable":true}')
    expect(made.failure?.code).toBe('BRIDGE_SERVER_LOST')
    expect(made.take()).toEqual(Uint8Array.of(1))
    const other = link(OPENED)
    other.pull()
    other.receive(Uint8Array.of(1))
    other.abort(made.failure!)
    expect(other.take()).toBeUndefined()
  })

  test.each([
    { name: 'text that is no frame', frames: [OPENED, '{'] },
    { name: 'an operation that it does not know', frames: [OPENED, '{"op":"hello"}'] },
    { name: 'opened twice', frames: [OPENED, OPENED] },
    { name: 'a chunk that was not asked for', frames: [OPENED, Uint8Array.of(1)] },
    { name: 'a chunk before it is open', frames: [Uint8Array.of(1)] },
    { name: 'credit before it is open', frames: ['{"op":"credit","bytes":1}'] },
    { name: 'credit for what was not sent', frames: [OPENED, '{"op":"credit","bytes":1}'] },
    { name: 'secure without a request', frames: [OPENED, JSON.stringify({ op: 'secure', tls: TLS })] },
    { name: 'two ends', frames: [OPENED, '{"op":"end"}', '{"op":"end"}'] },
    { name: 'TLS that is malformed', frames: ['{"op":"opened","credit":1,"starttls":true,"tls":{"protocol":"x"}}'] },
    { name: 'no first credit', frames: ['{"op":"opened","starttls":true}'] },
  ])('ends at $name', ({ frames }) => {
    expect(link(...frames).failure?.code).toBe('BRIDGE_PROTOCOL')
  })

  test('takes no chunk over its limit', () => {
    const made = link(OPENED)
    made.pull()
    made.receive(new Uint8Array(65_537))
    expect(made.failure?.code).toBe('BRIDGE_PROTOCOL')
  })

  test('raises TLS only when nothing is under way', () => {
    const made = link(OPENED)
    made.pull()
    expect(failureOf(() => made.startTls('mx.example'))).toBe('BRIDGE_TLS_INJECTION')
    made.receive(Uint8Array.of(1))
    expect(failureOf(() => made.startTls('mx.example'))).toBe('BRIDGE_TLS_INJECTION')
    made.take()
    expect(made.startTls('mx.example')).toBe('{"op":"starttls","servername":"mx.example"}')
    expect([made.isSecuring, made.pull()]).toEqual([true, undefined])
    made.receive(JSON.stringify({ op: 'secure', tls: TLS }))
    expect([made.isSecuring, made.tls]).toEqual([false, TLS])
    expect(failureOf(() => made.startTls('mx.example'))).toBe('BRIDGE_OUT_OF_TURN')
  })

  test('does not ask a bridge for TLS that it cannot raise', () => {
    expect(failureOf(() => link('{"op":"opened","credit":1,"starttls":false}').startTls('mx.example'))).toBe(
      'BRIDGE_TLS_FAILED',
    )
  })

  test('takes any frame without throwing', () => {
    const member = fc.dictionary(
      fc.constantFrom('op', 'code', 'bytes', 'tls', 'message', 'credit', 'remote'),
      fc.jsonValue(),
    )
    const frame = fc.oneof(
      fc.string(),
      fc.json(),
      member.map((value) => JSON.stringify(value)),
      fc.uint8Array(),
    )
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        const made = link(OPENED, ...frames)
        expect(made.slice(new Uint8Array(300_000)).length).toBeLessThanOrEqual(65_536)
      }),
    )
  })
})
