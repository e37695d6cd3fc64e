import { encodeUtf8, MailError } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { ClientSession, type Connection, memoryPair, type SendOutcome, SmtpClient } from '../src/index.ts'
import { feed, output, play, type Step } from './drive.ts'

const ENVELOPE = { reversePath: 'a@b.example', forwardPaths: ['c@d.example', 'e@d.example'] }
const LINE = encodeUtf8(`${'x'.repeat(62)}\r\n`)
const PIECE = encodeUtf8(`${'x'.repeat(62)}\r\n`.repeat(1024))
const NEVER = new Promise<never>(() => {})

const opening = (...extensions: string[]): Step[] => [
  '220 mx.example\r\n',
  /EHLO/,
  ['250-mx.example', ...extensions.map((name) => `250-${name}`), '250 8BITMIME\r\n'].join('\r\n'),
]
const DATA = [
  ...opening('PIPELINING'),
  /MAIL[\s\S]*DATA\r\n/,
  '250 ok\r\n250 ok\r\n550 5.1.1 none\r\n354 go\r\n',
  /x{62}/,
] as const

/** Pieces of a message, of which the last never comes; tells whether it was given up. */
function stalling(pieces: readonly Uint8Array[]): { content: AsyncIterable<Uint8Array>; givenUp: () => boolean } {
  let [next, givenUp] = [0, false]
  const iterator: AsyncIterator<Uint8Array> = {
    next: async () => (next < pieces.length ? { done: false, value: pieces[next++]! } : NEVER),
    return: async () => {
      givenUp = true
      return { done: true, value: undefined }
    },
  }
  return { content: { [Symbol.asyncIterator]: () => iterator }, givenUp: () => givenUp }
}

/** Sends pieces and stalls, while the server plays a script. */
async function send(script: readonly Step[], pieces: readonly Uint8Array[], signal?: AbortSignal) {
  const [near, far] = memoryPair()
  const sent = play(far, script)
  const client = new SmtpClient(near, { tls: 'none' })
  await client.open()
  const { content, givenUp } = stalling(pieces)
  const outcome = await client.send(ENVELOPE, content, signal ? { signal } : {})
  return { outcome, client, givenUp: givenUp(), sent: () => sent }
}

const brief = ({ type, recipients, error }: SendOutcome): string =>
  [type, ...recipients.map(({ status, retry }) => `${status} ${retry}`), ...(error ? [error.code] : [])].join(', ')

describe('SmtpClient, while a message of DATA goes out', () => {
  const HOLD: Step = () => NEVER
  test.each<[string, Step[], number, string]>([
    ['552, and nothing is read any more', ['552 5.3.4 too big\r\n', HOLD], 9, 'rejected never'],
    ['552, and the connection is closed', ['552 5.3.4 too big\r\n'], 9, 'rejected never'],
    ['552 while the source stalls', ['552 5.3.4 too big\r\n', HOLD], 1, 'rejected never'],
    ['452 while the source stalls', ['452 4.3.1 full\r\n', HOLD], 1, 'deferred later'],
    ['552 in two parts', ['552-5.3.4 too\r\n', '552 5.3.4 big\r\n', HOLD], 9, 'rejected never'],
  ])('%s: the message has no end, and what was said decides [rfc5321 3.8]', async (_, said, pieces, expected) => {
    const { outcome, client, givenUp } = await send([...DATA, ...said], Array(pieces).fill(PIECE))
    expect(brief(outcome)).toBe(`refused, ${expected}, rejected never, SMTP_REFUSED`)
    expect(outcome.recipients[0]?.reply?.code).toBe(Number(String(said[0]).slice(0, 3)))
    expect(client.usable).toBe(false)
    expect(givenUp).toBe(true)
  })

  test('421: deferred [rfc5321 3.8]', async () => {
    const { outcome } = await send([...DATA, '421 4.3.2 going down\r\n'], [PIECE])
    expect(brief(outcome)).toBe('refused, deferred now-on-another-host, rejected never, SMTP_CLOSED')
    expect(outcome.recipients[0]?.reply?.lines).toEqual(['going down'])
  })

  test('the end of the connection is heard though the source stalls', async () => {
    const { outcome } = await send(DATA, [PIECE])
    expect(brief(outcome)).toBe('refused, deferred now-on-another-host, rejected never, SMTP_CLOSED')
  })

  test('success before the end is none: the message has no end, and is deferred', async () => {
    const { outcome, sent } = await send([...DATA, '250 2.0.0 queued\r\n', HOLD], [PIECE])
    expect(brief(outcome)).toBe('refused, deferred now-on-another-host, rejected never, SMTP_UNSOLICITED_REPLY')
    expect(await Promise.race([sent(), 'aborted'])).toBe('aborted')
  })

  test('the signal ends the wait for a source that stalls', async () => {
    const { outcome, givenUp } = await send([...DATA, HOLD], [PIECE], AbortSignal.timeout(20))
    expect(brief(outcome)).toBe('refused, deferred now-on-another-host, rejected never, SMTP_ABORTED')
    expect(givenUp).toBe(true)
  })

  test('a source of many small pieces is heard through', async () => {
    const [near, far] = memoryPair()
    const sent = play(far, [...DATA, /\r\n\.\r\n/, '250 ok\r\n'])
    const client = new SmtpClient(near, { tls: 'none' })
    await client.open()
    const outcome = await client.send(ENVELOPE, async function* () {
      for (let count = 0; count < 5000; count++) yield LINE
    })
    expect(outcome.type).toBe('partial')
    expect((await sent).match(/x{62}/g)).toHaveLength(5000)
  })
})

describe('SmtpClient, while a message of BDAT goes out', () => {
  const BDAT = [
    ...opening('PIPELINING', 'CHUNKING'),
    /MAIL[\s\S]*RCPT[\s\S]*RCPT.*\r\n/,
    '250 ok\r\n250 ok\r\n550 5.1.1 none\r\n',
    /BDAT 65536\r\n/,
    /(?:x{62}\r\n){1024}/,
  ] as const

  test('a chunk refused while the source stalls: RSET, and the session goes on [rfc3030 2]', async () => {
    const { outcome, client, givenUp } = await send(
      [...BDAT, '552 5.3.4 too big\r\n', /RSET\r\n/, '250 ok\r\n', /NOOP\r\n/, '250 ok\r\n'],
      [PIECE],
    )
    expect(brief(outcome)).toBe('refused, rejected never, rejected never')
    expect(givenUp).toBe(true)
    expect((await client.noop()).code).toBe(250)
  })

  test('chunks taken while the source stalls are heard, and the wait goes on', async () => {
    const { outcome } = await send([...BDAT, '250 ok\r\n', '421 4.3.2 going down\r\n'], [PIECE])
    expect(brief(outcome)).toBe('refused, deferred now-on-another-host, rejected never, SMTP_CLOSED')
    expect(outcome.recipients[0]?.reply?.code).toBe(421)
  })
})

describe('SmtpClient, when it cannot write', () => {
  // A connection whose other end has closed: writing fails, and what it said before can still be read.
  function broken(words: string): Connection {
    const reads = ['220 mx.example\r\n', words].map((text) => encodeUtf8(text))
    return {
      info: { via: 'memory' },
      read: async () => reads.shift(),
      write: async () => {
        throw new MailError('NODE_CLOSED', 'Cannot use connection: it is closed')
      },
      startTls: () => NEVER,
      close: async () => undefined,
      abort: () => undefined,
    }
  }

  test('the last words of the server tell why', async () => {
    const client = new SmtpClient(broken('421 4.7.0 too many connections\r\n'), { tls: 'none' })
    await expect(client.open()).rejects.toThrow(/too many connections/)
  })

  test('without any, the failure itself is told', async () => {
    await expect(new SmtpClient(broken(''), { tls: 'none' }).open()).rejects.toMatchObject({ code: 'SMTP_CLOSED' })
  })
})

describe.each([1, 3, Number.POSITIVE_INFINITY])('fed %s octet(s) at a time', (size) => {
  test.each([
    ['552 5.3.4 too big\r\n', 'closing 552', 'closed'],
    ['452 4.3.1 full\r\n', 'closing 452', 'closed'],
    ['421 4.3.2 down\r\n', 'closing 421', 'closed'],
    ['250 2.0.0 queued\r\n', 'error SMTP_UNSOLICITED_REPLY', 'closed'],
    ['354 go\r\n', 'error SMTP_UNSOLICITED_REPLY', 'closed'],
  ])('ClientSession: %j in the midst of a message [rfc5321 3.8]', (text, told, state) => {
    const session = new ClientSession()
    feed(session, '220 mx.example\r\n', size)
    session.send({ verb: 'EHLO', domain: 'a.example' })
    feed(session, '250-mx.example\r\n250 PIPELINING\r\n', size)
    session.send({ verb: 'MAIL', reversePath: null })
    session.send({ verb: 'RCPT', forwardPath: 'postmaster' })
    session.send({ verb: 'DATA' })
    feed(session, '250 ok\r\n250 ok\r\n354 go\r\n', size)
    session.sendBody(PIECE)
    output(session)
    expect(feed(session, text, size)).toEqual([told])
    expect(session.state).toBe(state)
    expect(() => session.endBody()).toThrow(expect.objectContaining({ code: 'SMTP_OUT_OF_TURN' }))
  })
})
