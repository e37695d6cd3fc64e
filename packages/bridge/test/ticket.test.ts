import { decodeBase64, decodeUtf8, encodeBase64Url, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MintOptions, mintTicket, readTicket, type TicketRequest } from '../src/protocol/ticket.ts'
import { checkClaims } from '../src/protocol/ticket-claims.ts'
import { importTicketKey, type TicketKey } from '../src/protocol/ticket-key.ts'

const NOW = 1_800_000_000_000
const now = (): number => NOW
const secret = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const keyOf = (fill: number): Promise<TicketKey> => importTicketKey(secret(fill))
const REQUEST: TicketRequest = { sub: 'user-17', dst: ['smtp.example:587'] }
const GOOD = { sub: 'user-17', jti: 'one', exp: 1_800_000_060, dst: ['smtp.example:587'], max: 1000 }

/** Signs whatever is given, by the words of the protocol and not by the code under test. */
async function sign(payload: string, fill = 1): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new Uint8Array(32).fill(fill), algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(payload))
  return `ticket.${payload}.${encodeBase64Url(new Uint8Array(mac))}`
}

const signClaims = (claims: unknown): Promise<string> => sign(encodeBase64Url(encodeUtf8(JSON.stringify(claims))))

test('mintTicket: says what was asked, and what was not by default', async () => {
  const ticket = await mintTicket(
    await keyOf(1),
    { sub: 'Jürgen', dst: ['SMTP.Example:587', 'bücher.example:465'] },
    { now },
  )
  const reading = await readTicket(await keyOf(1), ticket)
  expect(reading).toEqual({
    type: 'claims',
    claims: {
      sub: 'Jürgen',
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      exp: 1_800_000_060,
      dst: ['smtp.example:587', 'xn--bcher-kva.example:465'],
      max: 67_108_864,
    },
  })
})

test('mintTicket: is what the protocol says, to the octet', async () => {
  const ticket = await mintTicket(await keyOf(1), { ...REQUEST, jti: 'one', max: 1000 }, { now })
  const [, payload] = ticket.split('.') as [string, string]
  expect(JSON.parse(decodeUtf8(decodeBase64(payload.padEnd(Math.ceil(payload.length / 4) * 4, '='))))).toEqual(GOOD)
  expect(ticket).toBe(await sign(payload))
  // RFC 9110 section 5.6.2: a subprotocol is a token.
  expect(ticket).toMatch(/^[A-Za-z0-9._-]+$/)
})

test('mintTicket: no two have the same jti', async () => {
  const key = await keyOf(1)
  const tickets = await Promise.all(Array.from({ length: 100 }, () => mintTicket(key, REQUEST, { now })))
  expect(new Set(tickets).size).toBe(100)
})

test('mintTicket: goes by the clock of the runtime unless told otherwise', async () => {
  const before = Math.floor(Date.now() / 1000)
  const reading = await readTicket(await keyOf(1), await mintTicket(await keyOf(1), REQUEST, { lifetime: 300_000 }))
  expect(reading.type === 'claims' && reading.claims.exp).toBeGreaterThanOrEqual(before + 300)
})

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `h${at}.example:587`)

test.each<{ name: string; request: Partial<TicketRequest>; options?: MintOptions }>([
  { name: 'no subject', request: { sub: '' } },
  { name: 'a subject of 129', request: { sub: 'a'.repeat(129) } },
  { name: 'a line break in the subject', request: { sub: 'a\nb' } },
  { name: 'no jti', request: { jti: '' } },
  { name: 'a jti of 129', request: { jti: 'a'.repeat(129) } },
  { name: 'a NUL in the jti', request: { jti: '\0' } },
  { name: 'no destination', request: { dst: [] } },
  { name: '33 destinations', request: { dst: many(33) } },
  { name: 'a destination without a port', request: { dst: ['smtp.example'] } },
  { name: 'an address as destination', request: { dst: ['127.0.0.1:587'] } },
  { name: 'one bad destination of two', request: { dst: ['smtp.example:587', '*:587'] } },
  { name: 'no octets', request: { max: 0 } },
  { name: 'half an octet', request: { max: 1.5 } },
  { name: 'octets without end', request: { max: Number.POSITIVE_INFINITY } },
  {
    name: 'more characters than fit',
    request: { dst: many(32).map((text) => `${'a'.repeat(60)}.${'b'.repeat(60)}.${text}`) },
  },
  { name: 'a lifetime of none', request: {}, options: { lifetime: 0 } },
  { name: 'a lifetime over five minutes', request: {}, options: { lifetime: 300_001 } },
  { name: 'a lifetime that is no number', request: {}, options: { lifetime: Number.NaN } },
  { name: 'a clock that is broken', request: {}, options: { now: () => Number.NaN } },
])('mintTicket: refuses $name', async ({ request, options = {} }) => {
  const minted = mintTicket(await keyOf(1), { ...REQUEST, ...request }, { now, ...options })
  await expect(minted).rejects.toMatchObject({ code: 'BRIDGE_BAD_TICKET' })
})

test('mintTicket: 32 destinations fit, and none stands twice', async () => {
  const ticket = await mintTicket(await keyOf(1), { ...REQUEST, dst: [...many(31), 'H0.example:587'] }, { now })
  const reading = await readTicket(await keyOf(1), ticket)
  expect(reading.type === 'claims' && reading.claims.dst).toEqual(many(31))
})

test('readTicket: any of several keys serves, while one takes the place of another', async () => {
  const [old, recent, other] = await Promise.all([keyOf(1), keyOf(2), keyOf(3)])
  for (const key of [old, recent]) {
    const ticket = await mintTicket(key, REQUEST)
    expect((await readTicket([old, recent], ticket)).type).toBe('claims')
    expect(await readTicket([other], ticket)).toEqual({ type: 'forged' })
    expect(await readTicket([], ticket)).toEqual({ type: 'forged' })
  }
})

test('readTicket: a ticket that has expired is read all the same', async () => {
  const reading = await readTicket(await keyOf(1), await signClaims({ ...GOOD, exp: 1 }))
  expect(reading).toEqual({ type: 'claims', claims: { ...GOOD, exp: 1 } })
})

test('readTicket: members that it does not know are ignored', async () => {
  const reading = await readTicket(await keyOf(1), await signClaims({ ...GOOD, iss: 'me', admin: true }))
  expect(reading).toEqual({ type: 'claims', claims: GOOD })
})

test.each([
  ...['', 'ticket', 'ticket.', 'ticket..', 'ticket.a', `ticket..${'a'.repeat(43)}`, `ticket.a.${'a'.repeat(42)}`],
  ...[
    `ticket.a.${'A'.repeat(44)}`,
    `ticket.a.b.${'A'.repeat(43)}`,
    `ticket.a=.${'A'.repeat(43)}`,
    `Ticket.a.${'A'.repeat(43)}`,
  ],
  ...[
    ` ticket.a.${'A'.repeat(43)}`,
    `ticket.a.${'A'.repeat(43)}\n`,
    `ticket.a+.${'A'.repeat(43)}`,
    `ticket.ü.${'A'.repeat(43)}`,
  ],
  // Bits beyond the last octet are set: another text for the same MAC.
  `ticket.a.${'A'.repeat(42)}B`,
])('readTicket: %j is malformed', async (text) => {
  expect(await readTicket(await keyOf(1), text)).toEqual({ type: 'malformed' })
})

test('readTicket: what is over 4,096 characters is malformed, even where its signature is good', async () => {
  const ticket = await signClaims({ ...GOOD, more: 'x'.repeat(4000) })
  expect(ticket.length).toBeGreaterThan(4096)
  expect(await readTicket(await keyOf(1), ticket)).toEqual({ type: 'malformed' })
})

test.each([
  { name: 'no JSON', claims: undefined },
  { name: 'null', claims: null },
  { name: 'a list', claims: [GOOD] },
  { name: 'a subject that is a number', claims: { ...GOOD, sub: 17 } },
  { name: 'no jti', claims: { ...GOOD, jti: undefined } },
  { name: 'an exp that is a text', claims: { ...GOOD, exp: '1800000060' } },
  { name: 'an exp with a fraction', claims: { ...GOOD, exp: 1.5 } },
  { name: 'an exp in milliseconds of far away', claims: { ...GOOD, exp: 8_640_000_000_001 } },
  { name: 'an exp before 1970', claims: { ...GOOD, exp: -1 } },
  { name: 'a destination that is no list', claims: { ...GOOD, dst: 'smtp.example:587' } },
  { name: 'a destination that is a number', claims: { ...GOOD, dst: [587] } },
  { name: 'an address as destination', claims: { ...GOOD, dst: ['[::1]:587'] } },
  { name: 'no max', claims: { ...GOOD, max: undefined } },
  { name: 'a max below one', claims: { ...GOOD, max: -1 } },
])('readTicket: $name is malformed, even where its signature is good', async ({ claims }) => {
  expect(await readTicket(await keyOf(1), await signClaims(claims))).toEqual({ type: 'malformed' })
})

test('readTicket: octets that are no UTF-8 or no Base64 are malformed, even where their signature is good', async () => {
  const key = await keyOf(1)
  const json = encodeUtf8(JSON.stringify({ ...GOOD, sub: 'X' }))
  json[json.indexOf(0x58)] = 0xff
  expect(await readTicket(key, await sign(encodeBase64Url(json)))).toEqual({ type: 'malformed' })
  expect(await readTicket(key, await sign('AAAAA'))).toEqual({ type: 'malformed' })
})

test('readTicket: no other text than the ticket itself is good', async () => {
  const key = await keyOf(1)
  const ticket = await mintTicket(key, REQUEST, { now })
  const change = fc.tuple(fc.nat(ticket.length - 1), fc.constantFrom(...'ABCabc019-_.=', ''))
  await fc.assert(
    fc.asyncProperty(change, async ([at, put]) => {
      const changed = ticket.slice(0, at) + put + ticket.slice(at + 1)
      if (changed !== ticket) expect((await readTicket(key, changed)).type).not.toBe('claims')
    }),
    { numRuns: 500 },
  )
})

test('checkClaims: takes again what it gave, and throws for nothing', () => {
  const value = fc.record(
    {
      sub: fc.oneof(fc.string(), fc.anything()),
      jti: fc.oneof(fc.string({ minLength: 1 }), fc.anything()),
      exp: fc.oneof(fc.nat(), fc.anything()),
      dst: fc.oneof(fc.array(fc.tuple(fc.domain(), fc.nat(70_000)).map((both) => both.join(':'))), fc.anything()),
      max: fc.oneof(fc.nat(), fc.anything()),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(value, fc.anything()), (given) => {
      const checked = checkClaims(given)
      if (checked.type === 'claims') expect(checkClaims(checked.claims)).toEqual(checked)
    }),
  )
})

test('importTicketKey: gives a key back that serves, and keeps the octets to itself', async () => {
  const key = await keyOf(1)
  expect(key.extractable).toBe(false)
  expect(await importTicketKey(key)).toBe(key)
})

const generate = async (
  algorithm: { readonly name: string; readonly hash: string },
  length?: number,
): Promise<TicketKey> =>
  (await crypto.subtle.generateKey({ ...algorithm, ...(length && { length }) }, true, ['sign', 'verify'])) as TicketKey

test.each<{ name: string; make: () => Promise<Uint8Array | TicketKey> }>([
  { name: '31 octets', make: async () => new Uint8Array(31) },
  { name: 'no octets', make: async () => new Uint8Array(0) },
  { name: 'a key of SHA-1', make: () => generate({ name: 'HMAC', hash: 'SHA-1' }) },
  { name: 'a short key', make: () => generate({ name: 'HMAC', hash: 'SHA-256' }, 128) },
])('importTicketKey: refuses $name', async ({ make }) => {
  await expect(importTicketKey(await make())).rejects.toMatchObject({ code: 'BRIDGE_BAD_OPTION' })
})
