import { decodeLatin1 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import {
  type Connection,
  memoryPair,
  type OutgoingMessage,
  type SendOutcome,
  type ServeOptions,
  SmtpClient,
  type SmtpClientOptions,
  serve,
} from '../src/index.ts'
import { message, play, readAll, type Step } from './drive.ts'

const outgoing = (to: string, body: string): OutgoingMessage => ({
  envelope: { reversePath: null, forwardPaths: [to] },
  message: message(body),
})

const brief = ({ type, recipients, error }: SendOutcome): string =>
  [type, ...recipients.map(({ retry }) => retry), ...(error ? [error.code] : [])].join(' ')

/** Counts how often something comes in for a client that has written since the last time: its round trips. */
function counted(connection: Connection): { connection: Connection; trips: () => number; writes: () => number } {
  let [trips, writes, wrote] = [0, 0, true]
  return {
    connection: {
      get info() {
        return connection.info
      },
      read: async () => {
        const bytes = await connection.read()
        if (wrote) trips++
        wrote = false
        return bytes
      },
      write: (chunk) => {
        wrote = true
        writes++
        return connection.write(chunk)
      },
      startTls: (options) => connection.startTls(options),
      close: () => connection.close(),
      abort: (reason) => connection.abort(reason),
    },
    trips: () => trips,
    writes: () => writes,
  }
}

interface Run {
  readonly outcomes: SendOutcome[]
  readonly messages: string[]
  readonly trips: number
}

async function sendAll(
  messages: Iterable<OutgoingMessage> | AsyncIterable<OutgoingMessage>,
  calling: SmtpClientOptions,
  serving: Partial<ServeOptions> = {},
): Promise<Run> {
  const [near, far] = memoryPair()
  const taken: string[] = []
  const done = serve(far, {
    hostname: 'mx.example',
    onRecipient: (path) =>
      path !== 'postmaster' && path.localPart === 'no' ? { code: 550, lines: ['No such user'] } : undefined,
    onMessage: async ({ content }) => {
      const text = await readAll(content)
      taken.push(text.split('\r\n')[2]!)
      return text.includes('spam') ? { code: 554, lines: ['No'] } : undefined
    },
    ...serving,
  })
  const { connection, trips } = counted(near)
  const client = new SmtpClient(connection, { tls: 'none', ...calling })
  await client.open()
  const outcomes: SendOutcome[] = []
  for await (const outcome of client.sendAll(messages)) outcomes.push(outcome)
  const run = { outcomes, messages: taken, trips: trips() }
  await client.quit()
  await done
  return run
}

const never = { chunking: 'never' } as const
const TEN = Array.from({ length: 10 }, (_, index) => ({ ...outgoing('a@b.example', `m${index}`), options: never }))

describe('SmtpClient.sendAll', () => {
  // The greeting and EHLO are the first two; the handshake of TCP, which memory has not, would be one more.
  test.each([
    ['none', never, 2 + 40],
    ['envelope', never, 2 + 30],
    ['data', never, 2 + 20],
    ['messages', never, 2 + 11],
    ['none', {}, 2 + 30],
    ['data', {}, 2 + 10],
    ['messages', {}, 2 + 10],
  ] as const)(
    'ten messages with pipelining %s and %j take %i round trips [rfc2920 3.1]',
    async (pipelining, options, trips) => {
      const run = await sendAll(
        TEN.map((one) => ({ ...one, options })),
        { pipelining },
      )
      expect(run.trips).toBe(trips)
      expect(run.outcomes.map(({ type }) => type)).toEqual(TEN.map(() => 'accepted'))
      expect(run.messages).toEqual(TEN.map((_, index) => `m${index}`))
    },
  )

  test.each([
    ['none', never],
    ['data', never],
    ['data', {}],
    ['messages', never],
    ['messages', {}],
  ] as const)(
    'with pipelining %s and %j each outcome is that of its message, whatever comes of the others',
    async (pipelining, options) => {
      const messages = [
        outgoing('a@b.example', 'one'),
        outgoing('no@b.example', 'two'),
        outgoing('a@b.example', 'spam'),
        outgoing('δ@b.example', 'four'),
        { ...outgoing('a@b.example', 'five'), envelope: { reversePath: null, forwardPaths: ['a b'] } },
        {
          ...outgoing('a@b.example', 'six'),
          envelope: { reversePath: null, forwardPaths: ['no@b.example', 'c@b.example'] },
        },
        outgoing('no@b.example', 'seven'),
        outgoing('a@b.example', 'eight'),
      ].map((one) => ({ ...one, options }))
      const run = await sendAll(messages, { pipelining })
      expect(run.outcomes.map(brief)).toEqual([
        'accepted never',
        'refused never',
        'refused never',
        'accepted never',
        'refused COMMAND_BAD_PATH',
        'partial never never',
        'refused never',
        'accepted never',
      ])
      expect(run.messages).toEqual(['one', 'spam', 'four', 'six', 'eight'])
    },
  )

  test('messages that are long in coming do not hold back what is ready', async () => {
    async function* slowly(): AsyncGenerator<OutgoingMessage> {
      for (const one of TEN.slice(0, 3)) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        yield one
      }
    }
    const run = await sendAll(slowly(), { pipelining: 'messages' })
    expect(run.outcomes.map(brief)).toEqual(['accepted never', 'accepted never', 'accepted never'])
  })

  test('a caller who has had enough leaves the session in good order', async () => {
    const [near, far] = memoryPair()
    const done = serve(far, { hostname: 'mx.example', onMessage: () => undefined })
    const client = new SmtpClient(near, { tls: 'none', pipelining: 'messages' })
    await client.open()
    for await (const outcome of client.sendAll(TEN)) {
      expect(outcome.type).toBe('accepted')
      break
    }
    expect((await client.send(TEN[0]!.envelope, message())).type).toBe('accepted')
    await client.quit()
    await done
  })

  test('MAILMAX ends the transactions of the session [rfc9422 4.1]', async () => {
    const run = await sendAll(TEN.slice(0, 4), { pipelining: 'messages' }, { maxTransactions: 2 })
    expect(run.outcomes.map(brief)).toEqual([
      'accepted never',
      'accepted never',
      'refused now-in-another-transaction',
      'refused now-in-another-transaction',
    ])
  })
})

describe('SmtpClient.sendAll: a server that breaks off', () => {
  const OPENING: Step[] = ['220 mx\r\n', /EHLO .*\r\n/, '250-mx\r\n250 PIPELINING\r\n']
  const GROUP = /MAIL .*\r\nRCPT .*\r\nDATA\r\n/
  const THREE = TEN.slice(0, 3)

  async function run(script: Step[]): Promise<string[]> {
    const [near, far] = memoryPair()
    const played = play(far, [...OPENING, ...script])
    played.catch(() => undefined)
    const client = new SmtpClient(near, { tls: 'none', pipelining: 'messages' })
    await client.open()
    const outcomes: string[] = []
    for await (const outcome of client.sendAll(THREE)) outcomes.push(brief(outcome))
    return outcomes
  }

  test('the connection is lost behind the first dot: unknown, then deferred', async () => {
    expect(await run([GROUP, '250 a\r\n250 a\r\n354 go\r\n', /\r\n\.\r\nMAIL .*\r\nRCPT .*\r\nDATA\r\n/])).toEqual([
      'unknown may-duplicate SMTP_CLOSED',
      'refused now-on-another-host SMTP_CLOSED',
      'refused now-on-another-host SMTP_CLOSED',
    ])
  })

  test('421 for the first message: deferred all', async () => {
    const script = [GROUP, '250 a\r\n250 a\r\n354 go\r\n', /\r\n\.\r\nMAIL .*\r\nRCPT .*\r\nDATA\r\n/, '421 going\r\n']
    expect(await run(script)).toEqual([
      'refused now-on-another-host',
      'refused now-on-another-host SMTP_CLOSED',
      'refused now-on-another-host SMTP_CLOSED',
    ])
  })

  test('the first is taken, the second cut off within its envelope', async () => {
    const script = [
      GROUP,
      '250 a\r\n250 a\r\n354 go\r\n',
      /\r\n\.\r\nMAIL .*\r\nRCPT .*\r\nDATA\r\n/,
      '250 queued\r\n250 a\r\n',
    ]
    expect(await run(script)).toEqual([
      'accepted never',
      'refused now-on-another-host SMTP_CLOSED',
      'refused now-on-another-host SMTP_CLOSED',
    ])
  })

  test('a server that refuses MAIL behind a dot: each outcome is still its own', async () => {
    const script = [
      GROUP,
      '250 a\r\n250 a\r\n354 go\r\n',
      /\r\n\.\r\nMAIL .*\r\nRCPT .*\r\nDATA\r\n/,
      '250 queued\r\n503 no\r\n503 no\r\n503 no\r\n',
      GROUP,
      '250 a\r\n250 a\r\n354 go\r\n',
      /\r\n\.\r\n/,
      '250 queued\r\n',
    ]
    const outcomes = await run(script)
    expect(outcomes.map((outcome) => outcome.split(' ')[0])).toEqual(['accepted', 'refused', 'accepted'])
  })
})

describe('SmtpClient.send: round trips and writes', () => {
  test.each([
    [1, 'data', never, 4, 4],
    [50, 'data', never, 4, 4],
    [1, 'data', {}, 3, 3],
    [50, 'data', {}, 3, 3],
    [50, 'none', never, 2 + 52 + 1, 55],
  ] as const)(
    '%i recipient(s), pipelining %s, %j: %i round trips and one write for each but the greeting',
    async (recipients, pipelining, options, trips, writes) => {
      const [near, far] = memoryPair()
      const done = serve(far, { hostname: 'mx.example', onMessage: () => undefined })
      const wire = counted(near)
      const client = new SmtpClient(wire.connection, { tls: 'none', pipelining })
      await client.open()
      const forwardPaths = Array.from({ length: recipients }, (_, index) => `u${index}@b.example`)
      expect((await client.send({ reversePath: null, forwardPaths }, message(), options)).type).toBe('accepted')
      expect([wire.trips(), wire.writes() + 1]).toEqual([trips, writes])
      await client.quit()
      await done
    },
  )

  test('several recipients in one domain and RCPTDOMAINMAX: as many transactions as it takes, in order [rfc9422 4.3]', async () => {
    const [near, far] = memoryPair()
    const seen: string[][] = []
    const done = serve(far, {
      hostname: 'mx.example',
      maxRecipients: 3,
      maxRecipientDomains: 2,
      onMessage: ({ forwardPaths }) => {
        seen.push(forwardPaths.map((path) => (path === 'postmaster' ? path : `${path.localPart}@${path.domain[0]}`)))
      },
    })
    const client = new SmtpClient(near, { tls: 'none' })
    await client.open()
    const forwardPaths = [
      '1@a.example',
      '2@b.example',
      '3@c.example',
      '4@c.example',
      '5@c.example',
      '6@A.example',
      '7@a.example',
    ]
    const outcome = await client.send({ reversePath: null, forwardPaths }, message())
    expect(outcome.type).toBe('accepted')
    expect(seen).toEqual([
      ['1@a', '2@b'],
      ['3@c', '4@c', '5@c'],
      ['6@A', '7@a'],
    ])
    await client.quit()
    await done
  })

  test('a stream that can be read once serves the first transaction alone [rfc9422 4.2]', async () => {
    const [near, far] = memoryPair()
    const done = serve(far, { hostname: 'mx.example', maxRecipients: 1, onMessage: () => undefined })
    const client = new SmtpClient(near, { tls: 'none' })
    await client.open()
    const content = (async function* () {
      yield message()
    })()
    const envelope = { reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] }
    expect(brief(await client.send(envelope, content))).toBe('partial never now-in-another-transaction')
    expect(brief(await client.send(envelope, () => new Blob([message()]) as never))).toBe('accepted never never')
    await client.quit()
    await done
  })
})

test('the sources of a message: octets, Blob, stream, iterable, function, with progress to the last octet', async () => {
  const octets = message('x'.repeat(70) + '\r\n'.concat('y'.repeat(70), '\r\n').repeat(2000))
  const pieces = [octets.subarray(0, 100_000), octets.subarray(100_000)]
  const stream = (): ReadableStream<Uint8Array> =>
    new ReadableStream<Uint8Array>({
      start(controller: { enqueue(piece: Uint8Array): void; close(): void }) {
        for (const piece of pieces) controller.enqueue(piece)
        controller.close()
      },
    } as never)
  const sources = [
    octets,
    new Blob([octets]),
    stream(),
    (async function* () {
      yield* pieces
    })(),
    () => octets,
    stream,
    { content: new Blob([octets]), eightBit: false },
  ]
  for (const chunking of ['auto', 'never'] as const) {
    for (const source of chunking === 'auto' ? sources : [octets, () => octets]) {
      const [near, far] = memoryPair()
      let taken = ''
      const done = serve(far, {
        hostname: 'mx.example',
        onMessage: async ({ content }) => {
          taken = await readAll(content)
        },
      })
      const client = new SmtpClient(near, { tls: 'none' })
      await client.open()
      const progress: number[] = []
      const outcome = await client.send({ reversePath: null, forwardPaths: ['a@b.example'] }, source as Uint8Array, {
        chunking,
        onProgress: (one) => progress.push(one.octets),
      })
      expect(outcome.type).toBe('accepted')
      expect(taken).toBe(decodeLatin1(octets))
      expect(progress.length).toBeGreaterThan(1)
      expect(progress).toEqual([...progress].sort((a, b) => a - b))
      expect(progress.at(-1)).toBe(octets.length)
      await client.quit()
      await done
    }
  }
})
