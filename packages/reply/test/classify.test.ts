import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLASSIFICATION_RULES } from '../src/classification-rules.ts'
import { classifyReply, type EnhancedStatus, type Reply, ReplyParser, replyClass } from '../src/index.ts'

function replyOf(line: string): Reply {
  const parser = new ReplyParser({ tolerate: ['unknown-code'] })
  parser.push(new TextEncoder().encode(`${line}\r\n`))
  const event = parser.next()
  if (event?.type !== 'reply') throw new Error(line)
  return event.reply
}

/** A reply, what it answers, and what must come out of it. */
type Row = readonly [line: string, answers: string | undefined, category: string, retry: string, actor: string]

// One row at least for each rule, in the order of the rules.
const ROWS: readonly Row[] = [
  ['521 mx.example does not accept mail', 'greeting', 'no-mail', 'never', 'sender'],
  ['556 5.1.10 Recipient has null MX', 'RCPT', 'no-mail', 'never', 'sender'],
  ['550 5.1.10 No mail here', 'RCPT', 'no-mail', 'never', 'sender'],
  ['452 Too many recipients received this hour (throttled)', 'RCPT', 'rate', 'later', 'sender-admin'],
  ['452 4.5.3 Too many recipients', 'RCPT', 'too-many-recipients', 'now-in-another-transaction', 'client'],
  ['552 5.5.3 Enough', 'RCPT', 'too-many-recipients', 'now-in-another-transaction', 'client'],
  ['552 Too many recipients', 'RCPT', 'too-many-recipients', 'now-in-another-transaction', 'client'],
  ['450 4.2.0 Recipient address rejected: Greylisted', 'RCPT', 'greylisting', 'later', 'nobody'],
  ['421 Greylisting in action', 'MAIL', 'greylisting', 'later', 'nobody'],
  ['421 4.7.28 Unusual rate of mail', 'message', 'rate', 'later', 'sender-admin'],
  ['450 Too many connections from your host', 'MAIL', 'rate', 'later', 'sender-admin'],
  ['451 Throttled', 'MAIL', 'rate', 'later', 'sender-admin'],
  ['451 4.7.28 Too much', 'message', 'rate', 'later', 'sender-admin'],
  ['421 4.7.0 Not now', 'greeting', 'rate', 'later', 'sender-admin'],
  ['451 4.7.1 Please try again later', 'RCPT', 'greylisting', 'later', 'nobody'],
  ['450 Please come back', 'RCPT', 'greylisting', 'later', 'nobody'],
  ['421 4.3.0 Going down', 'MAIL', 'system', 'now-on-another-host', 'nobody'],
  ['421 mx.example is busy', undefined, 'system', 'now-on-another-host', 'nobody'],
  ['554 No SMTP service here', 'greeting', 'policy', 'now-on-another-host', 'sender-admin'],
  ['550 Access denied', 'EHLO', 'policy', 'now-on-another-host', 'sender-admin'],
  ['450 Not now', 'greeting', 'system', 'now-on-another-host', 'nobody'],
  ['503 5.5.1 Authentication required first', 'MAIL', 'credentials', 'never', 'sender'],
  ['503 5.5.1 Bad sequence of commands', 'RCPT', 'protocol', 'later', 'client'],
  ['454 4.7.0 TLS not available', 'STARTTLS', 'tls', 'later', 'receiver-admin'],
  ['454 4.7.0 Temporary authentication failure', 'AUTH', 'system', 'later', 'receiver-admin'],
  ['538 5.7.11 Encryption required', 'AUTH', 'tls', 'never', 'sender'],
  ['523 5.7.10 Encryption needed', 'MAIL', 'tls', 'never', 'sender'],
  ['530 5.7.0 Must issue a STARTTLS command first', 'MAIL', 'tls', 'never', 'sender'],
  ['530 5.7.0 Authentication required', 'MAIL', 'credentials', 'never', 'sender'],
  ['535 5.7.8 Bad password', 'AUTH', 'credentials', 'never', 'sender'],
  ['432 4.7.12 A password transition is needed', 'AUTH', 'credentials', 'later', 'sender'],
  ['525 5.7.13 Account disabled', 'AUTH', 'credentials', 'never', 'sender'],
  ['500 What', 'MAIL', 'protocol', 'never', 'client'],
  ['455 Parameters cannot be served now', 'MAIL', 'protocol', 'later', 'client'],
  ['555 Parameter not known', 'MAIL', 'protocol', 'never', 'client'],
  ['553 5.1.8 Domain of sender does not exist', 'MAIL', 'sender-address', 'never', 'sender-admin'],
  ['550 5.7.27 Sender has null MX', 'MAIL', 'sender-address', 'never', 'sender-admin'],
  ['550 5.1.1 No such user', 'RCPT', 'address', 'never', 'sender'],
  ['550 5.7.17 Owner has changed', 'RCPT', 'address', 'never', 'sender'],
  ['550 5.2.1 Disabled', 'RCPT', 'mailbox-disabled', 'never', 'recipient'],
  ['452 4.2.2 Over quota', 'RCPT', 'mailbox-full', 'later', 'recipient'],
  ['552 5.2.2 Full', 'message', 'mailbox-full', 'never', 'recipient'],
  ['552 5.3.4 Too big', 'MAIL', 'size', 'never', 'sender'],
  ['452 4.3.1 Out of storage', 'MAIL', 'system', 'later', 'receiver-admin'],
  ['451 4.3.5 Configuration error', 'MAIL', 'system', 'later', 'receiver-admin'],
  ['554 5.4.6 Too many hops', 'message', 'loop', 'never', 'receiver-admin'],
  ['451 4.4.2 Connection lost', 'message', 'network', 'later', 'nobody'],
  ['451 4.4.3 Directory server failure', 'RCPT', 'network', 'later', 'receiver-admin'],
  ['550 5.6.7 Not US-ASCII', 'MAIL', 'smtputf8', 'never', 'client'],
  ['554 5.6.1 Media not supported', 'message', 'content', 'never', 'sender'],
  ['500 5.5.6 Line too long', 'AUTH', 'credentials', 'never', 'sender'],
  ['550 5.7.30 REQUIRETLS support required', 'MAIL', 'tls', 'never', 'sender-admin'],
  ['550 5.7.26 Unauthenticated', 'message', 'authentication', 'never', 'sender-admin'],
  ['451 4.7.24 SPF could not be evaluated', 'MAIL', 'authentication', 'later', 'sender-admin'],
  ['550 5.7.25 No PTR', 'RCPT', 'reverse-dns', 'never', 'sender-admin'],
  ['550 5.7.28 Mail flood', 'message', 'rate', 'never', 'sender-admin'],
  ['501 5.5.4 Bad argument', 'MAIL', 'protocol', 'never', 'client'],
  ['550 DMARC says reject', 'message', 'authentication', 'never', 'sender-admin'],
  ['450 4.7.1 Cannot find your reverse hostname', 'RCPT', 'reverse-dns', 'later', 'sender-admin'],
  ['554 5.7.1 Listed on a blocklist', 'RCPT', 'reputation', 'never', 'sender-admin'],
  ['554 5.7.1 Relay access denied', 'RCPT', 'relay', 'never', 'sender-admin'],
  ['550 Mailbox is full', 'RCPT', 'mailbox-full', 'never', 'recipient'],
  ['550 This account is disabled', 'RCPT', 'mailbox-disabled', 'never', 'recipient'],
  ['554 No such user', 'RCPT', 'address', 'never', 'sender'],
  ['554 Message too large', 'message', 'size', 'never', 'sender'],
  ['554 5.7.1 This looks like spam', 'message', 'content', 'never', 'sender'],
  ['550 5.7.1 Refused', 'message', 'policy', 'never', 'sender-admin'],
  ['552 No', 'RCPT', 'mailbox-full', 'never', 'recipient'],
  ['552 No', 'message', 'size', 'never', 'sender'],
  ['551 Try elsewhere', 'RCPT', 'address', 'never', 'sender'],
  ['550 No', 'RCPT', 'address', 'never', 'sender'],
  ['554 No', 'message', 'policy', 'never', 'sender-admin'],
  ['451 Local error', 'message', 'system', 'later', 'receiver-admin'],
  ['450 Busy', 'RCPT', 'other', 'later', 'nobody'],
  ['570 No', 'RCPT', 'other', 'never', 'sender'],
  ['454 4.7.0 Too many login attempts', 'AUTH', 'rate', 'later', 'sender'],
  ['421 4.7.26 Not authenticated', 'message', 'authentication', 'later', 'sender-admin'],
  ['421 4.7.0 Encryption is required for this domain', 'RCPT', 'tls', 'later', 'sender-admin'],
  ['554 Listed by a DNSBL', 'greeting', 'reputation', 'now-on-another-host', 'sender-admin'],
  ['421 4.7.0 Low reputation', 'RCPT', 'reputation', 'later', 'sender-admin'],
  ['554 5.0.0 Routing loop detected', 'message', 'loop', 'never', 'receiver-admin'],
  ['550 Daily limit exceeded, sending limit is 500', 'MAIL', 'rate', 'never', 'sender-admin'],
  ['550 Sender verify failed', 'RCPT', 'sender-address', 'never', 'sender-admin'],
  ['550 Please use SMTP authentication', 'MAIL', 'credentials', 'never', 'sender'],
  ['554 SMTP synchronization error', 'EHLO', 'protocol', 'now-on-another-host', 'client'],
  ['550 5.7.1 Not RFC 5322 compliant', 'message', 'content', 'never', 'client'],
  ['451 Timeout waiting for the client', 'message', 'network', 'later', 'nobody'],
  ['452 4.4.5 Insufficient disk space', 'MAIL', 'system', 'later', 'receiver-admin'],
  ['550 5.7.1 Administrative prohibition', 'RCPT', 'policy', 'never', 'receiver-admin'],
  ['421 4.7.1 Not now', 'MAIL', 'rate', 'later', 'sender-admin'],
  ['450 4.3.2 Service currently unavailable', 'RCPT', 'greylisting', 'later', 'nobody'],
  ['501 Bad argument', 'MAIL', 'protocol', 'never', 'client'],
  ['550 5.1.0 No', 'RCPT', 'address', 'never', 'sender'],
  ['554 5.6.0 No', 'message', 'content', 'never', 'client'],
  ['450 4.7.28 Mail flood', 'message', 'rate', 'later', 'sender-admin'],
  // RFC 2034 section 4: a status of another class is text.
  ['451 5.1.1 Local error', 'RCPT', 'system', 'later', 'receiver-admin'],
  ['450 4.0.0 Busy', 'RCPT', 'other', 'later', 'nobody'],
]

// What nearly fits a rule, and must not be taken for its category.
const NEAR: readonly (readonly [line: string, answers: string | undefined, category: string])[] = [
  ['520 No', 'RCPT', 'no-mail'],
  ['550 5.1.1 null MX', 'RCPT', 'no-mail'],
  ['550 Too many recipients', 'RCPT', 'too-many-recipients'],
  ['452 Too many errors', 'RCPT', 'too-many-recipients'],
  ['550 Greylisted', 'RCPT', 'greylisting'],
  ['550 Please try again later', 'RCPT', 'greylisting'],
  ['451 4.3.0 Please try again later', 'RCPT', 'greylisting'],
  ['452 Please try again later', 'RCPT', 'greylisting'],
  ['451 4.3.2 Service currently unavailable', 'RCPT', 'greylisting'],
  ['503 Bad sequence of commands', 'MAIL', 'credentials'],
  ['454 Not available', 'AUTH', 'tls'],
  ['530 Log in first', 'MAIL', 'tls'],
  ['550 5.7.2 No', 'RCPT', 'authentication'],
  ['550 Kidspfand is not known here', 'message', 'authentication'],
  ['550 adaptri is not known here', 'message', 'reverse-dns'],
  ['550 The wrblx is not known here', 'message', 'reputation'],
  ['550 Mailing list unknown', 'message', 'reputation'],
  ['451 Recipient temporarily unavailable', 'RCPT', 'address'],
  ['450 User unknown', 'RCPT', 'address'],
  ['550 Sender of the message is not welcome', 'message', 'sender-address'],
  ['550 Timeout', 'message', 'network'],
  ['550 Insufficient storage', 'message', 'system'],
  ['550 Server busy', 'message', 'rate'],
  ['451 4.7.2 No', 'RCPT', 'rate'],
  ['550 Not now', 'message', 'system'],
  ['552 No', 'message', 'mailbox-full'],
  ['552 No', 'RCPT', 'size'],
  ['550 No', 'message', 'address'],
]

describe('classifyReply', () => {
  test.each(NEAR)('classifyReply: %s to %s is not %s [rfc5321 4.2.1]', (line, answers, category) => {
    expect(classifyReply(replyOf(line), answers === undefined ? {} : { answers }).category).not.toBe(category)
  })

  test.each(['greeting', 'EHLO', 'HELO', 'LHLO'])(
    'classifyReply: what refuses at %s leaves the next host to be tried, unless it takes no mail at all [rfc5321 5.1]',
    (answers) => {
      for (const line of ['554 No', '450 No', '550 5.7.25 No PTR', '500 What', '421 Busy']) {
        expect(classifyReply(replyOf(line), { answers }).retry).toBe('now-on-another-host')
      }
      for (const line of ['521 No mail', '556 No mail']) {
        expect(classifyReply(replyOf(line), { answers }).retry).toBe('never')
      }
      for (const line of ['421 Too many connections', '450 Greylisted']) {
        expect(classifyReply(replyOf(line), { answers }).retry).toBe('later')
      }
    },
  )

  test.each([150, 600, 999, 0])(
    'classifyReply: %i is a failure for good, by its class alone [rfc5321 4.2.1]',
    (code) => {
      const { class: kind, retry } = classifyReply({ code, lines: ['hm'] })
      expect([kind, retry]).toEqual([5, 'never'])
    },
  )

  test.each(ROWS)('classifyReply: %s to %s [rfc5321 4.2.1]', (line, answers, category, retry, actor) => {
    expect(classifyReply(replyOf(line), answers === undefined ? {} : { answers })).toEqual({
      class: Number(line[0]),
      category,
      retry,
      actor,
    })
  })

  test('classifyReply: every rule decides some reply above, so none stands in the shadow of another', () => {
    const decided = new Set(
      ROWS.map(([line, answers]) => CLASSIFICATION_RULES.findIndex((rule) => matches(rule, replyOf(line), answers))),
    )
    expect([...CLASSIFICATION_RULES.keys()].filter((index) => !decided.has(index))).toEqual([])
  })

  test.each([
    ['250 ok', { class: 2, category: 'accepted', retry: 'never', actor: 'nobody' }],
    ['251 User not local; will forward', { class: 2, category: 'accepted', retry: 'never', actor: 'nobody' }],
    ['354 Go ahead', { class: 3, category: 'continue', retry: 'never', actor: 'client' }],
  ])('classifyReply: %s', (line, expected) => {
    expect(classifyReply(replyOf(line))).toEqual(expected)
  })

  test.each(['mailbox ', 'recipients ', 'exceeds ', 'sender address ', 'x'])(
    'classifyReply: looks at the first 2,000 characters of a text that repeats %j',
    (part) => {
      const classify = (text: string): string =>
        classifyReply({ code: 450, lines: [text] }, { answers: 'message' }).category
      const filler = part.repeat(Math.ceil(2000 / part.length)).slice(0, 2000)
      expect(classify(`${filler}${part.repeat(200_000)} greylisted`)).toBe(classify(filler))
      expect(classify(`greylisted ${filler}`)).toBe('greylisting')
    },
  )

  test('classifyReply: any reply has a classification that is JSON, and a retry that its class allows', () => {
    const status = fc.record({ class: fc.constantFrom(4, 5), subject: fc.nat(9), detail: fc.nat(40) })
    const verbs = fc.constantFrom(undefined, 'greeting', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        status,
        fc.string({ maxLength: 40 }),
        verbs,
        (code, one, text, verb) => {
          const agrees = one.class === Math.floor(code / 100)
          const reply = { code, lines: [text], ...(agrees && { enhanced: one as EnhancedStatus }) }
          const found = classifyReply(reply, verb === undefined ? {} : { answers: verb })
          expect(JSON.parse(JSON.stringify(found))).toEqual(found)
          expect(found.class).toBe(replyClass(reply))
          expect(found.retry).not.toBe('may-duplicate')
          if (found.class === 4) expect(found.retry).not.toBe('never')
          if (found.class === 2) expect(found.category).toBe('accepted')
        },
      ),
    )
  })
})

function matches(rule: (typeof CLASSIFICATION_RULES)[number], reply: Reply, answers: string | undefined): boolean {
  const { enhanced } = reply
  const status =
    enhanced && (enhanced.subject > 0 || enhanced.detail > 0) ? `${enhanced.subject}.${enhanced.detail}` : ''
  return (
    (!rule.class || rule.class === Math.floor(reply.code / 100)) &&
    (!rule.codes || rule.codes.includes(reply.code)) &&
    (!rule.status || rule.status.includes(status)) &&
    (!rule.answers || (answers !== undefined && rule.answers.includes(answers))) &&
    (!rule.text || rule.text.test(reply.lines.join(' ')))
  )
}
