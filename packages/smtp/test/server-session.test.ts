import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { ServerSession, type ServerSessionOptions } from '../src/index.ts'
import { answer, codes, output, SIZES, serveAll } from './drive.ts'

const HOSTNAME = 'mx.example'
const ENVELOPE = 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'

/** The codes of all replies to what a client says, when everything is granted. */
function replies(text: string, options: Partial<ServerSessionOptions> = {}, size = Number.POSITIVE_INFINITY): number[] {
  const session = new ServerSession({ hostname: HOSTNAME, ...options })
  serveAll(session, text, size)
  return codes(output(session))
}

/** Takes a message and gives what became of it: its octets, or the code it was refused with. */
function receive(body: string, size: number, options: Partial<ServerSessionOptions> = {}): string {
  const session = new ServerSession({ hostname: HOSTNAME, ...options })
  serveAll(session, ENVELOPE, Number.POSITIVE_INFINITY)
  let content = ''
  const bytes = encodeUtf8(body)
  for (let start = 0; start < bytes.length; start += size) {
    session.receive(bytes.subarray(start, start + size))
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      if (event.type === 'body') content += decodeLatin1(event.bytes)
      if (event.type === 'message-end') return content
      if (event.type === 'message-refused') return event.error.code
    }
  }
  return 'open'
}

describe.each(SIZES)('fed %s octet(s) at a time', (size) => {
  test('ServerSession: a whole pipelined transaction [rfc2920 4]', () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    expect(serveAll(session, `${ENVELOPE}..x\r\n.\r\nQUIT\r\n`, size).filter((told) => told !== 'body')).toEqual([
      'connect',
      'hello',
      'mail',
      'rcpt',
      'message-start',
      'message-end',
      'quit',
    ])
    expect(codes(output(session))).toEqual([220, 250, 250, 250, 354, 250, 221])
    expect(session.state).toBe('closed')
  })

  test.each<[string, string, string]>([
    ['CRLF . CRLF', 'a\r\n.\r\n', 'a\r\n'],
    ['a first line of a lone dot', '.\r\n', ''],
    ['a doubled dot', '..a\r\n.\r\n', '.a\r\n'],
    ['a dot that nobody doubled', 'a\r\n.x\r\n.\r\n', 'a\r\nx\r\n'],
    ['LF . LF', 'a\n.\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['LF . CRLF', 'a\n.\r\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CRLF . LF', 'a\r\n.\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CR . LF', 'a\r.\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CR . CR', 'a\r.\r\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CR . CRLF', 'a\r.\r\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CRLF . CR', 'a\r\n.\rb\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['LF . CR', 'a\n.\rb\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CRLF . CR CRLF', 'a\r\n.\r\r\n\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CR CRLF . CRLF', 'a\r\r\n.\r\n', 'SMTP_BARE_NEWLINE'],
    ['CRLF NUL . CRLF', 'a\r\n\0.\r\n\r\n.\r\n', 'a\r\n\0.\r\n\r\n'],
    ['CRLF . NUL CRLF', 'a\r\n.\0\r\n\r\n.\r\n', 'a\r\n\0\r\n\r\n'],
    ['CRLF . SP CRLF', 'a\r\n. \r\n\r\n.\r\n', 'a\r\n \r\n\r\n'],
  ])('ServerSession: the end of data in %s [rfc5321 4.1.1.4, 4.5.2]', (_, body, expected) => {
    expect(receive(body, size)).toBe(expected)
  })

  test('ServerSession: a message over the limit is read to its end and refused [rfc1870 6.3]', () => {
    const session = new ServerSession({ hostname: HOSTNAME, maxSize: 10 })
    const told = serveAll(session, `${ENVELOPE}${'a'.repeat(20)}\r\n.\r\nNOOP\r\n`, size)
    expect(told.at(-1)).toBe('message-refused SMTP_MESSAGE_TOO_LARGE')
    expect(codes(output(session)).slice(-2)).toEqual([552, 250])
  })

  test('ServerSession: no octet of a message is taken as a command [rfc5321 4.5.2]', () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    const told = serveAll(session, `${ENVELOPE}MAIL FROM:<x@y.example>\r\nQUIT\r\n.\r\n`, size)
    expect(told.filter((one) => one === 'mail')).toHaveLength(1)
    expect(told).not.toContain('quit')
  })
})

test('ServerSession: a message that goes on far beyond the limit ends the session [rfc1870 6.3]', () => {
  const session = new ServerSession({ hostname: HOSTNAME, maxSize: 100_000 })
  const told = serveAll(session, ENVELOPE, Number.POSITIVE_INFINITY)
  for (let chunk = 0; chunk < 40 && session.state !== 'closed'; chunk++) {
    told.push(...serveAll(session, 'a'.repeat(10_000), Number.POSITIVE_INFINITY))
  }
  expect(told.at(-1)).toBe('error SMTP_MESSAGE_TOO_LARGE')
  expect(told.filter((one) => one === 'body')).toHaveLength(10)
})

/** What a session tells and writes of a text; one buffer is adopted for all of it, or each piece is copied. */
function heard(text: string, size: number, adopt: boolean): string[] {
  const session = new ServerSession({ hostname: HOSTNAME })
  const bytes = encodeUtf8(text)
  const buffer = new Uint8Array(size)
  const told: string[] = []
  for (let start = 0; start <= bytes.length; start += size) {
    buffer.fill(0)
    const piece = bytes.subarray(start, start + size)
    buffer.set(piece)
    session.receive(buffer.subarray(0, piece.length), { adopt })
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      told.push(event.type === 'body' ? decodeLatin1(event.bytes) : event.type)
      answer(session, event)
    }
  }
  return [told.join(''), output(session)]
}

test.each([1, 3, 20, 1000])('receive: a buffer that is used again may be adopted, %s octets at a time', (size) => {
  const chunk = `RSET\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nBDAT 4\r\na\r\nbBDAT 2 LAST\r\n\r\nNOOP\r\nQUIT\r\n`
  const text = `${ENVELOPE}Subject: x\r\n\r\n..x\r\n.\r\n${chunk}`
  expect(heard(text, size, true)).toEqual(heard(text, size, false))
  expect(heard(text, size, true)[0]).toMatch(/quit$/)
})

describe('ServerSession: order of commands [rfc5321 4.1.4]', () => {
  test.each<[string, string, number[]]>([
    ['MAIL before EHLO', 'MAIL FROM:<>\r\n', [503]],
    ['RCPT before MAIL', 'EHLO a.example\r\nRCPT TO:<a@b.example>\r\n', [250, 503]],
    ['DATA before MAIL', 'EHLO a.example\r\nDATA\r\n', [250, 503]],
    ['DATA before RCPT', 'EHLO a.example\r\nMAIL FROM:<>\r\nDATA\r\n', [250, 250, 503]],
    ['MAIL twice', 'EHLO a.example\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\n', [250, 250, 503]],
    [
      'EHLO drops a transaction',
      'EHLO a.example\r\nMAIL FROM:<>\r\nEHLO a.example\r\nMAIL FROM:<>\r\n',
      [250, 250, 250, 250],
    ],
    ['RSET drops a transaction', 'EHLO a.example\r\nMAIL FROM:<>\r\nRSET\r\nMAIL FROM:<>\r\n', [250, 250, 250, 250]],
    ['HELO serves too', 'HELO a.example\r\nMAIL FROM:<>\r\n', [250, 250]],
    ['NOOP, RSET, VRFY, HELP before EHLO', 'NOOP\r\nRSET\r\nVRFY a\r\nHELP\r\n', [250, 250, 252, 214]],
    ['an unknown command', 'FOO\r\n', [500]],
    ['an argument where none belongs', 'EHLO a.example\r\nDATA x\r\n', [250, 501]],
    ['STARTTLS where it is not offered', 'EHLO a.example\r\nSTARTTLS\r\n', [250, 502]],
    ['AUTH where it is not offered', 'EHLO a.example\r\nAUTH PLAIN\r\n', [250, 502]],
    ['a parameter that is not offered', 'EHLO a.example\r\nMAIL FROM:<> RET=HDRS\r\n', [250, 555]],
    ['a size over the limit', 'EHLO a.example\r\nMAIL FROM:<> SIZE=99999999999\r\n', [250, 552]],
    ['UTF-8 without SMTPUTF8', 'EHLO a.example\r\nMAIL FROM:<δ@b.example>\r\n', [250, 550]],
    [
      'UTF-8 recipient without SMTPUTF8',
      'EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<δ@b.example>\r\n',
      [250, 250, 550],
    ],
    [
      'UTF-8 with SMTPUTF8',
      'EHLO a.example\r\nMAIL FROM:<δ@b.example> SMTPUTF8\r\nRCPT TO:<δ@b.example>\r\n',
      [250, 250, 250],
    ],
    ['postmaster without a domain', 'EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<Postmaster>\r\n', [250, 250, 250]],
    ['a source route', 'EHLO a.example\r\nMAIL FROM:<@x.example,@y.example:a@b.example>\r\n', [250, 250]],
    ['a bare LF', 'NOOP\nNOOP\r\n', [500, 250]],
    ['a line too long', `NOOP ${'a'.repeat(5000)}\r\nNOOP\r\n`, [500, 250]],
  ])('%s', (_, text, expected) => {
    expect(replies(text)).toEqual([220, ...expected])
  })
})

test('ServerSession: what was tolerated is told in the event', () => {
  const session = new ServerSession({ hostname: HOSTNAME })
  serveAll(session, '', 1)
  session.receive(encodeUtf8('EHLO a_b.example\r\nMAIL FROM: <a@b.example>\r\n'))
  expect(session.nextEvent()).toEqual({
    type: 'hello',
    domain: 'a_b.example',
    extended: true,
    anomalies: ['domain-underscore'],
  })
  expect(session.nextEvent()).toMatchObject({ type: 'mail', anomalies: ['path-space'] })
  session.accept()
  session.receive(encodeUtf8('RCPT TO:<c@d.example>\r\n'))
  expect(session.nextEvent()).not.toHaveProperty('anomalies')
})

describe('ServerSession: recipients', () => {
  const MAIL = 'EHLO a.example\r\nMAIL FROM:<>\r\n'

  test('one more than the limit is deferred, the others stand [rfc5321 4.5.3.1.10]', () => {
    const text = `${MAIL}RCPT TO:<a@b.example>\r\nRCPT TO:<c@b.example>\r\nDATA\r\n.\r\n`
    expect(replies(text, { maxRecipients: 1 })).toEqual([220, 250, 250, 250, 452, 354, 250])
  })

  test('DATA behind recipients that were all refused gets 554 [rfc2920 3.2]', () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    serveAll(session, MAIL, 1)
    session.receive(encodeUtf8('RCPT TO:<a@b.example>\r\nDATA\r\nNOOP\r\n'))
    expect(session.nextEvent()?.type).toBe('rcpt')
    session.reply({ code: 550, lines: ['no'] })
    expect(session.nextEvent()).toBeUndefined()
    expect(codes(output(session)).slice(-3)).toEqual([550, 554, 250])
  })
})

describe('ServerSession: STARTTLS [rfc3207 4]', () => {
  const EHLO = 'EHLO a.example\r\n'

  test('before EHLO it is taken too, as some clients say it', () => {
    const session = new ServerSession({ hostname: HOSTNAME, tls: true })
    expect(serveAll(session, 'STARTTLS\r\n', 1)).toEqual(['connect', 'upgrade-tls'])
    expect(codes(output(session))).toEqual([220, 220])
    session.tlsEstablished()
    expect(session.state).toBe('greeted')
  })

  test.each(SIZES)('a command behind it is an error, fed %s octets at a time', (size) => {
    const session = new ServerSession({ hostname: HOSTNAME, tls: true })
    const told = serveAll(session, `${EHLO}STARTTLS\r\nRSET\r\n`, size)
    expect(told.at(-1)).toBe('error SMTP_TLS_INJECTION')
    expect(session.state).toBe('closed')
  })

  test('all that was learnt before is forgotten, and TLS is not offered again', () => {
    const session = new ServerSession({ hostname: HOSTNAME, tls: true })
    expect(serveAll(session, `${EHLO}STARTTLS\r\n`, 1).at(-1)).toBe('upgrade-tls')
    expect(output(session)).toContain('STARTTLS')
    session.tlsEstablished()
    serveAll(session, 'MAIL FROM:<>\r\nEHLO a.example\r\nSTARTTLS\r\n', 1)
    const text = output(session)
    expect(codes(text)).toEqual([503, 250, 503])
    expect(text).not.toContain('STARTTLS\r\n')
  })

  test('MAIL before TLS is refused where it is required', () => {
    expect(replies(`${EHLO}MAIL FROM:<>\r\n`, { tls: true, requireTls: true })).toEqual([220, 250, 530])
  })
})

describe('ServerSession: AUTH [rfc4954 4]', () => {
  const EHLO = 'EHLO a.example\r\n'
  const OPTIONS = { mechanisms: [{ name: 'PLAIN' }], secured: true, requireAuth: true }

  test('is offered and taken only over TLS', () => {
    const plain = new ServerSession({ hostname: HOSTNAME, mechanisms: [{ name: 'PLAIN' }] })
    serveAll(plain, `${EHLO}AUTH PLAIN AGEAYg==\r\n`, 1)
    const text = output(plain)
    expect(text).not.toContain('AUTH PLAIN')
    expect(codes(text)).toEqual([220, 250, 538])
  })

  test('MAIL before it is refused where it is required, and granted after', () => {
    expect(replies(`${EHLO}MAIL FROM:<>\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<>\r\n`, OPTIONS)).toEqual([
      220, 250, 530, 235, 250,
    ])
  })

  test.each<[string, string, number[]]>([
    ['a second one', 'AUTH PLAIN =\r\nAUTH PLAIN =\r\n', [235, 503]],
    ['a mechanism that is not offered', 'AUTH LOGIN\r\n', [504]],
    ['one during a transaction', 'AUTH PLAIN =\r\nMAIL FROM:<>\r\nAUTH PLAIN =\r\n', [235, 250, 503]],
    ['an initial response that is not Base64', 'AUTH PLAIN !\r\n', [501]],
  ])('%s', (_, text, expected) => {
    expect(replies(`${EHLO}${text}`, OPTIONS)).toEqual([220, 250, ...expected])
  })

  test('wrong passwords count as mistakes, and too many close the session', () => {
    const session = new ServerSession({ hostname: HOSTNAME, ...OPTIONS, maxMistakes: 3 })
    serveAll(session, EHLO, 1)
    output(session)
    for (let attempt = 0; attempt < 3; attempt++) {
      session.receive(encodeUtf8('AUTH PLAIN AGEAYg==\r\n'))
      expect(session.nextEvent()?.type).toBe('auth')
      session.reply({ code: 535, lines: ['no'] })
    }
    expect(codes(output(session))).toEqual([535, 535, 421])
    expect(session.state).toBe('closed')
  })

  test.each<[string, string, number]>([
    ['a star', '*\r\n', 501],
    ['no Base64', '!!\r\n', 501],
    ['a bare LF', 'AAAA\n', 500],
    ['over 12,288 octets', `${'A'.repeat(13_000)}\r\n`, 500],
  ])('a response that is %s ends the exchange', (_, response, code) => {
    const session = new ServerSession({ hostname: HOSTNAME, ...OPTIONS })
    serveAll(session, EHLO, 1)
    session.receive(encodeUtf8('AUTH PLAIN\r\n'))
    expect(session.nextEvent()).toEqual({ type: 'auth', mechanism: 'PLAIN' })
    session.challenge(new Uint8Array(0))
    output(session)
    session.receive(encodeUtf8(response))
    expect(session.nextEvent()).toBeUndefined()
    expect(codes(output(session))).toEqual([code])
    expect(session.state).toBe('ready')
  })
})

describe('ServerSession: the end', () => {
  test('too many mistakes close the session', () => {
    expect(replies('FOO\r\n'.repeat(5), { maxMistakes: 3 })).toEqual([220, 500, 500, 421])
  })

  test('a greeting of 554 leaves QUIT alone [rfc5321 3.1]', () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    session.nextEvent()
    session.reply({ code: 554, lines: ['no'] })
    serveAll(session, 'EHLO a.example\r\nQUIT\r\n', 1)
    expect(codes(output(session))).toEqual([554, 503, 221])
  })

  test('the end of the connection is an error unless QUIT came', () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    serveAll(session, 'NOOP\r\n', 1)
    session.end()
    expect(session.nextEvent()).toMatchObject({ type: 'error', error: { code: 'SMTP_CLOSED' } })
  })

  test('answers that nothing asked for throw', async () => {
    const session = new ServerSession({ hostname: HOSTNAME })
    expect(await rejectionOf(() => session.accept())).toBe('SMTP_OUT_OF_TURN')
    expect(await rejectionOf(() => session.challenge(new Uint8Array(0)))).toBe('SMTP_OUT_OF_TURN')
    expect(await rejectionOf(() => session.tlsEstablished())).toBe('SMTP_OUT_OF_TURN')
  })
})

describe('ServerSession: extensions that are withheld are not offered and not served', () => {
  test.each([
    ['PIPELINING', 'NOOP', 250],
    ['SIZE', 'MAIL FROM:<a@b.example> SIZE=1', 555],
    ['8BITMIME', 'MAIL FROM:<a@b.example> BODY=8BITMIME', 555],
    ['SMTPUTF8', 'MAIL FROM:<a@b.example> SMTPUTF8', 555],
    ['CHUNKING', 'BDAT 0 LAST', 502],
    ['STARTTLS', 'STARTTLS', 502],
    ['AUTH', 'AUTH PLAIN', 502],
    ['ENHANCEDSTATUSCODES', 'NOOP', 250],
  ])('%s', (keyword, line, code) => {
    const options = { hostname: 'mx.example', tls: true, mechanisms: [{ name: 'PLAIN' }], unsafePlaintextAuth: true }
    const [session, without] = [new ServerSession(options), new ServerSession({ ...options, without: [keyword] })]
    for (const one of [session, without]) serveAll(one, 'EHLO c.example\r\n', 100)
    expect(output(session)).toMatch(new RegExp(`^250[- ]${keyword}\\b`, 'm'))
    expect(output(without)).not.toContain(keyword)
    serveAll(without, `${line}\r\n`, 100)
    expect(codes(output(without))).toEqual([code])
  })
})
