import { decodeBase64, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  type ChannelBinding,
  deriveScramCredentials,
  type ExchangeContext,
  type OfferedMechanism,
  type ScramHash,
  scramClient,
  scramServer,
} from '../src/index.ts'

const USER = { username: 'user', password: 'pencil' }
const HASHES: readonly ScramHash[] = ['SHA-1', 'SHA-256', 'SHA-512']
const count = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
const EXPORTER: ChannelBinding = { type: 'tls-exporter', data: count(32) }
const CLIENT_NONCE = 'fyko+d2lbbFgONRv9qkxdawL'
const SERVER_FIRST = `r=${CLIENT_NONCE}3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096`

const END_POINT: ChannelBinding = {
  type: 'tls-server-end-point',
  data: Uint8Array.from({ length: 32 }, (_, index) => 100 + index),
}

// The first row is the example of RFC 5802 section 5; the others have its values with another hash, or bound to a
// channel, computed with hashlib and hmac of Python.
const VECTORS: readonly { hash: ScramHash; plus: boolean; spec: string; proof: string; signature: string }[] = [
  {
    hash: 'SHA-1',
    plus: false,
    spec: 'rfc5802 5',
    proof: 'v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    signature: 'rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    hash: 'SHA-512',
    plus: false,
    spec: 'rfc5802 3',
    proof: 'VdS8LkrURiej1tG6iX+fqCXQfUnBb//d9llXYaH+ylUbDwBUz9geyR9fC4TewskRUM2tlYSalhAT4Aay1Q5dTA==',
    signature: '14PAAuavk9hxBEkgB0brDxUhvWu+N16meYk+qxVNFqchR8QPohM09Y4Z6WaTCuX4C6nqMB9KIJTDm6RpSM990g==',
  },
  {
    hash: 'SHA-1',
    plus: true,
    spec: 'rfc5802 6',
    proof: 'i0z2xFi+ITaJvbLXpcWyruGx26U=',
    signature: 'YgmPUhdXTCPY9I7+PKzEdnp1cdo=',
  },
  {
    hash: 'SHA-256',
    plus: true,
    spec: 'rfc7677 3',
    proof: 'D2/elnCpWN5vzfsupEyIK53QUqQZA7VoJLvCOkoiEBw=',
    signature: '/x9512I1emNk+1VDcdC2VMj4vnhDWtaJHavjWnKxnkM=',
  },
  {
    hash: 'SHA-512',
    plus: true,
    spec: 'rfc5802 6',
    proof: 'syn8td3Kw7PaSb6sjWy/YEkJncJcfyeg5NlDHNRwFx6G7WoQCZcYYJxUmBUZtaX0xXq4oOlI2JmW+G8m0lkRHg==',
    signature: 'nCawOLK50eB3Fe3NfMksC7tMelXqjXASLzWyJsdE8vzS7VO7gluwVjXBJQe7RpfxedpurNSGb0dxn5MWJ79SeA==',
  },
]

test.each(VECTORS)('scramClient: $hash, bound: $plus [$spec]', async ({ hash, plus, proof, signature }) => {
  const random = (): Uint8Array => decodeBase64(CLIENT_NONCE)
  const client = scramClient(USER, { random, hash, plus, ...(plus && { channelBinding: EXPORTER }) })
  expect(client.name).toBe(`SCRAM-${hash}${plus ? '-PLUS' : ''}`)
  const flag = plus ? 'p=tls-exporter' : 'n'
  expect(decodeUtf8((await client.start())!)).toBe(`${flag},,n=user,r=${CLIENT_NONCE}`)
  const bound = plus ? 'cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f' : 'biws'
  expect(decodeUtf8(await client.next(encodeUtf8(SERVER_FIRST)))).toBe(
    `c=${bound},r=${CLIENT_NONCE}3rfcNHYJY1ZVvWVs7j,p=${proof}`,
  )
  expect(await client.next(encodeUtf8(`v=${signature}`))).toEqual(new Uint8Array(0))
  expect(client.complete).toBe(true)
})

// With the hash of a certificate, 100 to 131; computed as those above.
test.each<[ScramHash, string, string]>([
  ['SHA-1', 'sqvV56cD378FC8UkpEdViLpJo3U=', 'v/VCM7BRf47e6pKqRrQLXZgaHi4='],
  ['SHA-256', 'jhny4OXrpres3EHjs+mtvdKzAE+usuI8agARa3Q/w/Q=', 'wfsIJf15lp8kdStIGqzUim5aX61G1GPXuxvUfOiu6uk='],
  [
    'SHA-512',
    'M1sYs9DNqsN9VkvKwEbB6fn40HW4CbUBNUmYT87kZEoVxO976hwnxBUzwKDjlUiuaZ4hPD1Y2YbKKd95YF37Bw==',
    'DDTzWlvkVmbH3/pZ0AmFnYnLj+82heePPUjNIREsXx28uciuTfz8ATfqnzJ3VRMNKNeFIXks+vx7DcczMgXrjw==',
  ],
])('scramClient: %s, bound to the certificate of the server [rfc5929 4]', async (hash, proof, signature) => {
  const random = (): Uint8Array => decodeBase64(CLIENT_NONCE)
  const client = scramClient(USER, { random, hash, plus: true, channelBinding: END_POINT })
  expect(decodeUtf8((await client.start())!)).toBe(`p=tls-server-end-point,,n=user,r=${CLIENT_NONCE}`)
  expect(decodeUtf8(await client.next(encodeUtf8(SERVER_FIRST)))).toBe(
    `c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=,r=${CLIENT_NONCE}3rfcNHYJY1ZVvWVs7j,p=${proof}`,
  )
  await client.next(encodeUtf8(`v=${signature}`))
  expect(client.complete).toBe(true)
})

async function offer(hash: ScramHash, plus: boolean): Promise<OfferedMechanism> {
  const stored = await deriveScramCredentials(USER.password, { salt: count(16), iterations: 4096, hash })
  return scramServer({ lookup: (username) => (username === 'user' ? stored : undefined), random: count, hash, plus })
}

async function run(
  offered: OfferedMechanism,
  context: ExchangeContext,
  options: { hash: ScramHash; plus?: boolean; channelBinding?: ChannelBinding },
): Promise<string> {
  const client = scramClient(USER, { random: count, ...options })
  const server = offered.create(context)
  let step = await server.next(await client.start())
  while (step.type === 'challenge') step = await server.next(await client.next(step.data))
  return step.type
}

describe.each(HASHES)('scramServer with %s', (hash) => {
  const PLUS = `SCRAM-${hash}-PLUS`

  test.each([
    ['a client without a binding', false, {}, {}, 'success'],
    ['a client with a binding, which sees no -PLUS', false, {}, { channelBinding: EXPORTER }, 'success'],
    [
      'a client with a binding, from whom -PLUS was hidden',
      false,
      { offered: [PLUS] },
      { channelBinding: EXPORTER },
      'failure',
    ],
    [
      'a client with a binding, from whom -PLUS of another hash was hidden',
      false,
      { offered: ['SCRAM-SHA-224-PLUS'] },
      { channelBinding: EXPORTER },
      'failure',
    ],
    ['a client without a binding where -PLUS is offered', false, { offered: [PLUS] }, {}, 'success'],
    ['-PLUS', true, { channelBindings: [EXPORTER] }, { plus: true, channelBinding: EXPORTER }, 'success'],
    [
      '-PLUS with one of several bindings',
      true,
      { channelBindings: [{ type: 'tls-server-end-point', data: count(9) }, EXPORTER] },
      { plus: true, channelBinding: { type: 'tls-server-end-point', data: count(9) } },
      'success',
    ],
    [
      '-PLUS through somebody in the middle',
      true,
      { channelBindings: [{ ...EXPORTER, data: count(31) }] },
      { plus: true, channelBinding: EXPORTER },
      'failure',
    ],
    [
      '-PLUS with another type',
      true,
      { channelBindings: [{ ...EXPORTER, type: 'tls-unique' }] },
      { plus: true, channelBinding: EXPORTER },
      'failure',
    ],
    ['-PLUS without TLS', true, {}, { plus: true, channelBinding: EXPORTER }, 'failure'],
    [
      'the name without -PLUS and a flag of -PLUS',
      false,
      { channelBindings: [EXPORTER] },
      { plus: true, channelBinding: EXPORTER },
      'failure',
    ],
    ['the name of -PLUS and a flag without', true, { channelBindings: [EXPORTER] }, {}, 'failure'],
  ] as const)('scramServer: %s [rfc5802 6]', async (_, plus, context, options, result) => {
    expect(await run(await offer(hash, plus), context, { hash, ...options })).toBe(result)
  })

  test('scramServer: keys of another hash prove nothing', async () => {
    const other = hash === 'SHA-1' ? 'SHA-256' : 'SHA-1'
    const stored = await deriveScramCredentials(USER.password, { salt: count(16), iterations: 4096, hash: other })
    expect(await run(scramServer({ lookup: () => stored, random: count, hash }), {}, { hash })).toBe('failure')
  })
})

test('scramServer: -PLUS tells that it needs a channel binding', async () => {
  expect((await offer('SHA-256', true)).needsChannelBinding).toBe(true)
  expect((await offer('SHA-256', false)).needsChannelBinding).toBeUndefined()
})

test('scramClient: -PLUS without a channel binding is refused [rfc5802 6]', () => {
  expect(failureOf(() => scramClient(USER, { random: count, plus: true }))).toBe('SASL_BAD_CREDENTIALS')
})

test.each(['', 'tls-exporter,,n=root', 'a\r\nb'])('scramClient: the binding %j is none [rfc5802 7]', (type) => {
  const channelBinding = { type, data: count(32) } as unknown as ChannelBinding
  expect(failureOf(() => scramClient(USER, { random: count, plus: true, channelBinding }))).toBe('SASL_BAD_CREDENTIALS')
})

test('scramClient: the error of a server is told, if it is one that RFC 5802 knows [rfc5802 7]', async () => {
  for (const [said, told] of [
    ['e=invalid-proof', /the server says invalid-proof/],
    ['e=\u001b[31mred', /did not prove/],
  ] as const) {
    const client = scramClient(USER, { random: () => decodeBase64(CLIENT_NONCE), hash: 'SHA-1' })
    await client.start()
    await client.next(encodeUtf8(SERVER_FIRST))
    await expect(client.next(encodeUtf8(said))).rejects.toThrow(told)
    expect(client.complete).toBe(false)
  }
  const early = scramClient(USER, { random: count }).next(encodeUtf8('e=no-resources'))
  await expect(early).rejects.toMatchObject({
    code: 'SASL_BAD_CHALLENGE',
    message: expect.stringContaining('the server says no-resources'),
  })
})
