/** For each finding a log that shows it, and one that is like it and does not. */

import type { SessionFindingId } from '../../src/explain.ts'

/** What shows a finding, and what does not. */
export interface Fixture {
  readonly shows: readonly string[]
  readonly not: readonly string[]
}

const lines = (...all: string[]): string => all.join('\n')
const GREETING = lines('S: 220 mx.example.net ESMTP', 'C: EHLO client.example.com')
const NOTHING = lines(GREETING, 'S: 250 mx.example.net')
const START = lines(GREETING, 'S: 250-mx.example.net', 'S: 250-PIPELINING', 'S: 250 SIZE 1000')
const OFFERS_TLS = lines(GREETING, 'S: 250-mx.example.net', 'S: 250 STARTTLS')
const MAIL = lines('C: MAIL FROM:<a@example.com>', 'S: 250 2.1.0 Ok')
const RCPT = lines('C: RCPT TO:<b@example.net>', 'S: 250 2.1.5 Ok')
const DATA = lines('C: DATA', 'S: 354 Go ahead')
const TEXT = lines('C: Subject: hi', 'C: ', 'C: hello', 'C: .')
const SENT = 'S: 250 2.0.0 Ok: queued as 4ABC'
const QUIT = lines('C: QUIT', 'S: 221 2.0.0 Bye')
const DELIVERED = lines(START, MAIL, RCPT, DATA, TEXT, SENT, QUIT)
const NO = 'S: 550 5.1.1 User unknown'

const postfix = (rest: string): string => `Jan  2 03:04:05 mx postfix/smtp[99]: 4ABCDE: to=<b@example.net>, ${rest}`
const timed = (time: string, rest: string): string => `[2026-01-02 ${time}] DEBUG [8PB2LarFeS8] ${rest}`

export const FIXTURES: Readonly<Record<SessionFindingId, Fixture>> = {
  'no-connection': {
    shows: [
      lines(
        '=== Trying mx.example.net:25...',
        '*** Error connecting to mx.example.net:25:',
        '*** \tIO::Socket: Connection refused',
      ),
      lines('* Trying 192.0.2.1:25...', '* Could not resolve host: mx.example.net'),
    ],
    not: [
      lines(
        '=== Trying mx.example.net:25...',
        '=== Connected to mx.example.net.',
        '<-  220 mx.example.net ESMTP',
        ' -> QUIT',
      ),
      postfix('relay=none, delay=1, status=deferred (connect to mx.example.net[192.0.2.1]:25: Connection refused)'),
    ],
  },
  'no-greeting': {
    shows: [
      lines(
        '=== Trying mx.example.net:25...',
        '=== Connected to mx.example.net.',
        '<** Timeout (30 secs) waiting for server response',
      ),
    ],
    not: [
      lines('=== Trying mx.example.net:25...', '=== Connected to mx.example.net.'),
      lines(
        '=== Connected to mx.example.net.',
        '<-  220 mx.example.net ESMTP',
        ' -> EHLO a.example.com',
        '<** Timeout (30 secs) waiting for server response',
      ),
    ],
  },
  'plain-on-tls-port': {
    shows: [
      lines(
        timed('03:04:05', 'Resolved 192.0.2.1 as 192.0.2.1'),
        '[2026-01-02 03:04:05] INFO  [8PB2LarFeS8] Connection established to 192.0.2.1:465',
        '[2026-01-02 03:04:35] WARN  [8PB2LarFeS8] Greeting never received',
      ),
    ],
    not: [
      lines(
        '[2026-01-02 03:04:05] INFO  [8PB2LarFeS8] Connection established to 192.0.2.1:587',
        '[2026-01-02 03:04:35] WARN  [8PB2LarFeS8] Greeting never received',
      ),
    ],
  },
  'tls-on-plain-port': {
    shows: [
      lines(
        '=== Trying mx.example.net:587...',
        '=== Connected to mx.example.net.',
        '*** TLS startup failed (connect(): error:0A00010B:SSL routines::wrong version number)',
      ),
      lines(
        '03:04:05.12 4 SMTPI-000123([192.0.2.1]) out: 220 mx.example.net ESMTP',
        '03:04:05.13 4 SMTPI-000123([192.0.2.1]) inp: \\022\\003\\001\\001\\016',
        '03:04:05.14 4 SMTPI-000123([192.0.2.1]) out: 500 5.5.1 Unknown command',
      ),
    ],
    not: [
      lines(OFFERS_TLS, 'C: STARTTLS', 'S: 220 2.0.0 Ready', '-- TLS handshake failed: wrong version number'),
      lines(
        '03:04:05.13 4 SMTPI-000123([192.0.2.1]) inp: HELP',
        '03:04:05.14 4 SMTPI-000123([192.0.2.1]) out: 500 5.5.1 Unknown command',
      ),
    ],
  },
  'altered-in-transit': {
    shows: [
      lines(
        'S: 220 **********************0**0*',
        'C: EHLO client.example.com',
        'S: 250-mx.example.net',
        'S: 250 XXXXXXXA',
      ),
      lines(OFFERS_TLS, 'C: STARTTLS', `S: 500 5.5.1 Command unrecognized: "XXXXXXXX"`),
      lines(
        GREETING,
        `S: 500 5.5.1 Command unrecognized: "XXXX client.example.com"`,
        'C: HELO client.example.com',
        'S: 250 mx',
      ),
    ],
    not: [
      lines('S: 220 *** mx.example.net ***', 'C: EHLO client.example.com', 'S: 250-mx.example.net', 'S: 250 XCLIENT'),
    ],
  },
  'early-talker': {
    shows: [
      lines(
        'C: EHLO client.example.com',
        'C: QUIT',
        'S: 220 mx.example.net ESMTP',
        'S: 250 mx.example.net',
        'S: 221 Bye',
      ),
      lines('C: EHLO client.example.com', 'S: 554 SMTP synchronization error'),
    ],
    not: [lines('C: EHLO client.example.com', 'S: 250 mx.example.net', 'C: QUIT', 'S: 221 Bye'), DELIVERED],
  },
  'tls-failed': {
    shows: [
      lines(OFFERS_TLS, 'C: STARTTLS', 'S: 220 2.0.0 Ready', '-- TLS handshake failed: no shared cipher'),
      lines(
        '=== Trying mx.example.net:25...',
        '=== Connected to mx.example.net.',
        '<-  220 mx.example.net ESMTP',
        ' -> EHLO client.example.com',
        '<-  250-mx.example.net',
        '<-  250 STARTTLS',
        ' -> STARTTLS',
        '<-  220 2.0.0 Ready to start TLS',
        '*** TLS startup failed (connect(): error:0A000086:SSL routines::certificate verify failed)',
      ),
    ],
    not: [lines(OFFERS_TLS, 'C: STARTTLS', 'S: 454 4.7.0 TLS not available', QUIT)],
  },
  'no-hello-after-tls': {
    shows: [
      lines(
        OFFERS_TLS,
        'C: STARTTLS',
        'S: 220 2.0.0 Ready',
        'C: MAIL FROM:<a@example.com>',
        'S: 503 5.5.1 Send hello first',
      ),
    ],
    not: [
      lines(
        OFFERS_TLS,
        'C: STARTTLS',
        'S: 220 2.0.0 Ready',
        'C: EHLO client.example.com',
        'S: 250 mx.example.net',
        MAIL,
      ),
      lines(OFFERS_TLS, 'C: STARTTLS', 'S: 454 4.7.0 Not now', MAIL),
    ],
  },
  'hello-name': {
    shows: [
      lines('S: 220 mx.example.net ESMTP', 'C: EHLO localhost', 'S: 501 5.5.4 Invalid domain name'),
      lines('S: 220 mx.example.net ESMTP', 'C: EHLO m.eml', 'S: 250 mx.example.net'),
      lines(
        'S: 220 mx.example.net ESMTP',
        'C: EHLO 192.0.2.9',
        'S: 250 mx.example.net',
        MAIL,
        'C: RCPT TO:<b@example.net>',
        'S: 504 5.5.2 Helo command rejected: need a full name',
      ),
    ],
    not: [lines('S: 220 mx.example.net ESMTP', 'C: EHLO [192.0.2.9]', 'S: 250 mx.example.net'), DELIVERED],
  },
  'hello-fallback': {
    shows: [lines(GREETING, 'S: 502 5.5.1 Not implemented', 'C: HELO client.example.com', 'S: 250 mx.example.net')],
    not: [
      lines(GREETING, 'S: 502 5.5.1 Not implemented', QUIT),
      lines('S: 220 mx.example.net', 'C: HELO client.example.com', 'S: 250 mx.example.net'),
    ],
  },
  'auth-before-tls': {
    shows: [
      lines(OFFERS_TLS, 'C: AUTH LOGIN', 'S: 503 5.5.1 AUTH not available'),
      lines(OFFERS_TLS, 'C: MAIL FROM:<a@example.com>', 'S: 530 5.7.0 Authentication required'),
      lines(
        '2026-01-02 03:04:05\tSERVER -> CLIENT: 220 mx.example.net ESMTP',
        '2026-01-02 03:04:05\tCLIENT -> SERVER: EHLO client.example.com',
        '2026-01-02 03:04:05\tSERVER -> CLIENT: 250-mx.example.net',
        '                   \t                  250 STARTTLS',
        '2026-01-02 03:04:05\tSMTP Error: Could not authenticate.',
      ),
    ],
    not: [
      lines(
        GREETING,
        'S: 250-mx.example.net',
        'S: 250-STARTTLS',
        'S: 250 AUTH PLAIN',
        'C: MAIL FROM:<a@example.com>',
        'S: 530 5.7.0 Authentication required',
      ),
      lines(OFFERS_TLS, MAIL, QUIT, '-- Error: nobody could authenticate'),
      lines(OFFERS_TLS, 'C: AUTH PLAIN ***', 'S: 235 2.7.0 Ok', '-- Error: nobody could authenticate'),
      lines(NOTHING, QUIT, '-- Error: nobody could authenticate'),
      lines(
        GREETING,
        'S: 250-mx.example.net',
        'S: 250-STARTTLS',
        'S: 250 AUTH PLAIN',
        'C: AUTH PLAIN ***',
        'S: 535 5.7.8 Bad',
      ),
      lines(NOTHING, 'C: MAIL FROM:<a@example.com>', 'S: 530 5.7.0 Authentication required'),
    ],
  },
  'tls-required': {
    shows: [
      lines(OFFERS_TLS, 'C: MAIL FROM:<a@example.com>', 'S: 530 5.7.0 Must issue a STARTTLS command first'),
      lines(START, MAIL, RCPT, DATA, TEXT, "S: 550 5.7.29 This message wasn't sent over a TLS connection"),
    ],
    not: [
      lines(OFFERS_TLS, 'C: STARTTLS', 'S: 454 4.7.0 TLS is required but not available'),
      lines(
        OFFERS_TLS,
        'C: STARTTLS',
        'S: 220 2.0.0 Ready',
        'C: EHLO client.example.com',
        'S: 250 mx.example.net',
        'C: MAIL FROM:<a@example.com>',
        'S: 550 5.7.1 TLS required for this sender',
      ),
    ],
  },
  'tls-not-offered': {
    shows: [
      lines(
        '=== Connected to mx.example.net.',
        '<-  220 mx.example.net ESMTP',
        ' -> EHLO client.example.com',
        '<-  250 mx.example.net',
        '*** Host did not advertise STARTTLS',
        ' -> QUIT',
        '<-  221 Bye',
      ),
    ],
    not: [
      lines(
        '=== Connected to mx.example.net.',
        '<-  220 mx.example.net ESMTP',
        ' -> EHLO client.example.com',
        '<-  250 mx.example.net',
        '*** Host did not advertise authentication',
        ' -> QUIT',
        '<-  221 Bye',
      ),
    ],
  },
  'auth-not-tried': {
    shows: [
      lines(NOTHING, 'C: MAIL FROM:<a@example.com>', 'S: 530 5.7.0 Authentication Required'),
      lines(START, MAIL, 'C: RCPT TO:<b@example.org>', 'S: 550 5.7.1 You need to authenticate first'),
    ],
    not: [
      lines(
        GREETING,
        'S: 250-mx.example.net',
        'S: 250 AUTH PLAIN',
        'C: AUTH PLAIN ***',
        'S: 535 5.7.8 Bad',
        'C: MAIL FROM:<a@example.com>',
        'S: 530 5.7.0 Authentication Required',
      ),
    ],
  },
  'not-offered': {
    shows: [
      lines(START, 'C: MAIL FROM:<a@example.com> BODY=8BITMIME', 'S: 555 5.5.4 Unsupported option'),
      lines(START, MAIL, 'C: RCPT TO:<b@example.net> NOTIFY=NEVER', 'S: 250 Ok'),
      lines(
        'S: 220 mx.example.net',
        'C: HELO client.example.com',
        'S: 250 mx.example.net',
        'C: MAIL FROM:<a@example.com> SIZE=10',
        'S: 250 Ok',
      ),
      lines(
        OFFERS_TLS,
        'C: MAIL FROM:<a@example.com>',
        'C: RCPT TO:<b@example.net>',
        'S: 500 5.5.1 Pipelining not supported',
      ),
    ],
    not: [
      lines(START, 'C: MAIL FROM:<a@example.com> SIZE=10', 'S: 250 Ok'),
      lines(NOTHING, 'C: MAIL FROM:<a@example.com> SIZE=10', 'S: 250 Ok'),
      lines(START, 'C: MAIL FROM:<a@example.com>', 'C: RCPT TO:<b@example.net>', 'S: 250 Ok', 'S: 250 Ok'),
    ],
  },
  'too-big': {
    shows: [
      lines(START, 'C: MAIL FROM:<a@example.com> SIZE=2000', 'S: 552 5.3.4 Too big'),
      lines(START, MAIL, RCPT, DATA, `C: ${'x'.repeat(1200)}`, 'C: .', 'S: 552 5.3.4 Too big'),
    ],
    not: [
      lines(START, 'C: MAIL FROM:<a@example.com> SIZE=900', 'S: 552 5.2.2 Mailbox full'),
      lines(GREETING, 'S: 250-mx.example.net', 'S: 250 SIZE 0', 'C: MAIL FROM:<a@example.com> SIZE=2000', 'S: 250 Ok'),
    ],
  },
  'bare-line-feed': {
    shows: [
      lines(START, MAIL, RCPT, DATA, `C: b'Subject: hi\\n\\nhello\\r\\n.\\r\\n'`, SENT),
      lines(
        START,
        MAIL,
        RCPT,
        DATA,
        `C: b'Subject: hi\\n\\nhello\\r\\n.\\r\\n'`,
        'S: 521 5.5.2 Error: bare <LF> received',
      ),
    ],
    not: [lines(START, MAIL, RCPT, DATA, `C: b'Subject: hi\\r\\n\\r\\nhello\\r\\n.\\r\\n'`, SENT)],
  },
  'dot-stuffing': {
    shows: [
      lines(START, MAIL, RCPT, DATA, 'C: Subject: hi', 'C: ', 'C: .hidden', 'C: .', SENT),
      lines(START, MAIL, RCPT, DATA, TEXT, SENT, 'C: and more of it', 'S: 500 5.5.2 Unknown command', QUIT),
    ],
    not: [lines(START, MAIL, RCPT, DATA, 'C: Subject: hi', 'C: ', 'C: ..shown', 'C: .', SENT, QUIT)],
  },
  'accepted-on-retry': {
    shows: [
      lines(
        START,
        MAIL,
        'C: RCPT TO:<b@example.net>',
        'S: 450 4.2.0 Greylisted',
        QUIT,
        START,
        MAIL,
        RCPT,
        DATA,
        TEXT,
        SENT,
        QUIT,
      ),
      lines(
        postfix(
          'relay=mx.example.net[192.0.2.1]:25, dsn=4.4.2, status=deferred (conversation with mx.example.net[192.0.2.1] timed out while receiving the initial server greeting)',
        ),
        postfix('relay=mx2.example.net[192.0.2.2]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4ABC)'),
      ),
    ],
    not: [
      lines(START, MAIL, 'C: RCPT TO:<b@example.net>', 'S: 450 4.2.0 Greylisted', QUIT),
      lines(
        START,
        MAIL,
        'C: RCPT TO:<c@example.net>',
        'S: 450 4.2.0 Greylisted',
        QUIT,
        START,
        MAIL,
        RCPT,
        DATA,
        TEXT,
        SENT,
        QUIT,
      ),
    ],
  },
  'lost-after-dot': {
    shows: [
      lines(START, MAIL, RCPT, DATA, TEXT, '-- connection closed by server'),
      postfix(
        'relay=mx.example.net[192.0.2.1]:25, dsn=4.4.2, status=deferred (lost connection with mx.example.net[192.0.2.1] while sending end of data -- message may be sent more than once)',
      ),
    ],
    not: [
      lines(START, MAIL, RCPT, DATA, TEXT),
      lines(START, MAIL, RCPT, DATA, TEXT, SENT, '-- connection closed by server'),
    ],
  },
  'connection-lost': {
    shows: [
      lines(START, MAIL, 'C: RCPT TO:<b@example.net>', '-- connection closed by server'),
      lines(START, MAIL, RCPT, DATA, 'C: Subject: hi', '-- timed out'),
    ],
    not: [lines(START, MAIL, RCPT, '-- connection closed by server'), DELIVERED],
  },
  'server-closed': {
    shows: [lines(START, MAIL, 'C: RCPT TO:<b@example.net>', 'S: 421 4.7.0 Too much mail')],
    not: ['S: 421 4.3.2 Too busy', lines(START, 'C: QUIT', 'S: 421 4.4.2 Bye')],
  },
  'credentials-visible': {
    shows: [
      lines(START, 'C: AUTH PLAIN AGFubgBzZWNyZXQx', 'S: 235 2.7.0 Ok'),
      lines(
        START,
        'C: AUTH LOGIN',
        'S: 334 VXNlcm5hbWU6',
        'C: YW5u',
        'S: 334 UGFzc3dvcmQ6',
        'C: c2VjcmV0MQ==',
        'S: 535 5.7.8 Bad',
      ),
    ],
    not: [
      lines(START, 'C: AUTH PLAIN ********', 'S: 235 2.7.0 Ok'),
      lines(START, 'C: AUTH CRAM-MD5', 'S: 334 PDFAbXg+', 'C: YW5uIDRkMzA3YjY2NTI3ODVmODk=', 'S: 235 2.7.0 Ok'),
    ],
  },
  'credentials-guessable': {
    shows: [lines(START, 'C: AUTH CRAM-MD5', 'S: 334 PDFAbXg+', 'C: YW5uIDRkMzA3YjY2NTI3ODVmODk=', 'S: 235 2.7.0 Ok')],
    not: [
      lines(START, 'C: AUTH CRAM-MD5', 'S: 334 PDFAbXg+', 'C: ***', 'S: 235 2.7.0 Ok'),
      lines(START, 'C: AUTH PLAIN AGFubgBzZWNyZXQx', 'S: 235 2.7.0 Ok'),
    ],
  },
  'partial-delivery': {
    shows: [lines(START, MAIL, RCPT, 'C: RCPT TO:<nouser@example.net>', NO, DATA, TEXT, SENT, QUIT)],
    not: [lines(START, MAIL, 'C: RCPT TO:<nouser@example.net>', NO, QUIT), DELIVERED],
  },
  'starttls-unused': {
    shows: [lines(OFFERS_TLS, MAIL, RCPT, DATA, TEXT, SENT, QUIT)],
    not: [
      lines(OFFERS_TLS, QUIT),
      lines(
        '=== Connected to 127.0.0.1.',
        '<-  220 mx.example.net ESMTP',
        ' -> EHLO client.example.com',
        '<-  250-mx.example.net',
        '<-  250 STARTTLS',
        ' -> MAIL FROM:<a@example.com>',
        '<-  250 Ok',
      ),
      lines(OFFERS_TLS, 'C: MAIL FROM:<a@example.com>', 'S: 530 5.7.0 Must issue a STARTTLS command first'),
    ],
  },
  'vrfy-only': {
    shows: [
      lines(
        '* Connected to mx.example.net (192.0.2.1) port 25',
        '< 220 mx.example.net ESMTP',
        '> EHLO m.example.com',
        '< 250 mx.example.net',
        '> VRFY b',
        '< 252 Cannot VRFY user',
      ),
    ],
    not: [
      lines(
        '* Connected to mx.example.net (192.0.2.1) port 25',
        '< 220 mx.example.net ESMTP',
        '> EHLO m.example.com',
        '< 250 mx.example.net',
        '> EXPN team',
        '< 502 No',
      ),
      lines(START, 'C: VRFY b', 'S: 252 Cannot VRFY user', QUIT),
    ],
  },
  silence: {
    shows: [
      lines(
        timed('03:04:05', 'S: 220 mx.example.net ESMTP'),
        timed('03:04:05', 'C: EHLO client.example.com'),
        timed('03:04:20', 'S: 250 mx.example.net'),
      ),
    ],
    not: [
      lines(
        timed('03:04:05', 'S: 220 mx.example.net ESMTP'),
        timed('03:04:05', 'C: EHLO client.example.com'),
        timed('03:04:12', 'S: 250 mx.example.net'),
      ),
    ],
  },
  'slow-phase': {
    shows: [
      lines(
        timed('03:04:05', 'S: 220 mx.example.net ESMTP'),
        timed('03:04:08', 'C: EHLO client.example.com'),
        timed('03:04:14', 'S: 250 mx.example.net'),
      ),
    ],
    not: [
      lines(
        timed('03:04:05', 'S: 220 mx.example.net ESMTP'),
        timed('03:04:06', 'C: EHLO client.example.com'),
        timed('03:04:08', 'S: 250 mx.example.net'),
      ),
    ],
  },
  'codes-missing': {
    shows: [lines(GREETING, 'S: 250-mx.example.net', 'S: SIZE 1000', 'S: 250 HELP', QUIT)],
    not: [DELIVERED],
  },
  'auth-line-legacy': {
    shows: [lines(GREETING, 'S: 250-mx.example.net', 'S: 250-AUTH PLAIN LOGIN', 'S: 250 AUTH=PLAIN LOGIN', QUIT)],
    not: [lines(GREETING, 'S: 250-mx.example.net', 'S: 250 AUTH PLAIN LOGIN', QUIT)],
  },
  'class-mismatch': {
    shows: [lines(START, MAIL, 'C: RCPT TO:<b@example.net>', 'S: 550 4.4.7 Message expired')],
    not: [lines(START, MAIL, 'C: RCPT TO:<b@example.net>', 'S: 550 5.4.7 Message expired')],
  },
  'envelope-differs': {
    shows: [
      lines(
        START,
        MAIL,
        RCPT,
        DATA,
        'C: From: Ann <ann@example.org>',
        'C: Subject: hi',
        'C: ',
        'C: hello',
        'C: .',
        SENT,
      ),
    ],
    not: [
      lines(START, MAIL, RCPT, DATA, 'C: From: Ann <ann@mail.example.com>', 'C: ', 'C: hello', 'C: .', SENT),
      lines(
        START,
        MAIL,
        RCPT,
        DATA,
        'C: DKIM-Signature: v=1; d=example.org; s=s1',
        'C: From: Ann <ann@example.org>',
        'C: ',
        'C: .',
        SENT,
      ),
      lines(
        START,
        'C: MAIL FROM:<>',
        'S: 250 Ok',
        RCPT,
        DATA,
        'C: From: MAILER-DAEMON@example.org',
        'C: ',
        'C: .',
        SENT,
      ),
    ],
  },
  'queued-not-delivered': {
    shows: [DELIVERED],
    not: [lines(START, MAIL, RCPT, DATA, TEXT, 'S: 554 5.7.1 No', QUIT), lines(START, MAIL, RCPT, QUIT)],
  },
  provider: {
    shows: [
      lines(
        START,
        MAIL,
        'C: RCPT TO:<b@example.net>',
        'S: 550-5.1.1 The email account that you tried to reach does not exist.',
        'S: 550 5.1.1 a1-2 - gsmtp',
      ),
    ],
    not: [lines(START, MAIL, 'C: RCPT TO:<b@example.net>', NO)],
  },
  'quoted-reply': {
    shows: [
      postfix(
        'relay=relay.example.com[192.0.2.1]:25, dsn=5.0.0, status=bounced (host relay.example.com[192.0.2.1] said: 550 host mx.example.net[192.0.2.2] said: 550 5.1.1 User unknown (in reply to RCPT TO command))',
      ),
    ],
    not: [
      postfix(
        'relay=mx.example.net[192.0.2.1]:25, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))',
      ),
    ],
  },
  'said-locally': {
    shows: [
      postfix(
        'relay=none, delay=1, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=example.net type=AAAA: Host not found)',
      ),
    ],
    not: [lines(START, MAIL, 'C: RCPT TO:<b@example.net>', NO)],
  },
  consequence: {
    shows: [
      lines(
        START,
        'C: MAIL FROM:<a@example.com>',
        'S: 550 5.7.1 Blocked',
        'C: RCPT TO:<b@example.net>',
        'S: 503 5.5.1 Need MAIL first',
        'C: DATA',
        'S: 503 5.5.1 Need RCPT',
      ),
      lines(START, MAIL, 'C: RCPT TO:<nouser@example.net>', 'C: DATA', NO, 'S: 554 5.5.1 No valid recipients', QUIT),
      lines('S: 554 5.7.1 No service for you', 'C: EHLO client.example.com', 'S: 503 5.0.0 Go away', QUIT),
    ],
    not: [
      lines(START, MAIL, 'C: RCPT TO:<nouser@example.net>', NO, RCPT, DATA, TEXT, 'S: 554 5.7.1 Spam', QUIT),
      lines(START, 'C: DATA', 'S: 503 5.5.1 Need MAIL first', QUIT),
    ],
  },
}
