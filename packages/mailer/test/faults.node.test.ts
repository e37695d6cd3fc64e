import { plainServer } from '@posthorn/sasl'
import type { Connection, SmtpClientOptions } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../smtp/test/clock.ts'
import type { MailOutcome, PoolOptions } from '../src/index.ts'
import { disagreement, recipientsOf } from './lib/accounting.ts'
import { type Counted, FAULTS, type Fault, FaultyConnection, placesOf } from './lib/faults.ts'
import { type MemoryServerOptions, mailerTo, memoryServer } from './lib/network.ts'

interface Variant {
  readonly client: Partial<SmtpClientOptions> & { readonly transmission?: { readonly chunking: 'never' } }
  readonly server: MemoryServerOptions
  readonly pool: PoolOptions
  readonly messages: number
  /** Which session of the mailer the fault strikes; 0: every one. */
  readonly session: number
}

const ALONE = { pool: { maxConnections: 1 }, messages: 1, session: 1 } as const
const credentials = { username: 'ada', password: 'correct horse' }
const mechanisms = [plainServer(() => true)]

const VARIANTS: Readonly<Record<string, Variant>> = {
  'one message by BDAT': { client: {}, server: {}, ...ALONE },
  'one message by DATA': { client: { transmission: { chunking: 'never' } }, server: {}, ...ALONE },
  'one message in lock step': { client: { pipelining: 'none' }, server: {}, ...ALONE },
  'one message after STARTTLS and AUTH': {
    client: { tls: 'required', credentials },
    server: { tls: true, mechanisms },
    ...ALONE,
  },
  'one message, every session broken': { client: {}, server: {}, ...ALONE, session: 0 },
  'a pool, its first session broken': {
    client: { transmission: { chunking: 'never' } },
    server: {},
    pool: { maxConnections: 2 },
    messages: 5,
    session: 1,
  },
  'a pool of laced messages, its first session broken': {
    client: { pipelining: 'messages' },
    server: {},
    pool: { maxConnections: 2 },
    messages: 6,
    session: 1,
  },
  'a pool, every session broken': {
    client: {},
    server: {},
    pool: { maxConnections: 2, maxMessages: 2 },
    messages: 4,
    session: 0,
  },
}

/** Lets promises settle; where nothing more happens, time passes. */
async function finish<T>(work: Promise<T>, clock: VirtualClock): Promise<T> {
  let done = false
  work.finally(() => {
    done = true
  })
  for (let turn = 0; !done && turn < 10_000; turn++) {
    await new Promise(setImmediate)
    if (!done && turn % 2 === 1) clock.advance(clock.next ?? 0)
  }
  return work
}

interface Run {
  readonly outcomes: readonly MailOutcome[]
  readonly taken: readonly string[]
  readonly counted: Counted
  readonly struck: boolean
  readonly timers: number | undefined
}

const GOING_AWAY = { code: 421, lines: ['4.3.2 mx.example goes away'] }

async function run({ client, server: options, pool, messages, session: broken }: Variant, fault?: Fault): Promise<Run> {
  const platform = new VirtualClock()
  const connections: FaultyConnection[] = []
  let decisions = 0

  const decide = () => {
    const isStruck = fault?.direction === 'decisions' && decisions === fault.after
    decisions++
    return isStruck ? GOING_AWAY : undefined
  }
  const server = memoryServer({
    ...options,
    platform,
    onConnect: decide,
    onMail: decide,
    onRecipient: decide,
    onMessage: decide,
    between(near: Connection, session) {
      const strikes = fault?.direction !== 'decisions' && (broken === 0 || session === broken)
      const connection = new FaultyConnection(near, strikes ? fault : undefined)
      connections.push(connection)
      return connection
    },
  })
  const { mailer } = mailerTo(server, { tls: 'none', ...client, pool, platform })
  const mails = Array.from({ length: messages }, (_, index) => ({
    from: 'a@example.org',
    to: recipientsOf(index),
    text: 'Hello\n',
  }))
  const outcomes = await finish(Promise.all(mails.map((mail) => mailer.send(mail))), platform)
  await finish(mailer.close(), platform)
  await finish(server.ended(), platform)
  return {
    outcomes,
    taken: server.taken.flatMap(({ to }) => to),
    counted: { ...connections[0]!.counted, decisions },
    struck: connections.some(({ struck }) => struck) || (fault?.direction === 'decisions' && decisions > fault.after),
    timers: platform.next,
  }
}

// What is wrong with a run: nothing, or what the outcomes and what the server took do not agree on.
function wrongWith({ outcomes, taken, timers }: Run, messages: number): string | undefined {
  if (outcomes.length !== messages) return 'a message has no outcome'
  const wrong = disagreement(outcomes, taken)
  if (wrong) return wrong
  return timers === undefined ? undefined : 'a timer is left'
}

const ALL = process.env['POSTHORN_FAULTS'] === 'all'

// Each octet with `npm run faults`; of them some, always the same, without.
const STEP = ALL ? 1 : 7

describe.each(Object.entries(VARIANTS))('a fault at every octet: %s', (_, variant) => {
  test('without one, all is accepted, and nothing is left', async () => {
    const clean = await run(variant)
    expect(wrongWith(clean, variant.messages)).toBeUndefined()
    expect(clean.outcomes.map(({ type }) => type)).toEqual(Array(variant.messages).fill('accepted'))
  })

  test.each(FAULTS.filter((kind) => kind !== 'tls' || variant.client.tls))('%s', { timeout: 120_000 }, async (kind) => {
    const { counted } = await run(variant)
    const wrong: string[] = []
    const places = placesOf(kind, counted, STEP)
    for (const fault of places) {
      const one = await run(variant, fault)
      const what = one.struck ? wrongWith(one, variant.messages) : 'nothing went wrong'
      if (what) wrong.push(`${fault.direction} ${fault.after}: ${what}`)
    }
    expect(wrong).toEqual([])
    if (ALL) console.log(`${places.length} runs`)
  })
})
