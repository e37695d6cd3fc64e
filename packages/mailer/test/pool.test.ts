import { encodeUtf8, MailError } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { until, VirtualClock } from '../../smtp/test/clock.ts'
import { MAIL, mailerTo, memoryServer } from './lib/network.ts'

const BUSY = { code: 421, lines: ['4.3.2 too many connections'] }

/** Sends messages at once; gives how each ended. */
async function sendAll(mailer: ReturnType<typeof mailerTo>['mailer'], count: number) {
  const outcomes = await Promise.all(Array.from({ length: count }, () => mailer.send(MAIL)))
  return outcomes.map(({ type }) => type)
}

describe('the pool: sessions', () => {
  test('as many as may be, and no more', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { pool: { maxConnections: 3 } })
    expect(await sendAll(mailer, 30)).toEqual(Array(30).fill('accepted'))
    expect(server.most).toBe(3)
    expect(server.taken).toHaveLength(30)
    await mailer.close()
  })

  test('no more than there are messages', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { pool: { maxConnections: 5 } })
    await sendAll(mailer, 2)
    expect(server.sessions).toBe(2)
    await sendAll(mailer, 1)
    await sendAll(mailer, 1)
    expect(server.sessions).toBe(2)
    await mailer.close()
  })

  test('one is replaced when it has had its messages', async () => {
    const server = memoryServer()
    const { mailer, told } = mailerTo(server, { pool: { maxConnections: 1, maxMessages: 3 } })
    expect(await sendAll(mailer, 10)).toEqual(Array(10).fill('accepted'))
    expect(server.sessions).toBe(4)
    expect(told('session-ended')).toMatchObject(Array(3).fill({ reason: 'messages', messages: 3 }))
    await mailer.close()
  })

  test('one that is idle is ended, the rest stay', async () => {
    const platform = new VirtualClock()
    const server = memoryServer()
    const { mailer, told } = mailerTo(server, { platform, pool: { idleTimeout: 1000, probeAfter: 5000 } })
    await sendAll(mailer, 2)
    platform.advance(900)
    await sendAll(mailer, 1)
    platform.advance(200)
    await until(() => told('session-ended').length === 1)
    expect(told('session-ended')).toMatchObject([{ reason: 'idle', messages: 1 }])
    expect(mailer.load.sessions).toBe(1)
    platform.advance(1000)
    await until(() => mailer.load.sessions === 0)
    await mailer.close()
  })

  test('one that has been idle for long is asked before it is used', async () => {
    const platform = new VirtualClock()
    const said: string[] = []
    const server = memoryServer({
      recorder: () => (entry) => {
        if (entry.type === 'command') said.push(entry.text)
      },
    })
    const { mailer } = mailerTo(server, { platform, pool: { probeAfter: 1000 } })
    await sendAll(mailer, 1)
    await sendAll(mailer, 1)
    expect(said).not.toContain('NOOP')
    platform.advance(1000)
    await sendAll(mailer, 1)
    expect(said.filter((command) => command === 'NOOP')).toHaveLength(1)
    expect(server.sessions).toBe(1)
    await mailer.close()
  })

  test('one that does not answer then is given up soon, and costs the message nothing', async () => {
    const platform = new VirtualClock()
    let isStalled = false
    const server = memoryServer({
      between(near, session) {
        if (session > 1) return near
        const stalls = { write: (octets: Uint8Array) => (isStalled ? Promise.resolve() : near.write(octets)) }
        return new Proxy(near, {
          get(target, name) {
            const value = name === 'write' ? stalls.write : Reflect.get(target, name, target)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
      },
    })
    const { mailer, told } = mailerTo(server, { platform, pool: { probeAfter: 1000, idleTimeout: 60_000 } })
    await sendAll(mailer, 1)
    isStalled = true
    platform.advance(1000)
    const sent = mailer.send(MAIL)
    await new Promise((resolve) => setTimeout(resolve, 0))
    platform.advance(10_000)
    expect(await sent).toMatchObject({ type: 'accepted', attempts: 1 })
    expect(told('session-ended')[0]).toMatchObject({ reason: 'server' })
    await mailer.close()
  })

  test.each([
    ['closes it', (end: { close(): Promise<void> }) => end.close()],
    ['says 421', (end: { write(octets: Uint8Array): Promise<void> }) => end.write(encodeUtf8('421 4.4.2 idle\r\n'))],
    ['cuts it', async (end: { abort(): void }) => end.abort()],
  ])('a server that %s while it is idle costs no message a session', async (_, leave) => {
    const server = memoryServer()
    const { mailer, told } = mailerTo(server)
    await sendAll(mailer, 1)
    await leave(server.ends[0]!)
    await until(() => mailer.load.sessions === 0)
    expect(await mailer.send(MAIL)).toMatchObject({ type: 'accepted', attempts: 1 })
    expect(told('session-ended')[0]).toMatchObject({ reason: 'server' })
    await mailer.close()
  })
})

describe('the pool: servers that refuse', () => {
  test('a server that bears fewer sessions gets fewer, and all messages', async () => {
    let open = 0
    const server = memoryServer({
      onConnect: () => (++open > 2 ? BUSY : undefined),
      onClose: () => {
        open--
      },
    })
    const { mailer, told } = mailerTo(server, { pool: { maxConnections: 6 } })
    expect(await sendAll(mailer, 40)).toEqual(Array(40).fill('accepted'))
    expect(told('session-failed').length).toBeGreaterThan(0)
    expect(server.sessions).toBeLessThan(10)
    await mailer.close()
  })

  test('a server that does not answer is tried again after a pause, then the message is deferred', async () => {
    const platform = new VirtualClock()
    const refuse = () => new MailError('NODE_CONNECT_FAILED', 'Cannot connect')
    const server = memoryServer({ refuse })
    const { mailer } = mailerTo(server, { platform })
    const sent = [mailer.send(MAIL), mailer.send(MAIL)]
    for (const [pause, before] of [
      [250, 2],
      [500, 4],
    ] as const) {
      await until(() => server.sessions === before)
      await until(() => platform.next === pause)
      platform.advance(pause)
    }
    for (const outcome of await Promise.all(sent)) {
      expect(outcome).toMatchObject({ type: 'refused', attempts: 0, error: { code: 'NODE_CONNECT_FAILED' } })
      expect(outcome.recipients).toMatchObject([{ status: 'deferred', retry: 'later' }])
    }
    expect(server.sessions).toBe(6)
    await mailer.close()
  })

  test('credentials that are refused are not tried again', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { tls: 'none', credentials: { username: 'a', password: 'secret' } })
    const outcome = await mailer.send(MAIL)
    expect(outcome).toMatchObject({ type: 'refused', error: { code: 'SMTP_UNSAFE_AUTH' } })
    expect(server.sessions).toBe(1)
    await mailer.close()
  })

  test('a clock that is set back makes no pause longer', async () => {
    const platform = new VirtualClock()
    platform.advance(3_600_000)
    const server = memoryServer({
      refuse: (session) => (session === 1 ? new MailError('NODE_CONNECT_FAILED', 'Cannot connect') : undefined),
    })
    const { mailer, told } = mailerTo(server, { platform })
    const sent = sendAll(mailer, 1)
    await until(() => told('session-failed').length === 1)
    platform.advance(-3_600_000)
    expect(await Promise.all([sent, sendAll(mailer, 1)])).toEqual([['accepted'], ['accepted']])
    await mailer.close()
  })

  test('a server that comes back gets the messages that waited', async () => {
    const platform = new VirtualClock()
    const server = memoryServer({
      refuse: (session) => (session <= 2 ? new MailError('NODE_CONNECT_FAILED', 'Cannot connect') : undefined),
    })
    const { mailer } = mailerTo(server, { platform })
    const sent = sendAll(mailer, 2)
    await until(() => platform.next === 250)
    platform.advance(250)
    expect(await sent).toEqual(['accepted', 'accepted'])
    await mailer.close()
  })
})

describe('the pool: limits of the server [rfc9422]', () => {
  test('recipients beyond the transactions of one session go in others', async () => {
    const server = memoryServer({ maxRecipients: 2, maxTransactions: 1 })
    const { mailer, told } = mailerTo(server, { pool: { attempts: 1 } })
    const to = Array.from({ length: 7 }, (_, index) => `r${index}@example.net`)
    const outcome = await mailer.send({ ...MAIL, to })
    expect(outcome).toMatchObject({ type: 'accepted', attempts: 4 })
    expect(server.taken.flatMap((message) => message.to)).toEqual(to)
    expect(told('retrying')).toHaveLength(3)
    await mailer.close()
  })
})

describe('the pool: messages laced into each other [rfc2920 3.1]', () => {
  const laced = { pipelining: 'messages', pool: { maxConnections: 1 } } as const

  test('the envelope of the next is said before the reply to the last has come', async () => {
    const order: string[] = []
    const server = memoryServer({
      recorder: () => (entry) => {
        if (entry.type === 'command') order.push(entry.text.slice(0, 4))
        if (entry.type === 'reply') order.push(String(entry.reply.code))
      },
    })
    const { mailer } = mailerTo(server, { ...laced, transmission: { chunking: 'never' } })
    expect(await sendAll(mailer, 3)).toEqual(Array(3).fill('accepted'))
    expect(await sendAll(mailer, 1)).toEqual(['accepted'])
    expect(server.sessions).toBe(1)
    await mailer.close()
    expect(order.join(' ')).toContain('DATA 250 250 354 MAIL RCPT DATA 250 250 250 354')
  })

  test('one that may be given up is sent on its own, one that cannot be sent holds up none, and all are counted', async () => {
    const server = memoryServer({ maxSize: 1000 })
    const { mailer } = mailerTo(server, { ...laced, pool: { maxConnections: 1, maxMessages: 4 } })
    const { signal } = new AbortController()
    const sent = [
      mailer.send(MAIL),
      mailer.send({ ...MAIL, text: 'x '.repeat(1000) }),
      mailer.send(MAIL, { signal }),
      ...Array.from({ length: 4 }, () => mailer.send(MAIL)),
    ]
    const types = (await Promise.all(sent)).map(({ type }) => type)
    expect(types).toEqual(['accepted', 'refused', ...Array(5).fill('accepted')])
    expect(server.taken).toHaveLength(6)
    expect(server.sessions).toBe(2)
    await mailer.close()
  })

  test('what a server that leaves has not taken goes on in another session, in order', async () => {
    let asked = 0
    const server = memoryServer({
      onMail: () => (++asked === 3 ? { code: 421, lines: ['mx.example goes away'] } : undefined),
    })
    const { mailer } = mailerTo(server, { ...laced, transmission: { chunking: 'never' } })
    const to = Array.from({ length: 6 }, (_, index) => `r${index}@example.net`)
    const outcomes = await Promise.all(to.map((one) => mailer.send({ ...MAIL, to: one })))
    expect(outcomes.map(({ type }) => type)).toEqual(Array(6).fill('accepted'))
    expect(server.taken.flatMap((message) => message.to)).toEqual(to)
    await mailer.close()
  })

  test('recipients beyond the limits of a session go on in another', async () => {
    const server = memoryServer({ maxRecipients: 2, maxTransactions: 2 })
    const { mailer } = mailerTo(server, laced)
    const to = Array.from({ length: 5 }, (_, index) => `r${index}@example.net`)
    const outcomes = await Promise.all([mailer.send({ ...MAIL, to }), mailer.send({ ...MAIL, to })])
    expect(outcomes.map(({ type }) => type)).toEqual(['accepted', 'accepted'])
    expect(server.taken.flatMap((message) => message.to).sort()).toEqual([...to, ...to].sort())
    await mailer.close()
  })
})

describe('the pool: turns', () => {
  test('lanes take turns, each in order', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { pool: { maxConnections: 1 } })
    const sent = [
      ...Array.from({ length: 4 }, (_, index) => mailer.send({ ...MAIL, to: `a${index}@example.net` }, { lane: 'a' })),
      ...Array.from({ length: 2 }, (_, index) => mailer.send({ ...MAIL, to: `b${index}@example.net` }, { lane: 'b' })),
    ]
    await Promise.all(sent)
    const order = server.taken.map(({ to }) => to[0]!.slice(0, 2))
    expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'a3'])
    await mailer.close()
  })

  test('no window of time has more messages than the rate', async () => {
    const platform = new VirtualClock()
    const server = memoryServer()
    const { mailer } = mailerTo(server, { platform, pool: { rate: { messages: 2, interval: 1000 } } })
    const sent = sendAll(mailer, 5)
    await until(() => server.taken.length === 2)
    platform.advance(999)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(server.taken).toHaveLength(2)
    platform.advance(1)
    await until(() => server.taken.length === 4)
    platform.advance(1000)
    expect(await sent).toEqual(Array(5).fill('accepted'))
    await mailer.close()
  })

  test('a message that waits is given up by its signal, and costs nothing', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { pool: { maxConnections: 1, rate: { messages: 1, interval: 60_000 } } })
    await mailer.send(MAIL)
    const giveUp = new AbortController()
    const waiting = mailer.send(MAIL, { signal: giveUp.signal })
    await until(() => mailer.load.queued === 1)
    giveUp.abort()
    expect(await waiting).toMatchObject({ type: 'refused', attempts: 0, error: { code: 'MAILER_ABORTED' } })
    expect(mailer.load.queued).toBe(0)
    expect(await mailer.send(MAIL, { signal: giveUp.signal })).toMatchObject({ error: { code: 'MAILER_ABORTED' } })
    expect(server.taken).toHaveLength(1)
    await mailer.close()
  })

  test('a signal ends the session of a message that is under way, and not the others', async () => {
    let asked = 0
    const server = memoryServer({
      onMail: async () => {
        if (++asked === 1) await new Promise(() => undefined)
      },
    })
    const transmission = { chunking: 'never' } as const
    const { mailer } = mailerTo(server, { transmission, pool: { maxConnections: 2 } })
    const giveUp = new AbortController()
    const first = mailer.send(MAIL, { signal: giveUp.signal })
    await until(() => asked === 1)
    const second = mailer.send(MAIL)
    expect((await second).type).toBe('accepted')
    giveUp.abort()
    expect(await first).toMatchObject({ type: 'refused', attempts: 1, error: { code: 'SMTP_ABORTED' } })
    await mailer.close()
  })

  test('too many that wait are refused before anything is sent', async () => {
    const server = memoryServer({ onMail: () => new Promise(() => undefined) })
    const { mailer } = mailerTo(server, { pool: { maxConnections: 1, maxQueued: 2 } })
    const sent = [mailer.send(MAIL)]
    await until(() => server.sessions === 1 && mailer.load.queued === 0)
    sent.push(mailer.send(MAIL), mailer.send(MAIL))
    await until(() => mailer.load.queued === 2)
    expect(await rejectionOf(() => mailer.send(MAIL))).toBe('MAILER_QUEUE_FULL')
    await mailer.close({ timeout: 0 })
    await Promise.all(sent)
  })

  test.each([
    [{ maxConnections: 0 }],
    [{ maxMessages: Number.NaN }],
    [{ idleTimeout: -1 }],
    [{ rate: { messages: 0 } }],
    [{ rate: { messages: 1.5 } }],
    [{ rate: { messages: 1, interval: 0 } }],
  ])('options %j are refused', async (pool) => {
    expect(await rejectionOf(() => mailerTo(memoryServer(), { pool }))).toBe('MAILER_BAD_OPTION')
  })
})
