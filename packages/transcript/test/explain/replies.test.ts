import { describe, expect, test } from 'vitest'
import { explain, type Finding } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'

const START = [
  'S: 220 mx.example.net ESMTP',
  'C: EHLO client.example.com',
  'S: 250-mx.example.net',
  'S: 250 PIPELINING',
]
const MAIL = ['C: MAIL FROM:<a@example.com>', 'S: 250 2.1.0 Ok']
const RCPT = ['C: RCPT TO:<b@example.net>', 'S: 250 2.1.5 Ok']
const TEXT = ['C: DATA', 'S: 354 Go ahead', 'C: Subject: hi', 'C: ', 'C: hello', 'C: .']

function explainLog(lines: readonly string[]): Promise<readonly Finding[]> {
  return explain(parseTranscript(lines.join('\n')).sessions[0]!)
}

const atRcpt = (reply: string): string[] => [...START, ...MAIL, 'C: RCPT TO:<b@example.net>', `S: ${reply}`]
const atEnd = (reply: string): string[] => [...START, ...MAIL, ...RCPT, ...TEXT, `S: ${reply}`]
const atMail = (reply: string): string[] => [...START, 'C: MAIL FROM:<a@example.com>', `S: ${reply}`]

test('explain: refusals of one cause are one finding', async () => {
  const recipients = Array.from({ length: 10 }, (_, i) => [
    `C: RCPT TO:<user${i}@example.net>`,
    `S: 550 5.1.1 <user${i}@example.net>: Recipient address rejected: User unknown in table`,
  ])
  const [finding, ...others] = await explainLog([...START, ...MAIL, ...recipients.flat()])
  expect(finding).toMatchObject({
    id: 'reply/postfix/user-unknown',
    severity: 'error',
    what: 'The server refused 10 recipients: 550 5.1.1',
    actor: 'sender',
    retry: 'never',
    evidence: Array.from({ length: 10 }, (_, i) => 6 + 2 * i),
  })
  expect(others).toEqual([])
})

test('explain: refusals of different causes are told apart, though their codes are the same', async () => {
  const findings = await explainLog([
    ...atRcpt('550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'),
    'C: RCPT TO:<c@example.net>',
    'S: 550 5.7.1 <c@example.net>: Relay access denied',
  ])
  expect(findings.map(({ explanation }) => explanation?.topic)).toEqual(['blocklist', 'relay'])
})

test('explain: a reply has what the catalogue says of it', async () => {
  const [finding] = await explainLog(atEnd('550 5.7.26 Unauthenticated email is not accepted. a1-2 - gsmtp'))
  const { explanation } = finding!
  expect(finding).toMatchObject({ what: 'The server refused the message: 550 5.7.26', why: explanation!.meaning })
  expect(finding!.remedy).toEqual([explanation!.remedy])
  expect(finding!.documents).toEqual(explanation!.sources)
})

test('explain: of what a rule was made from, readers are shown pages and no repositories', async () => {
  const [finding] = await explainLog(atRcpt('550 5.1.1 <b@example.net>... User unknown'))
  expect(finding!.explanation!.sources).toEqual(['https://github.com/zone-eu/zone-mta'])
  expect(finding!.documents).toEqual(['rfc5321#section-4.2', 'rfc3463#section-3'])
})

test('explain: of a reply that no rule explains the code is told', async () => {
  const [finding] = await explainLog(atRcpt('553 hmm'))
  expect(finding).toMatchObject({ id: 'reply/553/address', documents: ['rfc5321#section-4.2'] })
})

test('explain: in LMTP the reply behind the dot is of a recipient [rfc2033 4.2]', async () => {
  const [finding] = await explainLog([
    'S: 220 mx.example.net LMTP',
    'C: LHLO client.example.com',
    'S: 250 mx.example.net',
    ...MAIL,
    ...RCPT,
    'C: RCPT TO:<full@example.net>',
    'S: 250 2.1.5 Ok',
    ...TEXT,
    'S: 250 2.0.0 Saved',
    'S: 552 5.2.2 Mailbox is full',
  ])
  expect(finding).toMatchObject({ what: 'The server refused a recipient: 552 5.2.2' })
})

test('explain: a reply that came without the code on its face is explained from a log of deliveries', async () => {
  const [finding] = await explainLog([
    'Jan  2 03:04:05 mx postfix/smtp[99]: 4ABCDE: to=<b@example.net>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.1]:25: Connection timed out)',
  ])
  expect(finding).toMatchObject({ severity: 'warning', what: 'The mail could not be delivered', retry: 'later' })
  expect(finding!.explanation).toMatchObject({ topic: 'network', local: true })
})

// What the code alone would say is another thing
describe.each<[string, string[], string, string]>([
  [
    '5.7.27 at Gmail',
    atEnd('550 5.7.27 Gmail requires bulk senders to authenticate with SPF. a1-2 - gsmtp'),
    'authentication',
    'sender-admin',
  ],
  [
    '5.7.30 at Gmail',
    atEnd('550 5.7.30 Gmail requires bulk senders to authenticate with DKIM. a1-2 - gsmtp'),
    'authentication',
    'sender-admin',
  ],
  [
    '5.7.30 at Microsoft',
    [...START, 'C: AUTH PLAIN ***', 'S: 550 5.7.30 Basic authentication is not supported for Client Submission.'],
    'credentials',
    'sender-admin',
  ],
  [
    '4.7.28 at Gmail',
    atEnd('421 4.7.28 Gmail has detected an unusual rate of mail. a1-2 - gsmtp'),
    'rate',
    'sender-admin',
  ],
  [
    '5.4.1 at Microsoft',
    atRcpt(
      '550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT010.eop-EUR02.prod.protection.outlook.com]',
    ),
    'address',
    'sender',
  ],
  [
    '5.4.6 at Zoho',
    atMail('550 5.4.6 Unusual sending activity detected. Please try after sometime. mx.zoho.com'),
    'account',
    'sender',
  ],
  [
    '552 of Yahoo',
    atRcpt('552 1 Requested mail action aborted, mailbox not found mta1.mail.yahoodns.net'),
    'address',
    'sender',
  ],
  [
    '554 of Yahoo',
    atEnd("554 delivery error: dd This user doesn't have a yahoo.com account mta1.mail.yahoodns.net"),
    'address',
    'sender',
  ],
  [
    '[TSS09] of Yahoo',
    atMail('553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.'),
    'reputation',
    'sender-admin',
  ],
  [
    'a list that was asked through a public resolver',
    atRcpt(
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/',
    ),
    'configuration',
    'receiver-admin',
  ],
  [
    '451 of a sender that cannot be verified',
    atRcpt('451 Could not complete sender verify callout'),
    'sender-address',
    'sender-admin',
  ],
  [
    '403 of SendGrid',
    atEnd(
      '403 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. sendgrid.net',
    ),
    'account',
    'sender-admin',
  ],
])('explain: %s', (_, log, topic, actor) => {
  test(`is of ${topic}`, async () => {
    const [finding] = await explainLog(log)
    expect({ topic: finding?.explanation?.topic, actor: finding?.actor }).toEqual({ topic, actor })
  })
})

test('explain: 5.7.29 at Gmail is missing TLS, and no ARC', async () => {
  const [finding] = await explainLog(atEnd("550 5.7.29 This message wasn't sent over a TLS connection. a1-2 - gsmtp"))
  expect(finding).toMatchObject({ id: 'tls-required', severity: 'error' })
})

test('explain: 530 5.7.0 is no wrong password where none was sent', async () => {
  const [finding] = await explainLog(atMail('530 5.7.0 Authentication Required'))
  expect(finding).toMatchObject({ id: 'auth-not-tried', why: 'No password was wrong: none was sent' })
})

test('explain: 550 4.4.7 is permanent by its basic code, whatever the other says', async () => {
  const findings = await explainLog(atRcpt('550 4.4.7 QUEUE.Expired; message expired'))
  expect(findings[0]).toMatchObject({ severity: 'error' })
  expect(findings.map(({ id }) => id)).toContain('class-mismatch')
})
