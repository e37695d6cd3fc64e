import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mintTicket, type TicketRequest } from '../src/protocol/ticket.ts'
import { importTicketKey, type TicketKey } from '../src/protocol/ticket-key.ts'
import { type Admission, type AdmissionContext, admit, type Upgrade } from '../src/server/admission.ts'
import { checkPolicy } from '../src/server/policy.ts'
import { AddressRate } from '../src/server/rate.ts'
import { Slots } from '../src/server/slots.ts'
import { memoryUsedTickets, type UsedTickets } from '../src/server/used-tickets.ts'

const START = 1_800_000_000_000
const keyOf = (fill: number): Promise<TicketKey> => importTicketKey(new Uint8Array(32).fill(fill))
const POLICY = checkPolicy({ origins: ['https://app.test'], destinations: ['smtp.example'], maxOctets: 5000 })

class Rig {
  time = START
  readonly used: string[] = []
  readonly slots: Slots
  readonly #memory: UsedTickets
  readonly context: Promise<AdmissionContext>

  constructor({ slots = new Slots(), burst = 1000, fails = false } = {}) {
    this.slots = slots
    const now = (): number => this.time
    this.#memory = memoryUsedTickets({ now })
    const used: UsedTickets = {
      use: async (jti, until) => {
        if (fails) throw new Error('down')
        const isFirst = await this.#memory.use(jti, until)
        if (isFirst) this.used.push(jti)
        return isFirst
      },
    }
    const rate = new AddressRate({ perSecond: 1, burst }, { now })
    this.context = keyOf(1).then((key) => ({ policy: POLICY, keys: [key], used, slots, rate, now }))
  }

  async mint(request: Partial<TicketRequest> = {}, fill = 1): Promise<string> {
    const claims = { sub: 'user-17', jti: 'one', dst: ['smtp.example:587'], max: 1000, ...request }
    return mintTicket(await keyOf(fill), claims, { now: () => this.time })
  }

  async admit(upgrade: Partial<Upgrade>): Promise<Admission> {
    return admit(
      { origin: 'https://app.test', protocols: undefined, address: '192.0.2.1', ...upgrade },
      await this.context,
    )
  }
}

const offer = (...words: readonly string[]): string => ['mail-bridge.v1', ...words].join(', ')
const told = (admission: Admission): string =>
  admission.type === 'accept'
    ? 'accept'
    : `${admission.type === 'refuse' ? admission.status : admission.code} ${admission.reason}`

test('admit: who has a good ticket is admitted, and holds a slot until it is released', async () => {
  const rig = new Rig()
  const admission = await rig.admit({ protocols: offer(await rig.mint()) })
  expect(admission).toEqual({
    type: 'accept',
    claims: { sub: 'user-17', jti: 'one', exp: START / 1000 + 60, dst: ['smtp.example:587'], max: 1000 },
    release: expect.any(Function),
  })
  expect([rig.slots.taken, rig.used]).toEqual([1, ['one']])
  if (admission.type === 'accept') admission.release()
  expect(rig.slots.taken).toBe(0)
})

test('admit: the policy bounds the octets that a ticket allows', async () => {
  const rig = new Rig()
  const admission = await rig.admit({ protocols: offer(await rig.mint({ max: 6000 })) })
  expect(admission).toMatchObject({ type: 'accept', claims: { max: 5000 } })
})

test('admit: the order, the blanks and what else is offered do not matter [rfc6455 4.3]', async () => {
  for (const shape of [
    'mail-bridge.v1,T',
    'T, mail-bridge.v1',
    ' mail-bridge.v1 ,\tT ',
    'other, mail-bridge.v1, ,T, mail-bridge.v2',
  ]) {
    const rig = new Rig()
    expect(told(await rig.admit({ protocols: shape.replace('T', await rig.mint()) }))).toBe('accept')
  }
})

test.each<{ name: string; expected: string; make: (rig: Rig) => Promise<Partial<Upgrade>> }>([
  { name: 'no subprotocol', expected: '400 protocol', make: async () => ({}) },
  { name: 'the subprotocol alone', expected: '400 protocol', make: async () => ({ protocols: offer() }) },
  { name: 'the ticket alone', expected: '400 protocol', make: async (rig) => ({ protocols: await rig.mint() }) },
  {
    name: 'another version',
    expected: '400 protocol',
    make: async (rig) => ({ protocols: `mail-bridge.v2, ${await rig.mint()}` }),
  },
  {
    name: 'the subprotocol in upper case',
    expected: '400 protocol',
    make: async (rig) => ({ protocols: `MAIL-BRIDGE.V1, ${await rig.mint()}` }),
  },
  {
    name: 'two tickets',
    expected: '400 protocol',
    make: async (rig) => ({ protocols: offer(await rig.mint(), await rig.mint({ jti: 'two' })) }),
  },
  {
    name: 'a list of subprotocols without end',
    expected: '400 protocol',
    make: async (rig) => ({ protocols: offer(await rig.mint(), 'x'.repeat(8192)) }),
  },
  { name: 'a malformed ticket', expected: '401 ticket', make: async () => ({ protocols: offer('ticket.a.b') }) },
  {
    name: 'a forged ticket',
    expected: '401 ticket',
    make: async (rig) => ({ protocols: offer(await rig.mint({}, 2)) }),
  },
  {
    name: 'a ticket that is too long',
    expected: '401 ticket',
    make: async () => ({ protocols: offer(`ticket.${'A'.repeat(4096)}.${'A'.repeat(43)}`) }),
  },
  ...['https://evil.test', 'https://app.test.evil.test', 'null', '', 'http://app.test'].map((origin) => ({
    name: `the origin "${origin}"`,
    expected: '403 origin',
    make: async (rig: Rig) => ({ origin, protocols: offer(await rig.mint()) }),
  })),
  {
    name: 'no origin',
    expected: '403 origin',
    make: async (rig) => ({ origin: undefined, protocols: offer(await rig.mint()) }),
  },
  {
    name: 'a ticket that has just expired',
    expected: '4401 expired',
    make: async (rig) => {
      const protocols = offer(await rig.mint())
      rig.time += 60_000
      return { protocols }
    },
  },
])('admit: $name is answered $expected, takes no slot and uses no ticket', async ({ make, expected }) => {
  const rig = new Rig()
  expect(told(await rig.admit(await make(rig)))).toBe(expected)
  expect([rig.slots.taken, rig.used]).toEqual([0, []])
  // The ticket that was not used is good yet.
  rig.time = START
  expect(told(await rig.admit({ protocols: offer(await rig.mint()) }))).toBe('accept')
})

test('admit: a ticket is good until it expires, and once', async () => {
  const rig = new Rig()
  const protocols = offer(await rig.mint())
  rig.time += 59_999
  const first = await rig.admit({ protocols })
  const second = await rig.admit({ protocols })
  expect([told(first), told(second), rig.slots.taken]).toEqual(['accept', '4401 used', 1])
  if (first.type === 'accept') first.release()
  expect([told(await rig.admit({ protocols })), rig.slots.taken]).toEqual(['4401 used', 0])
})

test('admit: of many upgrades at once with one ticket, one is admitted', async () => {
  const rig = new Rig({ slots: new Slots({ perSubject: 100 }) })
  const protocols = offer(await rig.mint())
  const all = await Promise.all(Array.from({ length: 20 }, () => rig.admit({ protocols })))
  expect(all.map(told).sort()).toEqual([...new Array(19).fill('4401 used'), 'accept'])
  expect(rig.slots.taken).toBe(1)
})

test.each([
  { limits: { total: 1 }, expected: '503 total' },
  { limits: { perSubject: 1 }, expected: '4429 subject' },
  { limits: { perAddress: 1 }, expected: '4429 address' },
])('admit: over $limits it is answered $expected, and the ticket stays good', async ({ limits, expected }) => {
  const rig = new Rig({ slots: new Slots(limits) })
  const first = await rig.admit({ protocols: offer(await rig.mint()) })
  const protocols = offer(await rig.mint({ jti: 'two' }))
  expect(told(await rig.admit({ protocols }))).toBe(expected)
  expect([rig.slots.taken, rig.used]).toEqual([1, ['one']])
  if (first.type === 'accept') first.release()
  expect(told(await rig.admit({ protocols }))).toBe('accept')
})

test.each([
  { limits: { perSubject: 3 }, expected: '4429 subject' },
  { limits: { total: 3 }, expected: '503 total' },
])('admit: many at once do not pass $limits together', async ({ limits, expected }) => {
  const rig = new Rig({ slots: new Slots(limits) })
  const tickets = await Promise.all(Array.from({ length: 10 }, (_, at) => rig.mint({ jti: `t${at}` })))
  const all = await Promise.all(tickets.map((ticket) => rig.admit({ protocols: offer(ticket) })))
  expect(all.map(told).sort()).toEqual([...new Array(7).fill(expected), ...new Array(3).fill('accept')])
  expect([rig.slots.taken, rig.used.length]).toEqual([3, 3])
})

test('admit: a bridge that is full looks into no ticket', async () => {
  const rig = new Rig({ slots: new Slots({ total: 0 }) })
  expect(told(await rig.admit({ protocols: offer(await rig.mint({}, 2)) }))).toBe('503 total')
})

test('admit: a bridge that shuts down answers 503', async () => {
  const rig = new Rig()
  rig.slots.close()
  expect(told(await rig.admit({ protocols: offer(await rig.mint()) }))).toBe('503 total')
})

test('admit: where it cannot be known whether a ticket was used, nobody is admitted', async () => {
  const rig = new Rig({ fails: true })
  const admission = await rig.admit({ protocols: offer(await rig.mint()) })
  expect(admission).toEqual({ type: 'refuse', status: 503, reason: 'memory', cause: new Error('down') })
  expect(rig.slots.taken).toBe(0)
})

test('admit: new connections of one address that come too fast are answered 429, whatever they bring', async () => {
  const rig = new Rig({ burst: 2 })
  const protocols = offer(await rig.mint())
  expect([told(await rig.admit({})), told(await rig.admit({ origin: 'null', protocols }))]).toEqual([
    '400 protocol',
    '403 origin',
  ])
  expect([told(await rig.admit({ protocols })), rig.used]).toEqual(['429 rate', []])
  expect(told(await rig.admit({ protocols, address: '192.0.2.2' }))).toBe('accept')
})

test('admit: whatever comes, it does not reject, and only who is admitted holds a slot and has used a ticket', async () => {
  const text = fc.string({ unit: fc.constantFrom('mail-bridge.v1', 'ticket.', ',', ' ', 'A', '.', '\0', 'ü') })
  const protocols = fc.oneof(text, fc.constantFrom('good', 'forged', undefined))
  const origin = fc.oneof(fc.constantFrom('https://app.test', 'null', undefined), fc.webUrl())
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ protocols, origin }), { maxLength: 8 }), async (upgrades) => {
      const rig = new Rig({ slots: new Slots({ total: 2 }) })
      let open = 0
      for (const [at, { protocols: given, origin: from }] of upgrades.entries()) {
        const fill = given === 'good' ? 1 : 2
        const words = given === 'good' || given === 'forged' ? offer(await rig.mint({ jti: `t${at}` }, fill)) : given
        const admission = await rig.admit({ protocols: words, origin: from })
        expect(admission.type === 'accept').toBe(given === 'good' && from === 'https://app.test' && open < 2)
        if (admission.type === 'accept') open++
        expect([rig.slots.taken, rig.used.length]).toEqual([open, open])
      }
    }),
  )
})
