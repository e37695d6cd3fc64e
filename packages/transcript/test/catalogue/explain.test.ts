import type { Reply } from '@posthorn/reply'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workOf } from '../../../../test/work.ts'
import { explainReply, type ReplyExplanation } from '../../src/catalogue.ts'

const GMAIL = 'a1-20020a0563.42 - gsmtp'
const OUTLOOK = '[AM0EUR02FT010.eop-EUR02.prod.protection.outlook.com]'
const summary = ({ rule, retry, actor }: ReplyExplanation): string => `${rule} ${retry} ${actor}`

describe('what codes do not mean', () => {
  test.each([
    ['550 5.7.27 Gmail requires bulk senders to authenticate', GMAIL, 'google/spf-required', 'null MX'],
    ['550 5.7.29 Gmail wants TLS', GMAIL, 'google/tls-required', 'the ARC chain fails'],
    ['421 4.7.30 Gmail wants DKIM', GMAIL, 'google/dkim-required', 'REQUIRETLS'],
    ['550 5.7.30 Basic authentication is not supported', OUTLOOK, 'microsoft/login-basic', 'REQUIRETLS'],
    ['550 5.4.1 Recipient address rejected: Access denied.', OUTLOOK, 'microsoft/user-unknown', 'does not answer'],
    ['550 5.4.6 Unusual sending activity detected.', 'https://mail.zoho.com', 'zoho/account-locked', 'loop'],
    ['552 5.1.1 Boite pleine. OFR_417 [417]', '', 'orange/full', 'does not exist'],
    ['553 5.7.2 [TSS09] All messages will be permanently deferred', '', 'yahoo/reputation-final', 'mailing list'],
  ])('explainReply: %s %s', (said, signature, rule, registered) => {
    const { rule: found, collision } = explainReply(`${said} ${signature}`)
    expect(found).toBe(rule)
    expect(collision?.registered).toContain(registered)
  })

  test.each([
    ['421 4.7.28 detected an unusual rate of mail', GMAIL, 'google/rate-spike slower sender-admin'],
    ['550 4.4.7 QUEUE.Expired; message expired', '', 'microsoft/net-expired after-fix sender-admin'],
    ["554 delivery error: dd This user doesn't have a account", '', 'yahoo/user-unknown never sender'],
    ['552 1 Requested mail action aborted, mailbox not found', '', 'yahoo/user-unknown never sender'],
    ['550 Mailbox unavailable or access denied', 'https://service.mail.qq.com', 'qq/rate-recipient slower nobody'],
    ['550 Domain frequency limited', '', 'qq/rate-sender slower sender-admin'],
    ['553 5.7.2 [TSS11] permanently deferred', '', 'yahoo/reputation-final never sender-admin'],
    ['550 5.7.1 Relay not permitted', 'privaterelay.appleid.com', 'apple/user-disabled never recipient'],
    ['451 Could not complete sender verify', '', 'exim/sender-dns-later later sender-admin'],
    [
      '403 You are not authorized to send from that email address',
      '',
      'sendgrid/account-identity after-fix sender-admin',
    ],
    ['503 5.5.1 MAIL first.', GMAIL, 'google/out-of-turn after-fix client'],
    ['554 5.5.1 Error: no valid recipients', '', 'postfix/no-recipients never sender'],
    ['530 5.7.0 Authentication Required.', GMAIL, 'google/login-missing after-fix sender'],
  ])('explainReply: %s %s', (said, signature, expected) => {
    expect(summary(explainReply(`${said} ${signature}`))).toBe(expected)
  })

  test('explainReply: a listing that is an error of the resolver is not the fault of the sender', () => {
    const said = '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; '
    expect(summary(explainReply(said))).toBe('blocklist/listed-spamhaus after-fix sender-admin')
    expect(summary(explainReply(`${said}Error: open resolver; https://check.spamhaus.org/returnc/pub/`))).toBe(
      'lists/list-resolver after-fix receiver-admin',
    )
  })

  test('explainReply: the same words mean another thing elsewhere', () => {
    expect(explainReply('550 5.7.1 Relay not permitted').rule).toBe('exim/relay-denied')
    expect(explainReply('550 5.7.27 sender address has null MX').rule).not.toBe('google/spf-required')
    expect(explainReply('550 5.7.30 REQUIRETLS support required').collision).toBeUndefined()
  })

  test('explainReply: a code of another class keeps its cause and follows the class', () => {
    expect(explainReply('450 4.7.1 Sorry, no mailbox here by that name')).toMatchObject({
      rule: 'qmail/user-unknown',
      retry: 'later',
      confidence: 'low',
    })
    expect(explainReply('550 4.4.7 QUEUE.Expired; message expired').anatomy).toMatchObject({ classesDiffer: true })
  })
})

describe('what is asked most', () => {
  test.each([
    [
      `550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM. ${GMAIL}`,
      'authentication after-fix',
    ],
    [`421 4.7.0 suspicious due to the very low reputation of the sending IP address. ${GMAIL}`, 'reputation slower'],
    [`550 5.7.25 The IP address sending this message does not have a PTR record ${GMAIL}`, 'reverse-dns after-fix'],
    [`552 5.7.0 its content presents a potential security issue ${GMAIL}`, 'content after-fix'],
    [`452 4.2.2 The recipient's inbox is out of storage space ${GMAIL}`, 'mailbox-full slower'],
    [`535 5.7.8 Username and Password not accepted ${GMAIL}`, 'credentials after-fix'],
    [`534 5.7.9 Application-specific password required ${GMAIL}`, 'credentials after-fix'],
    [
      '550 5.7.515 Access denied, sending domain does not meet the required authentication level',
      'authentication after-fix',
    ],
    ['550 5.7.1 part of their network is on our block list (S3150)', 'reputation after-fix'],
    [`451 4.7.500 Server busy. Please try again later ${OUTLOOK}`, 'rate slower'],
    [`451 4.7.650 temporarily rate limited due to IP reputation ${OUTLOOK}`, 'reputation slower'],
    [`550 5.7.611 Access denied, banned sending IP [192.0.2.1] ${OUTLOOK}`, 'reputation after-fix'],
    [`550 5.4.1 Recipient address rejected: Access denied ${OUTLOOK}`, 'address never'],
    ['535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled', 'credentials after-fix'],
    ['421 4.7.0 [TSS04] Messages temporarily deferred', 'reputation slower'],
    ['554 5.7.9 Message not accepted for policy reasons. https://postmaster.yahooinc.com', 'authentication after-fix'],
    ['550 5.7.1 [CS01] Message rejected due to local policy', 'policy after-fix'],
    ['554 gmx.net Nemesis ESMTP Service not available case?c=r0103', 'reputation after-fix'],
    ['554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help) (BL)', 'reputation after-fix'],
    ['450 4.2.0 <a@example.org>: Recipient address rejected: Greylisted', 'greylisting later'],
    ['554 5.7.1 <a@example.org>: Relay access denied', 'relay after-fix'],
    ['454 Throttling failure: Maximum sending rate exceeded.', 'rate slower'],
    ['554 Message rejected: Email address is not verified.', 'account after-fix'],
  ])('explainReply: %s', (said, expected) => {
    const { topic, retry, confidence } = explainReply(said)
    expect(`${topic} ${retry}`).toBe(expected)
    expect(confidence).toBe('high')
  })
})

describe('a reply inside another', () => {
  test.each([
    [
      'host mx.example.net[192.0.2.1] said: 550 5.1.1 <a@example.net>: User unknown in virtual mailbox table (in reply to RCPT TO command)',
      'postfix/user-unknown',
      { software: 'postfix', host: 'mx.example.net' },
    ],
    [
      'SMTP error from remote mail server after RCPT TO:<a@example.net>: host mx.example.net [192.0.2.1]: 550 relay not permitted',
      'exim/relay-denied',
      { software: 'exim', host: 'mx.example.net' },
    ],
    [
      '550 5.7.1 Remote server returned message detected as spam -> 554 5.7.1 Message rejected under suspicion of SPAM',
      'yandex/content-spam',
      { software: 'exchange', code: 550 },
    ],
    [
      '451 4.7.0 Temporary server error. [{LED=421 4.3.2 System not accepting network messages};{MSG=}]',
      'microsoft/system-pause',
      { software: 'exchange', code: 451 },
    ],
    [
      'host mx.example.net[192.0.2.1] refused to talk to me: 554 5.7.1 Service unavailable; client blocked using zen.spamhaus.org',
      'blocklist/listed-spamhaus',
      { software: 'postfix', host: 'mx.example.net' },
    ],
    ["The response was: 552-5.3.4 exceeded Google's message size limits", 'google/size-message', { software: 'gmail' }],
    ['smtp; 550 5.1.1 <a@example.net>... User unknown', 'sendmail/user-unknown', {}],
  ])('explainReply: %s', (said, rule, reportedBy) => {
    expect(explainReply(said)).toMatchObject({ rule, reportedBy })
  })

  test('explainReply: the host of a report tells the provider, and what it answered', () => {
    const said = 'host gmail-smtp-in.l.google.com[192.0.2.1] said: 550 5.7.27 no (in reply to end of DATA command)'
    expect(explainReply(said)).toMatchObject({ rule: 'google/spf-required', provider: { id: 'google', known: 'host' } })
  })

  test('explainReply: texts of the own server are told apart', () => {
    const { local, rule } = explainReply('connect to mx.example.net[192.0.2.1]:25: Connection timed out')
    expect([local, rule]).toEqual([true, 'postfix-client/net-timeout'])
    expect(explainReply('554 5.7.1 Relay access denied').local).toBe(false)
  })
})

describe('what no rule knows', () => {
  test.each<[said: string, answers: string | undefined, expected: Partial<ReplyExplanation>]>([
    [
      '554 5.7.1 blocked using list.example',
      undefined,
      { level: 'blocklist', blocklist: 'list.example', confidence: 'medium' },
    ],
    ['550 the spf record is wrong', undefined, { level: 'wording', topic: 'authentication', confidence: 'low' }],
    ['550 5.2.2 no', undefined, { level: 'status', topic: 'mailbox-full', meaning: 'The mailbox is full' }],
    ['550 no', 'RCPT', { level: 'code', topic: 'address' }],
    ['554 no', 'message', { level: 'code', topic: 'policy' }],
    ['499 no', undefined, { level: 'class', retry: 'later' }],
    ['250 2.0.0 Ok', undefined, { level: 'class', topic: 'accepted', remedy: 'Nothing needs to be done' }],
    ['nothing to see', undefined, { level: 'none', topic: 'other' }],
    ['', undefined, { level: 'none' }],
  ])('explainReply: %s', (said, answers, expected) => {
    expect(explainReply(said, answers ? { answers } : {})).toMatchObject(expected)
  })

  test('explainReply: says what the parts of a code are', () => {
    expect(explainReply('550 5.7.26 no').anatomy).toEqual({
      class: 'refused for good',
      subject: 'security or policy',
      detail: 'several authentication checks failed',
    })
  })
})

test('explainReply: a reply of several lines reads like its text', () => {
  const lines = ['The email account that you tried to reach', 'does not exist.', GMAIL]
  const reply: Reply = { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines }
  const text = lines.map((line, index) => `550${index < 2 ? '-' : ' '}5.1.1 ${line}`).join('\r\n')
  expect(explainReply(reply)).toEqual(explainReply(text))
  expect(explainReply(reply).rule).toBe('google/user-unknown')
})

test('explainReply: never throws, and gives what JSON can hold', () => {
  const part = fc.constantFrom(
    '550',
    '4.7.1',
    ' said: ',
    '-',
    'host ',
    '[',
    '\r\n',
    'LED=',
    'blocked using ',
    '#',
    '\0',
    '(in reply to ',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(part, fc.string())).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, text, (said, clue) => {
      const found = explainReply(said, { provider: clue, host: clue, recipientDomain: clue, answers: clue })
      expect(JSON.parse(JSON.stringify(found))).toEqual(found)
    }),
  )
})

test.each([
  ['marks of a report', ' said: 550 ', 1],
  ['after without a colon', 'after after ', 1],
  ['hosts', 'host a.b ', 1],
  ['pieces of phrases', 'connection rate limit ', 1],
  ['a zone', 'blocked using a.', 1],
  ['heads of lines', '550-5.1.1 ', 1],
])('explainReply: the work is linear for %s', (_, unit) => {
  const work = (count: number): number => workOf(() => explainReply(`550 ${unit.repeat(count)}`))
  const [small, large] = [work(100), work(400)]
  expect(large).toBeLessThan(small * 6)
})

test('explainReply: reads 8,192 characters and says so', () => {
  const long = `550 ${'x '.repeat(5000)} - gsmtp`
  expect(explainReply(long)).toMatchObject({ clipped: true, level: 'code' })
  expect(workOf(() => explainReply(`550 ${'x '.repeat(500_000)}`))).toBeLessThan(20_000_000)
})
