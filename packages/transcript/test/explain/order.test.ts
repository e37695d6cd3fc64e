import { expect, test } from 'vitest'
import { explain, explainTranscript, type Finding } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'
import { describeFindings } from './describe-findings.ts'

function explainLog(...lines: string[]): Promise<readonly Finding[]> {
  return explain(parseTranscript(lines.join('\n')).sessions[0]!)
}

const START = [
  'S: 220 mx.example.net ESMTP',
  'C: EHLO client.example.com',
  'S: 250-mx.example.net',
  'S: 250 PIPELINING',
]

test('explain: what follows from a refused MAIL is one finding that names it [rfc5321 4.1.4]', async () => {
  const findings = await explainLog(
    ...START,
    'C: MAIL FROM:<a@example.com>',
    'C: RCPT TO:<b@example.net>',
    'C: DATA',
    'S: 550 5.7.1 <a@example.com>: Sender address rejected: Access denied',
    'S: 503 5.5.1 Error: need MAIL command',
    'S: 503 5.5.1 Error: need RCPT command',
    'C: QUIT',
    'S: 503 5.5.1 What?',
  )
  const [cause, effect] = findings
  expect(cause).toMatchObject({ severity: 'error', what: 'The server refused the sender: 550 5.7.1', evidence: [6] })
  expect(effect).toMatchObject({ id: 'consequence', consequenceOf: cause!.id, evidence: [7, 8, 10] })
  expect(findings.length).toBe(2)
})

test('explain: where no recipient is left, DATA is not the cause [rfc2920 3.1]', async () => {
  const findings = await explainLog(
    ...START,
    'C: MAIL FROM:<a@example.com>',
    'C: RCPT TO:<nouser@example.net>',
    'C: DATA',
    'S: 250 2.1.0 Ok',
    'S: 550 5.1.1 <nouser@example.net>: Recipient address rejected: User unknown',
    'S: 554 5.5.1 Error: no valid recipients',
  )
  expect(describeFindings(findings)).toEqual([
    'error reply/standards/user-unknown',
    'info consequence of reply/standards/user-unknown',
  ])
})

test('explain: a refused login is why MAIL is refused, and not the demand to log in', async () => {
  const findings = await explainLog(
    ...START,
    'C: AUTH CRAM-MD5',
    'S: 504 5.7.4 Unrecognized authentication type',
    'C: AUTH PLAIN ***',
    'S: 535 5.7.8 Authentication failed',
    'C: MAIL FROM:<a@example.com>',
    'S: 530 5.7.0 Authentication required',
  )
  const [cause, effect] = findings
  expect(cause).toMatchObject({ severity: 'error', what: 'The server refused the login: 535 5.7.8', evidence: [6] })
  expect(effect).toMatchObject({ id: 'consequence', consequenceOf: cause!.id, evidence: [8] })
  expect(findings.at(-1)).toMatchObject({ severity: 'info', what: 'The server refused the login: 504 5.7.4' })
})

test('explain: a login in another way that is accepted makes the first refusal harmless', async () => {
  const findings = await explainLog(
    ...START,
    'C: AUTH CRAM-MD5',
    'S: 535 5.7.8 Authentication failed',
    'C: AUTH PLAIN ***',
    'S: 235 2.7.0 Ok',
    'C: QUIT',
  )
  expect(findings.map(({ severity }) => severity)).toEqual(['info'])
})

test('explain: EHLO forgotten after STARTTLS is why all else is refused [rfc3207 4.2]', async () => {
  const findings = await explainLog(
    'S: 220 mx.example.net ESMTP',
    'C: EHLO client.example.com',
    'S: 250-mx.example.net',
    'S: 250 STARTTLS',
    'C: STARTTLS',
    'S: 220 2.0.0 Ready',
    'C: MAIL FROM:<a@example.com>',
    'S: 503 5.5.1 Send hello first',
    'C: RCPT TO:<b@example.net>',
    'S: 503 5.5.1 Send hello first',
  )
  expect(describeFindings(findings)).toEqual(['error no-hello-after-tls', 'info consequence of no-hello-after-tls'])
  expect(findings[0]).toMatchObject({ actor: 'client', retry: 'after-fix', documents: ['rfc3207#section-4.2'] })
})

test('explain: lines of a message that was refused at DATA follow from that', async () => {
  const findings = await explainLog(
    ...START,
    'C: MAIL FROM:<a@example.com>',
    'S: 250 2.1.0 Ok',
    'C: RCPT TO:<b@example.net>',
    'S: 250 2.1.5 Ok',
    'C: DATA',
    'S: 451 4.3.0 Cannot queue now',
    'C: Subject: hi',
    'S: 500 5.5.2 Unknown command',
    'C: hello there',
    'S: 500 5.5.2 Unknown command',
  )
  expect(findings[0]).toMatchObject({ severity: 'warning', evidence: [8] })
  expect(findings[1]).toMatchObject({ id: 'consequence', consequenceOf: findings[0]!.id, evidence: [10, 12] })
})

test('explain: what ends a connection comes before its end', async () => {
  const findings = await explainLog(
    ...START,
    'C: MAIL FROM:<a@example.com>',
    'S: 521 5.7.1 Not from you',
    'C: MAIL FROM:<c@example.com>',
    '-- connection closed by server',
  )
  expect(findings[0]).toMatchObject({ what: 'The server refused the sender: 521 5.7.1' })
  expect(findings[1]).toMatchObject({ id: 'connection-lost', consequenceOf: findings[0]!.id, evidence: [6] })
})

test('explain: causes come first, then other errors, what follows, warnings, and what is worth knowing', async () => {
  const log = [
    'S: 220 mx.example.net ESMTP',
    'C: EHLO localhost',
    'S: 250-mx.example.net',
    'S: 250-STARTTLS',
    'S: 250-AUTH=PLAIN',
    'S: 250 AUTH PLAIN',
    'C: AUTH PLAIN AGFubgBzZWNyZXQx',
    'S: 535 5.7.8 Authentication failed',
    'C: MAIL FROM:<a@example.com>',
    'S: 530 5.7.0 Authentication required',
    'C: MAIL FROM:<c@example.com>',
    'S: 450 4.1.8 Sender address rejected: Domain not found',
  ].join('\n')
  const [findings] = await explainTranscript(parseTranscript(log))
  expect(describeFindings(findings!)).toEqual([
    'error reply/standards/login-wrong',
    'warning reply/postfix/sender-dns-later',
    'error credentials-visible',
    'info consequence of reply/standards/login-wrong',
    'warning hello-name',
    'warning starttls-unused',
    'info auth-line-legacy',
  ])
})

test('explain: in what a bounce quotes, 503 follows from the refusal before it', async () => {
  const findings = await explainLog(
    '   ----- Transcript of session follows -----',
    '... while talking to mx.example.net.:',
    '>>> DATA',
    '<<< 550 5.1.1 <x@example.net>... User unknown',
    '<<< 503 5.0.0 Need RCPT (recipient)',
  )
  expect(describeFindings(findings)).toEqual([
    'error reply/sendmail/user-unknown',
    'info consequence of reply/sendmail/user-unknown',
  ])
  expect(findings[0]!.what).toBe('The server refused the mail to a recipient: 550 5.1.1')
})

test('explain: a log that begins in the middle has no refused greeting from which all follows', async () => {
  const findings = await explainLog(
    'S: 550 5.1.1 User unknown',
    'C: RSET',
    'S: 250 2.0.0 Ok',
    'C: MAIL FROM:<a@example.com>',
    'S: 550 5.7.1 <a@example.com>: Sender address rejected: Access denied',
  )
  expect(findings.map(({ evidence }) => evidence)).toEqual([[0], [4]])
})

test('explain: a session in which nothing is amiss has no findings', async () => {
  expect(await explainLog(...START, 'C: QUIT', 'S: 221 2.0.0 Bye')).toEqual([])
})

test('explain: a finding points to what was offered, and to what came of it', async () => {
  const findings = await explainLog(
    'S: 220 mx.example.net ESMTP',
    'C: EHLO client.example.com',
    'S: 250-mx.example.net',
    'S: 250 STARTTLS',
    'C: AUTH PLAIN ***',
    'S: 503 5.5.1 Not available',
  )
  expect(findings[0]).toMatchObject({ id: 'auth-before-tls', evidence: [1, 4] })
})
