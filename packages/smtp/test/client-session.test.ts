import type { Command } from '@posthorn/command'
import { encodeUtf8, MailError } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { ClientSession, type ClientSessionOptions } from '../src/index.ts'
import { feed, output, SIZES, tell } from './drive.ts'

const EHLO_REPLY = '250-mx.example\r\n250-PIPELINING\r\n250-STARTTLS\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n'
const EHLO: Command = { verb: 'EHLO', domain: 'client.example' }
const MAIL: Command = { verb: 'MAIL', reversePath: { localPart: 'a', domain: 'b.example' } }
const RCPT: Command = { verb: 'RCPT', forwardPath: { localPart: 'c', domain: 'd.example' } }
const OTHER: Command = { verb: 'RCPT', forwardPath: { localPart: 'e', domain: 'd.example' } }

/** A session that has greeted; `reply` is what the server says to EHLO. */
function greeted(reply = EHLO_REPLY, options: ClientSessionOptions = {}): ClientSession {
  const session = new ClientSession(options)
  feed(session, '220 mx.example\r\n', Number.POSITIVE_INFINITY)
  session.send(EHLO)
  feed(session, reply, Number.POSITIVE_INFINITY)
  output(session)
  return session
}

function send(session: ClientSession, ...commands: Command[]): string {
  for (const command of commands) session.send(command)
  return output(session)
}

describe.each(SIZES)('fed %s octet(s) at a time', (size) => {
  test('ClientSession: EHLO split anywhere keeps its capabilities [rfc5321 4.1.1.1]', () => {
    const session = new ClientSession()
    feed(session, '220 mx.example\r\n', size)
    session.send(EHLO)
    expect(feed(session, EHLO_REPLY, size)).toEqual(['reply 250'])
    expect(session.capabilities.list.map(({ keyword }) => keyword)).toEqual(['PIPELINING', 'STARTTLS', 'SIZE', 'AUTH'])
    expect(session.capabilities.auth).toEqual(['PLAIN'])
  })

  test('ClientSession: a whole pipelined transaction [rfc2920 4]', () => {
    const session = greeted()
    expect(send(session, MAIL, RCPT, OTHER, { verb: 'DATA' })).toBe(
      'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nRCPT TO:<e@d.example>\r\nDATA\r\n',
    )
    expect(feed(session, '250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n', size)).toEqual([
      'reply 250',
      'reply 250',
      'reply 550',
      'send-body 354',
    ])
    session.sendBody(encodeUtf8('.x\r\n'))
    session.endBody()
    expect(output(session)).toBe('..x\r\n.\r\n')
    expect(feed(session, '250 queued\r\n', size)).toEqual(['message-reply 250'])
    expect(session.state).toBe('ready')
  })

  test.each([
    {
      name: 'codes differ within a reply',
      text: '250-a\r\n550 b\r\n',
      code: 'REPLY_CODE_MISMATCH',
      spec: 'rfc5321 4.2.1',
    },
    { name: 'a code of no class', text: '199 a\r\n', code: 'REPLY_BAD_CODE', spec: 'rfc5321 4.2' },
    { name: 'a bare LF', text: '250 a\n', code: 'REPLY_BARE_LF', spec: 'rfc5321 2.3.8' },
    {
      name: 'an endless line',
      text: `250 ${'a'.repeat(5000)}`,
      code: 'REPLY_LINE_TOO_LONG',
      spec: 'rfc5321 4.5.3.1.5',
    },
    { name: 'endless lines', text: '250-a\r\n'.repeat(130), code: 'REPLY_TOO_MANY_LINES', spec: 'rfc5321 4.2.1' },
    {
      name: 'a reply of too many octets',
      text: `250-${'a'.repeat(3000)}\r\n`.repeat(30),
      code: 'REPLY_TOO_LONG',
      spec: 'rfc5321 4.2',
    },
    {
      name: 'an unsolicited reply',
      text: '250 ok\r\n250 again\r\n',
      code: 'SMTP_UNSOLICITED_REPLY',
      spec: 'rfc5321 4.1',
    },
    { name: 'go on where nothing can', text: '354 go\r\n', code: 'SMTP_UNEXPECTED_REPLY', spec: 'rfc5321 4.3.2' },
  ])('ClientSession: $name is one terminal error [$spec]', ({ text, code }) => {
    const session = greeted()
    session.send({ verb: 'NOOP' })
    expect(feed(session, text, size).at(-1)).toBe(`error ${code}`)
    expect(feed(session, '250 more\r\n', size)).toEqual([])
    expect(session.state).toBe('closed')
  })

  test('ClientSession: 250 without text is a reply [rfc5321 4.2]', () => {
    const session = greeted()
    session.send({ verb: 'NOOP' })
    expect(feed(session, '250\r\n', size)).toEqual(['reply 250'])
  })

  test('ClientSession: a lone dot ends the message that the server wants though it took no recipient [rfc2920 3.1]', () => {
    const session = greeted()
    send(session, MAIL, RCPT, { verb: 'DATA' })
    feed(session, '250 ok\r\n550 no\r\n354 go\r\n', size)
    expect(output(session)).toBe('.\r\n')
    expect(feed(session, '554 no recipients\r\n', size)).toEqual(['message-reply 554'])
    expect(session.state).toBe('ready')
  })
})

test('ClientSession: a further EHLO that is refused leaves what the server offers as it was [rfc5321 4.1.4]', () => {
  const session = greeted()
  session.send(EHLO)
  expect(feed(session, '502 no\r\n', 1)).toEqual(['reply 502'])
  expect(session.capabilities.pipelining).toBe(true)
  session.send({ verb: 'HELO', domain: 'client.example' })
  feed(session, '250 mx.example\r\n', 1)
  expect(session.capabilities.list).toEqual([])
})

describe('ClientSession: STARTTLS [rfc3207 4.2]', () => {
  test.each([
    ['a whole forged EHLO reply', '220 go\r\n250-forged\r\n250 AUTH PLAIN\r\n'],
    ['a fragment without CRLF', '220 go\r\n25'],
    ['one octet', '220 go\r\n\r'],
  ])('%s behind the reply is an error', (_, text) => {
    const session = greeted()
    session.send({ verb: 'STARTTLS' })
    expect(feed(session, text, Number.POSITIVE_INFINITY)).toEqual(['error SMTP_TLS_INJECTION'])
    expect(() => session.tlsEstablished()).toThrow(MailError)
  })

  test('octets that come between the reply and the handshake are an error', () => {
    const session = greeted()
    session.send({ verb: 'STARTTLS' })
    expect(feed(session, '220 go\r\n', 1)).toEqual(['upgrade-tls 220'])
    expect(feed(session, '250 forged\r\n', 1)).toEqual(['error SMTP_TLS_INJECTION'])
  })

  test('all that was learnt before is forgotten', () => {
    const session = greeted()
    session.send({ verb: 'STARTTLS' })
    feed(session, '220 go\r\n', 1)
    session.tlsEstablished()
    expect(session.capabilities.list).toEqual([])
    expect(session.secured).toBe(true)
    expect(session.state).toBe('greeted')
  })

  test('a second STARTTLS is out of turn', async () => {
    const session = greeted(EHLO_REPLY, { secured: true })
    expect(await rejectionOf(() => session.send({ verb: 'STARTTLS' }))).toBe('SMTP_OUT_OF_TURN')
  })

  test('454 leaves the session as it was', () => {
    const session = greeted()
    session.send({ verb: 'STARTTLS' })
    expect(feed(session, '454 not now\r\n', 1)).toEqual(['reply 454'])
    expect(session.state).toBe('ready')
  })
})

describe('ClientSession: AUTH [rfc4954 4]', () => {
  const AUTH: Command = { verb: 'AUTH', mechanism: 'PLAIN' }

  test('a challenge, a response, success', () => {
    const session = greeted()
    session.send(AUTH)
    session.receive(encodeUtf8('334 Zm9v\r\n'))
    const event = session.nextEvent()
    expect(event).toMatchObject({ type: 'challenge', data: encodeUtf8('foo') })
    output(session)
    session.respond(encodeUtf8('bar'))
    expect(output(session)).toBe('YmFy\r\n')
    expect(feed(session, '235 ok\r\n', 1)).toEqual(['authenticated 235'])
    expect(session.authenticated).toBe(true)
  })

  test('cancel is a lone star', () => {
    const session = greeted()
    session.send(AUTH)
    feed(session, '334 \r\n', 1)
    output(session)
    session.respond(undefined)
    expect(output(session)).toBe('*\r\n')
    expect(feed(session, '501 cancelled\r\n', 1)).toEqual(['auth-failed 501'])
    expect(session.state).toBe('ready')
  })

  test('a challenge that is not Base64 is a terminal error', () => {
    const session = greeted()
    session.send(AUTH)
    expect(feed(session, '334 ***\r\n', 1)).toEqual(['error SMTP_UNEXPECTED_REPLY'])
  })

  test('a mechanism that is not offered, and a second AUTH, are refused', async () => {
    const session = greeted()
    expect(await rejectionOf(() => session.send({ verb: 'AUTH', mechanism: 'LOGIN' }))).toBe('SMTP_NOT_OFFERED')
    session.send(AUTH)
    feed(session, '235 ok\r\n', 1)
    expect(await rejectionOf(() => session.send(AUTH))).toBe('SMTP_OUT_OF_TURN')
  })
})

describe('ClientSession: what the caller may not do throws, and nothing is written', () => {
  test.each<[string, Command, string]>([
    ['MAIL before EHLO', MAIL, 'SMTP_OUT_OF_TURN'],
    ['AUTH before EHLO', { verb: 'AUTH', mechanism: 'PLAIN' }, 'SMTP_OUT_OF_TURN'],
    ['a control in an argument', { verb: 'NOOP', argument: 'a\r\nQUIT' }, 'COMMAND_BAD_ARGUMENT'],
  ])('%s', async (_, command, code) => {
    const session = new ClientSession()
    feed(session, '220 mx.example\r\n', 1)
    expect(await rejectionOf(() => session.send(command))).toBe(code)
    expect(output(session)).toBe('')
  })

  test.each<[string, Command, string]>([
    ['RCPT without MAIL', RCPT, 'SMTP_OUT_OF_TURN'],
    ['DATA without RCPT', { verb: 'DATA' }, 'SMTP_OUT_OF_TURN'],
    ['8BITMIME where it is not offered', { ...MAIL, parameters: { body: '8BITMIME' } }, 'SMTP_NOT_OFFERED'],
    ['DSN where it is not offered', { ...MAIL, parameters: { ret: 'HDRS' } }, 'SMTP_NOT_OFFERED'],
    ['SMTPUTF8 where it is not offered', { ...MAIL, parameters: { smtpUtf8: true } }, 'SMTP_NOT_OFFERED'],
  ])('%s', async (_, command, code) => {
    const session = greeted()
    expect(await rejectionOf(() => session.send(command))).toBe(code)
    expect(output(session)).toBe('')
  })

  test('anything before the greeting', async () => {
    expect(await rejectionOf(() => new ClientSession().send(EHLO))).toBe('SMTP_OUT_OF_TURN')
  })

  test('a second command without PIPELINING, and any behind the end of a group [rfc2920 3.1]', async () => {
    const lockStep = greeted('250 mx.example\r\n')
    lockStep.send(MAIL)
    expect(await rejectionOf(() => lockStep.send(RCPT))).toBe('SMTP_OUT_OF_TURN')
    const grouped = greeted()
    send(grouped, MAIL, RCPT, { verb: 'DATA' })
    expect(await rejectionOf(() => grouped.send({ verb: 'RSET' }))).toBe('SMTP_OUT_OF_TURN')
    const asked = greeted(EHLO_REPLY, { pipelining: 'none' })
    asked.send(MAIL)
    expect(await rejectionOf(() => asked.send(RCPT))).toBe('SMTP_OUT_OF_TURN')
  })

  test('the message before it is asked for and after its end', async () => {
    const session = greeted()
    expect(await rejectionOf(() => session.sendBody(new Uint8Array(1)))).toBe('SMTP_OUT_OF_TURN')
    send(session, MAIL, RCPT, { verb: 'DATA' })
    feed(session, '250 ok\r\n250 ok\r\n354 go\r\n', 1)
    session.endBody()
    expect(await rejectionOf(() => session.endBody())).toBe('SMTP_OUT_OF_TURN')
  })

  test('a SASL response that nothing asked for', async () => {
    expect(await rejectionOf(() => greeted().respond(undefined))).toBe('SMTP_OUT_OF_TURN')
  })
})

describe('ClientSession: the end', () => {
  test('421 that answers a command closes [rfc5321 3.8]', () => {
    const session = greeted()
    session.send({ verb: 'NOOP' })
    expect(feed(session, '421 going\r\n', 1)).toEqual(['reply 421'])
    expect(session.state).toBe('closed')
  })

  test('421 between commands is told [rfc5321 3.8]', () => {
    const session = greeted()
    expect(feed(session, '421 going\r\n', 1)).toEqual(['closing 421'])
    expect(session.state).toBe('closed')
  })

  test('the end of the connection is an error unless QUIT was answered', () => {
    const session = greeted()
    session.end()
    expect(tell(session.nextEvent()!)).toBe('error SMTP_CLOSED')
    expect(session.nextEvent()).toBeUndefined()
    const done = greeted()
    done.send({ verb: 'QUIT' })
    feed(done, '221 bye\r\n', 1)
    done.end()
    expect(done.nextEvent()).toBeUndefined()
  })

  test('a greeting of 554 leaves QUIT alone [rfc5321 3.1]', async () => {
    const session = new ClientSession()
    expect(feed(session, '554 no service\r\n', 1)).toEqual(['greeting 554'])
    expect(await rejectionOf(() => session.send(EHLO))).toBe('SMTP_OUT_OF_TURN')
    expect(send(session, { verb: 'QUIT' })).toBe('QUIT\r\n')
  })
})

test.each([
  ['greeting', 300_000, (): ClientSession => new ClientSession()],
  ['DATA', 120_000, (): ClientSession => sendingData('')],
  ['body', 180_000, (): ClientSession => sendingData('354 go\r\n')],
])('ClientSession: the deadline of %s is %i ms [rfc5321 4.5.3.2]', (awaiting, milliseconds, make) => {
  expect(make().deadline).toEqual({ awaiting, milliseconds })
})

function sendingData(reply: string): ClientSession {
  const session = greeted()
  send(session, MAIL, RCPT, { verb: 'DATA' })
  feed(session, `250 ok\r\n250 ok\r\n${reply}`, 1)
  return session
}
