/** What events tell beside who said what: line ends, dots, whom a header names, TLS where none was asked for. */
import { expect, test } from 'vitest'
import { type MessageEvent, parseTranscript, type ReplyEvent } from '../src/index.ts'

function messageIn(...lines: string[]): MessageEvent {
  const text = ['C: DATA', 'S: 354 go', ...lines, 'S: 250 ok'].join('\n')
  return parseTranscript(text).sessions[0]!.events.find((event) => event.type === 'message')!
}

test('parseTranscript: LF alone is seen where a literal shows line ends [rfc5321 2.3.8]', () => {
  expect(messageIn(`C: b'Subject: a\\n\\nbody\\r\\n.\\r\\n'`)).toMatchObject({ bareLf: true, complete: true })
  expect(messageIn(`C: b'Subject: a\\r\\n\\r\\nbody\\r\\n.\\r\\n'`)).not.toHaveProperty('bareLf')
})

test('parseTranscript: a dot that was not doubled is seen [rfc5321 4.5.2]', () => {
  expect(messageIn('C: .hidden', 'C: .')).toMatchObject({ unstuffed: true })
  expect(messageIn('C: ..shown', 'C: .')).not.toHaveProperty('unstuffed')
})

test('parseTranscript: of a header only the domains of From and of signers are given [rfc5322 3.6.2]', () => {
  const message = messageIn(
    'C: DKIM-Signature: v=1; a=rsa-sha256; bh=x;',
    'C:  d=Mail.Example.com; s=s1',
    'C: From: Ann <ann@example.com>,',
    'C:  Bob d=no.example <bob@Example.org>',
    'C: Subject: x',
    'C:  y; d=other.example',
    'C: ',
    'C: From: carol@example.net',
    'C: .',
  )
  expect(message.fromDomains).toEqual(['example.com', 'example.org'])
  expect(message.signers).toEqual(['mail.example.com'])
  expect(JSON.stringify(message)).not.toMatch(/ann|bob/i)
})

test('parseTranscript: a reply line without a code is marked [rfc5321 4.2.1]', () => {
  const replyOf = (text: string): ReplyEvent => {
    const { events } = parseTranscript(text).sessions[0]!
    return events.find((event) => event.type === 'reply')!
  }
  expect(replyOf('C: EHLO a.example\nS: 250-mx.example.net\nS: SIZE 1000\nS: 250 HELP').codeless).toBe(true)
  expect(replyOf('C: EHLO a.example\nS: 250-mx.example.net\nS: 250 HELP')).not.toHaveProperty('codeless')
})

test.each([
  '03:04:05.12 4 SMTPI-000123([192.0.2.1]) inp: \\022\\003\\001\\001\\016',
  '[PROTOCOL] [A1B2C3D4-0F71.1] [core] C: \x16\x03\x01\x02',
  "send: b'\\x16\\x03\\x01\\x02'",
])('parseTranscript: TLS where a command is awaited is no password [rfc8446 5.1] %#', (line) => {
  const { sessions } = parseTranscript(`${line}\n500 5.5.1 Unknown\n`)
  expect(sessions[0]?.events[0]).toMatchObject({ type: 'command', verb: 'CLIENT-HELLO', text: '***' })
})
