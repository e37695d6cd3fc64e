import { describe, expect, test } from 'vitest'
import { parseTranscript } from '../src/index.ts'
import { describeEvents, describeRecipients } from './describe-session.ts'
import { DIALOGUE, EVENTS, LOGGERS, RECIPIENTS, REPEATED_LOGIN, SECRETS, UNKNOWN_LOGGERS, write } from './loggers.ts'

function only(text: string) {
  const transcript = parseTranscript(text)
  expect(transcript.sessions).toHaveLength(1)
  return transcript.sessions[0]!
}

describe.each(Object.entries(LOGGERS))('the log of %s', (format, logger) => {
  const text = write(logger)

  test('parseTranscript: the session is that of all other logs', () => {
    const session = only(text)
    expect(describeEvents(session)).toBe(EVENTS)
    expect(describeRecipients(session)).toBe(RECIPIENTS)
    expect(session).toMatchObject({
      confidence: 1,
      close: 'quit',
      authentication: { mechanism: 'PLAIN', outcome: 'accepted' },
    })
    expect(session.greetings[0]).toMatchObject({
      name: 'client.example.com',
      capabilities: { SIZE: '1000000', PIPELINING: '' },
    })
  })

  test('parseTranscript: the format', () => {
    expect(only(text).format).toBe(format)
  })

  test('parseTranscript: no secret is given, and where it stands is told [rfc4954 4]', () => {
    const transcript = parseTranscript(text)
    for (const secret of SECRETS) expect(JSON.stringify(transcript)).not.toContain(secret)
    expect(transcript.secrets.map(({ start, end }) => text.slice(start, end))).toEqual([SECRETS[0]])
  })
})

test.each(Object.entries(UNKNOWN_LOGGERS))('parseTranscript: a format never seen: %s', (_, logger) => {
  const session = only(write(logger))
  expect(session.format).toBe('unknown')
  expect(describeEvents(session)).toBe(EVENTS)
})

const swaks = write(LOGGERS['swaks']!)
test.each([
  ['quoted', swaks.replace(/^/gm, '> ')],
  ['quoted twice', swaks.replace(/^/gm, '> > ')],
  ['fenced', `\`\`\`text\n${swaks}\n\`\`\``],
  ['coloured', swaks.replace(/^(....)/gm, '\x1b[32m$1\x1b[0m')],
  ['with CRLF', swaks.replaceAll('\n', '\r\n')],
  ['with a byte order mark', `\uFEFF${swaks}`],
  ['copied from HTML', swaks.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>\n')],
  ['HTML in one line', swaks.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br/>')],
  [
    'as JSON lines',
    swaks
      .split('\n')
      .map((line) => JSON.stringify({ level: 'debug', msg: line }))
      .join('\n'),
  ],
  [
    'as log lines of a container',
    swaks
      .split('\n')
      .map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr' }))
      .join('\n'),
  ],
])('parseTranscript: a paste %s', (_, text) => {
  const session = only(text)
  expect(describeEvents(session)).toBe(EVENTS)
  const [, mail] = session.events.filter(({ type }) => type === 'command').map(({ source }) => source!)
  expect(text.slice(mail!.start, mail!.end)).toContain(SECRETS[0])
})

test('parseTranscript: interleaved sessions are told apart', () => {
  const log = (id: string) => write((turn, i) => LOGGERS['nodemailer']!(turn, i).replace('8PB2LarFeS8', id)).split('\n')
  const [a, b] = [log('aAaA1111'), log('bBbB2222')]
  const text = a.flatMap((line, i) => [line, b[i]]).join('\n')
  const { sessions, unexplained } = parseTranscript(text)
  expect(sessions.map(describeEvents)).toEqual([EVENTS, EVENTS])
  expect(unexplained).toEqual([])
})

test('parseTranscript: sessions one after another are told apart by their greetings', () => {
  const text = [write(LOGGERS['plain']!), write(LOGGERS['plain']!)].join('\n')
  expect(parseTranscript(text).sessions.map(describeEvents)).toEqual([EVENTS, EVENTS])
})

test('parseTranscript: commands that the log lacks are inferred', () => {
  const replies = DIALOGUE.filter(({ side }) => side === 'server').map(({ text }) => text)
  expect(describeEvents(only(replies.join('\n')))).toBe(
    '220! (EHLO) 250 (AUTH) 235 (MAIL) 250 (RCPT) 250 (RCPT) 550 (DATA) 354 @ 250 (QUIT) 221',
  )
})

test('parseTranscript: commands without replies', () => {
  const lines = DIALOGUE.filter(({ side }) => side === 'client')
  expect(describeEvents(only(write(LOGGERS['c-s']!, lines)))).toBe('EHLO AUTH MAIL RCPT RCPT DATA @ QUIT')
})

test('parseTranscript: a single reply', () => {
  const session = only('550 5.7.26 This mail is unauthenticated')
  expect(session.events[0]).toMatchObject({
    type: 'reply',
    reply: { code: 550, enhanced: { class: 5, subject: 7, detail: 26 } },
  })
})

test('parseTranscript: a reply of several lines with its enhanced status code on each [rfc2034 4]', () => {
  const session = only('C: RCPT TO:<b@example.net>\nS: 550-5.1.1 no\nS: 550 5.1.1 such user')
  expect(session.events[1]).toMatchObject({
    reply: { lines: ['no', 'such user'] },
    source: { line: 2, lastLine: 3 },
    answers: 0,
  })
})

test('parseTranscript: 421 at any time ends the session [rfc5321 3.8]', () => {
  const session = only('S: 220 mx.example.net\nC: EHLO c.example\nS: 250 mx\nS: 421 4.4.2 Timeout')
  expect(session.close).toBe('server-closed')
  expect(session.events.at(-1)).not.toHaveProperty('answers')
})

test('parseTranscript: what is not understood is listed', () => {
  const text = 'C: EHLO c.example\nS: 250 mx\n-> \u2603 <- what is this\nC: QUIT\nS: 221 bye'
  const { unexplained, sessions } = parseTranscript(text)
  expect(unexplained.map(({ start, end }) => text.slice(start, end))).toEqual(['-> \u2603 <- what is this'])
  expect(sessions[0]?.confidence).toBeCloseTo(0.8)
})

test('parseTranscript: limits leave the rest unexplained', () => {
  const { sessions, unexplained } = parseTranscript('S: 220 mx\nC: QUIT\nS: 221 bye\n', { maxLines: 2 })
  expect(sessions.map(describeEvents)).toEqual(['220! QUIT'])
  expect(unexplained).toEqual([{ line: 3, lastLine: 4, start: 18, end: 29 }])
  expect(parseTranscript('S: 220 mx\nC: QUIT', { maxLength: 9 }).unexplained).toMatchObject([{ start: 9, end: 17 }])
})

test('parseTranscript: times, with and without a date', () => {
  const text = write(LOGGERS['nodemailer']!)
  expect(only(text)).toMatchObject({
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 0),
    endedAt: Date.UTC(2026, 0, 2, 3, 4, DIALOGUE.length - 1),
  })
  expect(only(write(LOGGERS['fakesmtp']!)).startedAt).toBe(((3 * 60 + 4) * 60 + 5) * 1000)
})

test('parseTranscript: a bounce message gives what its delivery report says [rfc3464 2]', () => {
  const text = [
    'Subject: Undelivered Mail',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    '',
    '<b@example.net>: host mx.example.net said: 550 5.1.1 User unknown',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    'Final-Recipient: rfc822; b@example.net',
    'Action: failed',
    'Status: 5.1.1',
    'Remote-MTA: dns; mx.example.net',
    'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
    '--b--',
  ].join('\r\n')
  const session = only(text)
  expect(session).toMatchObject({
    format: 'delivery-report',
    perspective: 'report',
    server: { name: 'mx.example.net' },
  })
  expect(describeRecipients(session)).toBe('? > b@example.net:r')
})

describe.each(Object.entries(LOGGERS))('credentials of several steps in the log of %s', (_, logger) => {
  test('parseTranscript: none is given, nor an echo of one [rfc4954 4]', () => {
    const turns = [
      ...REPEATED_LOGIN,
      ['client', 'Y29ycmVjdGhvcnNl'],
      ['server', '500 5.5.1 Y29YCMVJDGHVCNNL is no command'],
    ] as const
    const text = write(
      logger,
      turns.map(([side, said]) => ({ side, text: said })),
    )
    const given = JSON.stringify(parseTranscript(text).sessions)
    expect(given).not.toMatch(/Y29ycmVjdGhvcnNl|correcthorse|c29tZWJvZHk/i)
  })
})

test('parseTranscript: what a tool calls a password is not given', () => {
  const text =
    '=== Connected to smtp://user:hunter2@mx.example.net\n=== Trying with password="hunter2"\n*** Error: Bearer abcdefgh12345678 timed out\n<-  220 mx.example.net ESMTP'
  const { sessions, secrets } = parseTranscript(text)
  expect(JSON.stringify(sessions)).not.toMatch(/hunter2|abcdefgh/)
  expect(secrets.map(({ start, end }) => text.slice(start, end))).toEqual(['hunter2', 'hunter2', 'abcdefgh12345678'])
})

test('parseTranscript: in a log of one side, a reply that is the same as the last is another one', () => {
  const text = '220 mx.example.net ESMTP\n250 mx.example.net\n250 2.1.0 Ok\n550 5.1.1 No\n550 5.1.1 No\n221 Bye'
  expect(describeEvents(only(text))).toBe('220! (HELO) 250 (MAIL) 250 (RCPT) 550 (RCPT) 550 (QUIT) 221')
})

test('parseTranscript: a failure that a tool prints once more is no reply', () => {
  const text =
    'C: RCPT TO:<b@example.net>\nS: 550 5.1.1 No\nlibrary failed: 550 5.1.1 No\n550 5.1.1 No\nC: QUIT\nS: 221 Bye'
  expect(describeEvents(only(text))).toBe('RCPT 550 QUIT 221')
})

test('parseTranscript: as many lines as the limit allows, none of them understood', { timeout: 60_000 }, () => {
  const text = `S: 220 mx\nC: EHLO a\nS: 250 ok\n${'what is this\n'.repeat(200_000)}`
  expect(parseTranscript(text).unexplained.length).toBe(199_998)
})
