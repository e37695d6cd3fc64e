import type { SendOutcome, SmtpClientOptions } from '@posthorn/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { hardMessage } from './lib/message.ts'
import { type OurClient, openClient } from './lib/our-client.ts'
import { Daemon, freePort } from './lib/process.ts'

// Postfix's smtp-sink as a server that fails on demand: what our client makes of every kind of trouble.
let sink: Daemon | undefined
afterEach(() => sink?.stop())

async function open(options: readonly string[], client: SmtpClientOptions = {}): Promise<OurClient> {
  const port = await freePort()
  sink = new Daemon('/usr/sbin/smtp-sink', [
    '-u',
    'nobody',
    '-h',
    'sink.posthorn.test',
    ...options,
    `127.0.0.1:${port}`,
    '50',
  ])
  await sink.ready(port)
  return openClient({ port }, client)
}

const ENVELOPE = { reversePath: 'a@posthorn.example', forwardPaths: ['b@posthorn.example', 'c@posthorn.example'] }
const told = ({ type, recipients }: SendOutcome): string =>
  [type, ...recipients.map(({ status, retry }) => `${status} ${retry}`)].join(', ')

describe.each(['none', 'data'] as const)('SmtpClient with pipelining %s', (pipelining) => {
  test.each([
    ['MAIL is refused', ['-f', 'MAIL'], 'refused, rejected never, rejected never'],
    ['RCPT is refused', ['-f', 'RCPT'], 'refused, rejected never, rejected never'],
    ['DATA is refused', ['-f', 'DATA'], 'refused, rejected never, rejected never'],
    ['the message is refused', ['-f', '.'], 'refused, rejected never, rejected never'],
    ['MAIL is put off', ['-r', 'MAIL'], 'refused, deferred later, deferred later'],
    ['RCPT is put off', ['-r', 'RCPT'], 'refused, deferred later, deferred later'],
    ['the message is put off', ['-r', '.'], 'refused, deferred later, deferred later'],
    [
      'the connection drops at MAIL',
      ['-q', 'MAIL'],
      'refused, deferred now-on-another-host, deferred now-on-another-host',
    ],
    [
      'the connection drops at DATA',
      ['-q', 'DATA'],
      'refused, deferred now-on-another-host, deferred now-on-another-host',
    ],
    ['the connection drops after the final dot', ['-q', '.'], 'unknown, unknown may-duplicate, unknown may-duplicate'],
    [
      'the server says 421 at RCPT',
      ['-Q', 'RCPT'],
      'refused, deferred now-on-another-host, deferred now-on-another-host',
    ],
    ['nothing goes wrong', [], 'accepted, accepted never, accepted never'],
  ])('%s', async (_, options, expected) => {
    const { client } = await open(options, { pipelining })
    const outcome = await client.send(ENVELOPE, hardMessage())
    await client.quit()
    expect(told(outcome)).toBe(expected)
  })
})

test('SmtpClient: a server that does not know EHLO is greeted with HELO', async () => {
  const { client, conversation } = await open(['-e'])
  const outcome = await client.send(ENVELOPE, new TextEncoder().encode('Subject: x\r\n\r\nhi\r\n'))
  await client.quit()
  expect(outcome.type).toBe('accepted')
  expect(usedIn(conversation)).toEqual(['HELO'])
})

test('SmtpClient: LMTP, one recipient at a time', async () => {
  const { client, conversation } = await open(['-L'], { protocol: 'lmtp' })
  const outcome = await client.send(ENVELOPE, hardMessage())
  await client.quit()
  expect(told(outcome)).toBe('accepted, accepted never, accepted never')
  expect(usedIn(conversation)).toContain('LMTP')
})

test('SmtpClient: a refusal to greet', async () => {
  await expect(open(['-f', 'CONNECT'])).rejects.toMatchObject({ code: 'SMTP_REFUSED' })
})
