import { createSink, type SinkOptions } from '@posthorn/node/sink'
import type { Platform } from '@posthorn/smtp'
import { createMailer, type MailOutcome, type NodeMailerOptions } from 'posthorn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disagreement, recipientsOf } from '../../mailer/test/lib/accounting.ts'
import { makeCertificate } from '../src/demo/certificate.ts'
import { FAULTS, type Fault, startFaultRelay } from './lib/fault-relay.ts'
import { watchProcess, watchResources, watchSockets } from './lib/leftovers.ts'

const HOSTNAME = 'mx.posthorn.example'
const ACCOUNTS = { ada: 'correct horse' }
const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())

interface Variant {
  readonly client: NodeMailerOptions
  readonly server: SinkOptions
  readonly messages: number
  /** Which session the fault strikes; 0: every one. */
  readonly session: number
}

const CLEAR = { client: { tls: 'none' }, server: {} } as const
const BY_DATA = { client: { tls: 'none', transmission: { chunking: 'never' } }, server: {} } as const
const credentials = { username: 'ada', password: ACCOUNTS.ada }
const STARTTLS = {
  client: { tls: 'required', ca, serverName: HOSTNAME, credentials },
  server: { tls: { cert, key }, accounts: ACCOUNTS },
} as const
const AT_ONCE = {
  client: { ca, serverName: HOSTNAME },
  server: { tls: { cert, key }, implicitTls: true },
} as const
const ALONE = { messages: 1, session: 1 } as const

function pooled({ client, server }: Pick<Variant, 'client' | 'server'>, session = 1): Variant {
  return { client: { ...client, pool: { maxConnections: 2 } }, server, messages: 5, session }
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  'one message in the clear by BDAT': { ...CLEAR, ...ALONE },
  'one message in the clear by DATA': { ...BY_DATA, ...ALONE },
  'one message in the clear, every session broken': { ...CLEAR, messages: 1, session: 0 },
  'one message after STARTTLS and AUTH': { ...STARTTLS, ...ALONE },
  'one message in TLS at once': { ...AT_ONCE, ...ALONE },
  'a pool in the clear, its first session broken': pooled(BY_DATA),
  'a pool in the clear, every session broken': pooled(CLEAR, 0),
  'a pool after STARTTLS and AUTH, its first session broken': pooled(STARTTLS),
  'a pool in TLS at once, its first session broken': pooled(AT_ONCE),
}

// Each octet with `npm run faults`.
const ALL = process.env['POSTHORN_FAULTS'] === 'all'

// The mailer's clock runs faster than that of the host, for pauses between sessions, and for deadlines.
const HASTE = 25
const STALL_DEADLINE = 500 * HASTE

function hastyPlatform(): Platform & { readonly timers: number } {
  const start = Date.now()
  const running = new Set<ReturnType<typeof setTimeout>>()
  return {
    now: () => start + (Date.now() - start) * HASTE,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    startTimer(milliseconds, callback) {
      const timer = setTimeout(() => {
        running.delete(timer)
        callback()
      }, milliseconds / HASTE)
      running.add(timer)
      return () => {
        clearTimeout(timer)
        running.delete(timer)
      }
    },
    get timers() {
      return running.size
    },
  }
}

interface Run {
  readonly outcomes: readonly MailOutcome[]
  readonly taken: readonly string[]
  readonly counted: Readonly<Record<'out' | 'in', number>>
  readonly struck: boolean
  /** What was left, in words. */
  readonly left: string | undefined
}

let sockets: ReturnType<typeof watchSockets>
let heard: ReturnType<typeof watchProcess>
beforeAll(() => {
  sockets = watchSockets()
  heard = watchProcess()
})
afterAll(() => {
  sockets.stop()
  heard.stop()
})

async function run({ client, server, messages, session }: Variant, fault?: Fault): Promise<Run> {
  const sink = await createSink(server)
  const relay = await startFaultRelay(sink.port, { fault, line: session })
  const platform = hastyPlatform()
  const mailer = createMailer(`smtp${server.implicitTls ? 's' : ''}://127.0.0.1:${relay.port}`, {
    ...client,
    platform,
    ...(fault?.kind === 'stall' && { deadline: () => STALL_DEADLINE, connectTimeout: STALL_DEADLINE / HASTE }),
  })
  const mails = Array.from({ length: messages }, (_, index) => ({
    from: 'a@example.org',
    to: recipientsOf(index),
    text: 'Hello\n',
  }))
  const outcomes = await Promise.all(mails.map((mail) => mailer.send(mail)))
  await mailer.close()
  const open = sockets.openTo(relay.port)
  const ended = await relay.close()
  await sink.close()
  const taken = sink.messages.flatMap(({ to }) => to)
  const left =
    (open > 0 && 'a socket of the mailer is left') ||
    (platform.timers > 0 && 'a timer of the mailer is left') ||
    (!ended && 'a socket of the sink is left')
  return { outcomes, taken, counted: relay.counted, struck: relay.struck, left: left || undefined }
}

// What is wrong with a run: nothing, or what the outcomes and what the sink took do not agree on.
function wrongWith({ outcomes, taken, left }: Run): string | undefined {
  return disagreement(outcomes, taken) ?? left
}

// Without `npm run faults` only some octets, always the same.
const stepOf = ({ server }: Variant): number => (server.tls ? 151 : 31)

function placesOf(kind: Fault['kind'], counted: Run['counted'], step: number): Fault[] {
  return (['in', 'out'] as const).flatMap((direction) =>
    Array.from({ length: Math.ceil(counted[direction] / step) }, (_, index) => ({
      kind,
      direction,
      after: index * step,
    })),
  )
}

// Those that wait for a deadline leave the host idle.
const togetherOf = (kind: Fault['kind']): number => (kind === 'stall' ? 48 : 12)

async function runAll(
  variant: Variant,
  places: readonly Fault[],
  together: number,
): Promise<{ wrong: string[]; struck: number }> {
  const wrong: string[] = []
  const waiting = [...places]
  let struck = 0
  const work = async (): Promise<void> => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const one = await run(variant, fault)
      const what = wrongWith(one)
      if (one.struck) struck++
      if (what) wrong.push(`${fault.direction} ${fault.after}: ${what}`)
    }
  }
  await Promise.all(Array.from({ length: together }, work))
  return { wrong, struck }
}

describe.each(Object.entries(VARIANTS))('createMailer: a fault over TCP at every octet: %s', (_, variant) => {
  let counted: Run['counted']

  beforeAll(async () => {
    const clean = await run(variant)
    expect(wrongWith(clean)).toBeUndefined()
    expect(clean.outcomes.map(({ type }) => type)).toEqual(Array(variant.messages).fill('accepted'))
    counted = clean.counted
  })

  test.each(FAULTS)('%s', { timeout: ALL ? 3_600_000 : 60_000 }, async (kind) => {
    const leftovers = watchResources()
    const places = placesOf(kind, counted, ALL ? 1 : stepOf(variant))
    const { wrong, struck } = await runAll(variant, places, togetherOf(kind))
    expect(wrong).toEqual([])
    // Not all strike: TLS and the shares of a pool differ by some octets, and a busy host makes deadlines short.
    expect(struck).toBeGreaterThan(0)
    expect(await leftovers()).toEqual({})
    expect(heard.heard).toEqual([])
    if (ALL) console.log(`${places.length} runs`)
  })
})
