import { encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { ClientSession, ServerSession, type ServerSessionOptions } from '../src/index.ts'
import { codes, feed, output, SIZES, serveAll } from './drive.ts'

const OPENING = 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n'

/** What a server answers to OPENING and then this, by code, and what it tells. */
function served(
  text: string,
  size: number,
  options: Partial<ServerSessionOptions> = {},
): { codes: number[]; told: string[] } {
  const session = new ServerSession({ hostname: 'mx.example', ...options })
  serveAll(session, OPENING, Number.POSITIVE_INFINITY)
  output(session)
  const told = serveAll(session, text, size).filter((event) => event !== 'body')
  return { codes: codes(output(session)), told }
}

describe.each(SIZES)('ServerSession: chunks fed %s octet(s) at a time', (size) => {
  test.each<[string, string, number[], string[], Partial<ServerSessionOptions>?]>([
    ['one chunk [rfc3030 2]', 'BDAT 4 LAST\r\nHi\r\nNOOP\r\n', [250, 250], ['message-start', 'message-end']],
    [
      'chunks of which the last is empty [rfc3030 2]',
      'BDAT 4\r\nHi\r\nBDAT 3\r\nyou\r\nBDAT 0 LAST\r\n'.replace('you\r\n', 'you'),
      [250, 250, 250],
      ['message-start', 'message-end'],
    ],
    [
      'a chunk that looks like commands [rfc3030 2]',
      'BDAT 12 LAST\r\nQUIT\r\n.\r\nRQUIT\r\n'.replace('.\r\nRQ', '.\r\nRQ'),
      [250, 500],
      ['message-start', 'message-end'],
    ],
    [
      'DATA behind a chunk [rfc3030 2]',
      'BDAT 4\r\nHi\r\nDATA\r\nRCPT TO:<x@y.example>\r\nMAIL FROM:<>\r\nNOOP\r\nBDAT 0 LAST\r\n',
      [250, 503, 503, 503, 250, 250],
      ['message-start', 'message-end'],
    ],
    [
      'RSET behind a chunk [rfc3030 2]',
      'BDAT 4\r\nHi\r\nRSET\r\nMAIL FROM:<>\r\n',
      [250, 250, 250],
      ['message-start', 'message-refused SMTP_MESSAGE_ABANDONED', 'reset', 'mail'],
    ],
    [
      'QUIT behind a chunk',
      'BDAT 4\r\nHi\r\nQUIT\r\n',
      [250, 221],
      ['message-start', 'message-refused SMTP_MESSAGE_ABANDONED', 'quit'],
    ],
    [
      'a bare LF [rfc5321 2.3.8]',
      'BDAT 3\r\na\nbBDAT 2 LAST\r\n\r\nNOOP\r\n',
      [554, 554, 250],
      ['message-start', 'message-refused SMTP_BARE_NEWLINE'],
    ],
    [
      'a CR at the end of a chunk and LF at the start of the next',
      'BDAT 2\r\na\rBDAT 1 LAST\r\n\nNOOP\r\n',
      [250, 250, 250],
      ['message-start', 'message-end'],
    ],
    [
      'a CR at the end of the message',
      'BDAT 2 LAST\r\na\rNOOP\r\n',
      [554, 250],
      ['message-start', 'message-refused SMTP_BARE_NEWLINE'],
    ],
    [
      'too large by what it says [rfc1870 6.3]',
      'BDAT 9\r\n123456789BDAT 2\r\n12NOOP\r\nRSET\r\nNOOP\r\n',
      [552, 552, 250, 250, 250],
      ['message-start', 'message-refused SMTP_MESSAGE_TOO_LARGE', 'reset'],
      { maxSize: 8 },
    ],
    ['no way to count the octets', 'BDAT x\r\nRSET\r\n', [501], []],
  ])('%s', (_, text, expected, told, options) => {
    expect(served(text, size, options)).toEqual({ codes: expected, told })
  })

  test.each<[string, string, number[]]>([
    ['before MAIL', 'EHLO a.example\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n', [250, 503, 250]],
    ['before any recipient', 'EHLO a.example\r\nMAIL FROM:<>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n', [250, 250, 503, 250]],
    ['of no octets', 'EHLO a.example\r\nBDAT 0 LAST\r\nNOOP\r\n', [250, 503, 250]],
    ['of no end', 'EHLO a.example\r\nBDAT 99999999999 LAST\r\nNOOP\r\n', [250, 503]],
  ])('a refused chunk %s is read all the same [rfc3030 2]', (_, text, expected) => {
    const session = new ServerSession({ hostname: 'mx.example' })
    serveAll(session, text, size)
    expect(codes(output(session)).slice(1)).toEqual(expected)
  })

  test('a binary body keeps its octets, and DATA is refused for it [rfc3030 3]', () => {
    const session = new ServerSession({ hostname: 'mx.example' })
    const body: number[] = []
    const pull = (): void => {
      for (let event = session.nextEvent(); event; event = session.nextEvent()) {
        if (event.type === 'body') body.push(...event.bytes)
        if (['connect', 'mail', 'rcpt', 'message-end'].includes(event.type)) session.accept()
      }
    }
    const text = 'EHLO a\r\nMAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<c@d.example>\r\nDATA\r\nBDAT 5 LAST\r\n\n\0\r.\n'
    const bytes = encodeUtf8(text)
    for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) {
      session.receive(bytes.subarray(at, at + size))
      pull()
    }
    expect(body).toEqual([10, 0, 13, 46, 10])
    expect(codes(output(session))).toEqual([220, 250, 250, 250, 503, 250])
  })
})

describe.each(SIZES)('ClientSession: chunks, fed %s octet(s) at a time', (size) => {
  const EHLO = '220 mx.example\r\n250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n'

  function greeted(): ClientSession {
    const session = new ClientSession()
    feed(session, '220 mx.example\r\n', Number.POSITIVE_INFINITY)
    session.send({ verb: 'EHLO', domain: 'c.example' })
    feed(session, EHLO.slice(16), Number.POSITIVE_INFINITY)
    output(session)
    return session
  }

  test('the envelope and the message go in one group [rfc3030 4.2]', () => {
    const session = greeted()
    session.send({ verb: 'MAIL', reversePath: null })
    session.send({ verb: 'RCPT', forwardPath: 'postmaster' })
    session.sendChunk(encodeUtf8('Hi\r\n'), false)
    session.sendChunk(encodeUtf8('you\r\n'), true)
    expect(output(session)).toBe('MAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nBDAT 4\r\nHi\r\nBDAT 5 LAST\r\nyou\r\n')
    expect(feed(session, '250 ok\r\n250 ok\r\n250 4\r\n250 queued\r\n', size)).toEqual([
      'reply 250',
      'reply 250',
      'reply 250',
      'message-reply 250',
    ])
    expect(session.state).toBe('ready')
  })

  test('a chunk whose recipients were all refused is refused, and the transaction is open [rfc3030 2]', () => {
    const session = greeted()
    session.send({ verb: 'MAIL', reversePath: null })
    session.send({ verb: 'RCPT', forwardPath: 'postmaster' })
    session.sendChunk(encodeUtf8('Hi\r\n'), true)
    expect(feed(session, '250 ok\r\n550 no\r\n503 none\r\n', size)).toEqual([
      'reply 250',
      'reply 550',
      'message-reply 503',
    ])
    expect(session.state).toBe('mail')
  })

  test('a message that is taken though no recipient was is a fault of the server', () => {
    const session = greeted()
    session.send({ verb: 'MAIL', reversePath: null })
    session.send({ verb: 'RCPT', forwardPath: 'postmaster' })
    session.sendChunk(encodeUtf8('Hi\r\n'), true)
    expect(feed(session, '250 ok\r\n550 no\r\n250 taken\r\n', size).at(-1)).toBe('error SMTP_UNEXPECTED_REPLY')
  })
})
