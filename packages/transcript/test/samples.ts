/** Short logs of tools of which no capture is at hand, in the shapes that their sources and manuals show, with example names. */

import type { AuthState, TlsState } from '../src/index.ts'

/** One log: its format, its text, what was said, and what came of the recipients. */
export interface Sample {
  readonly format: string
  readonly text: string
  readonly events: readonly string[]
  readonly recipients?: readonly string[]
  /** TLS and authentication of the last session, where the sample is there for them. */
  readonly tls?: TlsState
  readonly authentication?: AuthState
  /** What of the text is secret. */
  readonly secrets?: readonly string[]
}

const lines = (...all: string[]): string => all.join('\n')

export const SAMPLES: readonly Sample[] = [
  {
    format: 'mailkit',
    text: lines(
      'Connected to smtp://mx.example.net:587/?starttls=always',
      'S: 220 mx.example.net ESMTP',
      'C: EHLO [192.0.2.9]',
      'S: 250-mx.example.net',
      'S: 250-STARTTLS',
      'S: 250 AUTH PLAIN',
      'C: AUTH PLAIN ********',
      'S: 535 5.7.8 Bad',
      'C: QUIT',
    ),
    events: ['220! EHLO 250 AUTH 535 QUIT'],
  },
  {
    format: 'stalwart',
    text: lines(
      '2026-01-02T03:04:05Z TRACE smtp::inbound::session: event="write" data="220 mx.example.net ESMTP\\r\\n"',
      '2026-01-02T03:04:05Z TRACE smtp::inbound::session: event="read" data="EHLO c.example.com\\r\\n"',
      '2026-01-02T03:04:05Z TRACE smtp::inbound::session: event="write" data="250-mx.example.net\\r\\n250-STARTTLS\\r\\n250 SIZE 1000\\r\\n"',
      '2026-01-02T03:04:06Z TRACE smtp::inbound::session: event="read" data="QUIT\\r\\n"',
      '2026-01-02T03:04:06Z TRACE smtp::inbound::session: event="write" data="221 bye\\r\\n"',
    ),
    events: ['220! EHLO 250 QUIT 221'],
  },
  {
    format: 'smtp-cli',
    text: lines(
      "[220] 'mx.example.net ESMTP'",
      '> EHLO c.example.com',
      "[250] 'mx.example.net'",
      '> QUIT',
      "[221] 'bye'",
    ),
    events: ['220! EHLO 250 QUIT 221'],
  },
  {
    format: 'mailpit',
    text: lines(
      'time="2026/01/02 03:04:05" level=debug msg="[smtpd] response (192.0.2.9) 220 mx.example.net ESMTP"',
      'time="2026/01/02 03:04:05" level=debug msg="[smtpd] received (192.0.2.9) EHLO c.example.com"',
      'time="2026/01/02 03:04:05" level=debug msg="[smtpd] response (192.0.2.9) 250 mx.example.net greets c"',
      'time="2026/01/02 03:04:05" level=debug msg="[smtpd] received (192.0.2.9) RCPT TO:<x@example.net>"',
      'time="2026/01/02 03:04:05" level=error msg="[smtpd] response (192.0.2.9) 503 5.5.1 Bad sequence"',
    ),
    events: ['220! EHLO 250 RCPT 503'],
  },
  {
    format: 'phpmailer-old',
    text: lines(
      'SMTP -> FROM SERVER: 220 mx.example.net ESMTP',
      'SMTP -> FROM SERVER: 250-mx.example.net',
      '250-SIZE 1000',
      '250 AUTH LOGIN',
      'SMTP -> FROM SERVER: 250 2.1.0 Ok',
      'SMTP -> FROM SERVER: 550 5.1.1 User unknown',
      'SMTP -> ERROR: RCPT not accepted from server: 550 5.1.1 User unknown',
    ),
    events: ['220! (EHLO) 250 (MAIL) 250 (RCPT) 550'],
  },
  {
    format: 'sendmail-report',
    text: lines(
      '   ----- Transcript of session follows -----',
      '... while talking to mx.example.net.:',
      '>>> DATA',
      '<<< 550 5.1.1 <x@example.net>... User unknown',
      '<<< 503 5.0.0 Need RCPT (recipient)',
    ),
    events: ['DATA 550 (EHLO) 503'],
  },
  {
    format: 'apple-mail',
    text: lines(
      'INITIATING CONNECTION Dec 31 11:39:39.264 host:mx.example.net -- port:587 -- socket:0x0 -- thread:0x1',
      'CONNECTED Dec 31 11:39:39.464 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587',
      'READ Dec 31 11:39:39.564 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587',
      '220 mx.example.net ESMTP',
      'WROTE Dec 31 11:39:39.664 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587',
      'EHLO c.example.com',
      'READ Dec 31 11:39:39.764 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587',
      '250-mx.example.net',
      '250 STARTTLS',
    ),
    events: ['220! EHLO 250'],
  },
  {
    format: 'req-resp',
    text: lines(
      'response:',
      '220 mx.example.net ESMTP',
      'request:',
      'EHLO c.example.com',
      'response:',
      '250 mx.example.net',
    ),
    events: ['220! EHLO 250'],
  },
  {
    format: 'iis-w3c',
    text: lines(
      '#Software: Microsoft Internet Information Services 6.0',
      '#Fields: date time c-ip cs-method cs-uri-query sc-status',
      '2026-01-02 03:04:05 192.0.2.9 EHLO +c.example.com 250',
      '2026-01-02 03:04:05 192.0.2.9 MAIL +FROM:<a@example.com> 250',
      '2026-01-02 03:04:05 192.0.2.9 RCPT +TO:<b@example.net> 550',
      '2026-01-02 03:04:06 192.0.2.9 QUIT c.example.com 221',
    ),
    events: ['EHLO 250 MAIL 250 RCPT 550 QUIT 221'],
    recipients: ['a@example.com > b@example.net:r'],
  },
  {
    format: 'mailenable',
    text: lines(
      '01/02/26 03:04:05\tSMTP-IN\tA1B2\t1048\t192.0.2.9\tEHLO\tEHLO c.example.com\t250-mx.example.net [192.0.2.9]\t76\t20',
      '01/02/26 03:04:05\tSMTP-IN\tA1B2\t1048\t192.0.2.9\tMAIL\tMAIL FROM:<a@example.com>\t250 Requested mail action okay\t43\t30',
      '01/02/26 03:04:05\tSMTP-IN\tA1B2\t1048\t192.0.2.9\tRCPT\tRCPT TO:<b@example.net>\t503 This mail server requires authentication\t66\t30',
    ),
    events: ['EHLO 250 MAIL 250 RCPT 503'],
    recipients: ['a@example.com > b@example.net:r'],
  },
  {
    format: 'exchange-csv',
    text: lines(
      '#Software: Microsoft Exchange Server',
      '#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context',
      '2026-01-02T03:04:05.100Z,Out,08DABC,0,,192.0.2.1:25,*,,attempting to connect',
      '2026-01-02T03:04:05.200Z,Out,08DABC,1,192.0.2.9:50000,192.0.2.1:25,+,,',
      '2026-01-02T03:04:05.300Z,Out,08DABC,2,192.0.2.9:50000,192.0.2.1:25,<,220 mx.example.net ESMTP,',
      '2026-01-02T03:04:05.300Z,Out,08DABD,0,192.0.2.9:50001,192.0.2.1:25,<,220 mx.example.net ESMTP,',
      '2026-01-02T03:04:05.400Z,Out,08DABC,3,192.0.2.9:50000,192.0.2.1:25,>,EHLO ex1.example.com,',
      '2026-01-02T03:04:05.500Z,Out,08DABC,4,192.0.2.9:50000,192.0.2.1:25,<,"250-mx.example.net, hello",',
      '2026-01-02T03:04:05.500Z,Out,08DABC,5,192.0.2.9:50000,192.0.2.1:25,<,250 STARTTLS,',
      '2026-01-02T03:04:05.500Z,Out,08DABD,1,192.0.2.9:50001,192.0.2.1:25,>,QUIT,',
      '2026-01-02T03:04:05.600Z,Out,08DABC,6,192.0.2.9:50000,192.0.2.1:25,-,,Remote',
    ),
    events: ['220! EHLO 250', '220! QUIT'],
  },
  {
    format: 'exim-mainlog',
    text: lines(
      '2026-01-02 03:04:05 1abcDE-000000005vi-0000 <= a@example.com H=c.example.com [192.0.2.9] P=esmtp S=500',
      '2026-01-02 03:04:06 1abcDE-000000005vi-0000 => b@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.1] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 C="250 2.0.0 Ok: queued"',
      '2026-01-02 03:04:06 1abcDE-000000005vi-0000 ** n@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<n@example.net>: 550 5.1.1 User unknown',
      '2026-01-02 03:04:07 1abcDE-000000005vi-0000 Completed',
    ),
    events: ['(MAIL) (RCPT) 250! (RCPT) 550'],
    recipients: ['a@example.com > b@example.net:a n@example.net:r'],
  },
  {
    format: 'opensmtpd',
    text: lines(
      'Jan  2 03:04:05 mx smtpd[99]: 0123456789abcdef mta delivery evpid=01 from=<a@example.com> to=<b@example.net> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.net)" delay=1s result="PermFail" stat="550 5.1.1 User unknown"',
      'Jan  2 03:04:06 mx smtpd[99]: 0123456789abcdef mta delivery evpid=02 from=<a@example.com> to=<c@example.net> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.net)" delay=1s result="Ok" stat="250 2.0.0 Ok"',
    ),
    events: ['(MAIL) (RCPT) 550 (RCPT) 250!'],
    recipients: ['a@example.com > b@example.net:r c@example.net:a'],
  },
  {
    format: 'opensmtpd',
    text: 'Jan  2 03:04:05 mx smtpd[99]: smtp-in: Failed command on session 0123456789abcdef: "RCPT TO:<b@example.net>" => 550 Invalid recipient',
    events: ['(RCPT) 550'],
    recipients: ['? > b@example.net:r'],
  },
  {
    format: 'delivery-report',
    text: lines(
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Final-Recipient: rfc822; b@example.net',
      'Action: failed',
      'Status: 5.1.1',
      'Remote-MTA: dns; mx.example.net',
      'Diagnostic-Code: smtp; 550 5.1.1 <b@example.net>: Recipient address',
      '    rejected: User unknown',
      '',
      'Final-Recipient: rfc822; c@example.net',
      'Action: delayed',
      'Status: 4.4.1',
    ),
    events: ['(RCPT) 550', '(RCPT)'],
    recipients: ['? > b@example.net:r', '? > c@example.net:d'],
  },
  {
    format: 'imail',
    text: lines(
      '01:02 03:04 SMTPD(00A10B) [192.0.2.9] EHLO c.example.com',
      '01:02 03:04 SMTPD(00A10B) [192.0.2.9] MAIL FROM:<a@example.com>',
      '01:02 03:04 SMTPD(00A10B) [192.0.2.9] RCPT TO:<b@example.net>',
    ),
    events: ['EHLO MAIL RCPT'],
    recipients: ['a@example.com > b@example.net:u'],
  },
  {
    format: 'exim-mainlog',
    text: lines(
      '2026-01-02 03:04:05 1abcDE-000000005vi-0000 <= a@example.com H=c.example.com [192.0.2.9] P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain_server:ann S=500',
      '2026-01-02 03:04:06 1abcDE-000000005vi-0000 => b@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.1] X=TLS1.2:ECDHE_RSA__AES_256_GCM:256 CV=yes A=cram C="250 2.0.0 Ok: queued"',
    ),
    events: ['(AUTH) (MAIL)', '(MAIL) (RCPT) 250!'],
    recipients: ['a@example.com >', 'a@example.com > b@example.net:a'],
    tls: { state: 'started', version: 'TLSv1.2', cipher: 'ECDHE_RSA__AES_256_GCM' },
    authentication: { offered: [], mechanism: 'CRAM-MD5', outcome: 'accepted' },
  },
  {
    format: 'exim-mainlog',
    text: lines(
      '2026-01-02 03:04:05 1abcDE-000000005vi-0000 Completed',
      '2026-01-02 03:04:06 H=(c.example.com) [192.0.2.9] F=<a@example.com> temporarily rejected RCPT <n@example.net>: greylisted',
      '2026-01-02 03:04:06 plain_server authenticator failed for (c.example.com) [192.0.2.66]: 535 Incorrect authentication data (set_id=ann)',
    ),
    events: ['(MAIL) (RCPT)', '(AUTH) 535'],
    recipients: ['a@example.com > n@example.net:d', ''],
    authentication: { offered: [], mechanism: 'PLAIN', outcome: 'rejected' },
  },
  {
    format: 'postfix-log',
    text: lines(
      'Jan  2 03:04:04 mx postfix/submission/smtpd[97]: Anonymous TLS connection established from c.example.com[192.0.2.9]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
      'Jan  2 03:04:04 mx postfix/submission/smtpd[97]: 4ABCDE1: client=c.example.com[192.0.2.9], sasl_method=PLAIN, sasl_username=a@example.com',
      'Jan  2 03:04:05 mx postfix/qmgr[98]: 4ABCDE1: from=<a@example.com>, size=1234, nrcpt=1 (queue active)',
      'Jan  2 03:04:06 mx postfix/smtpd[97]: NOQUEUE: reject: RCPT from d.example.com[192.0.2.8]: 550 5.1.1 <n@example.net>: Recipient address rejected: User unknown; from=<a@example.com> to=<n@example.net> proto=ESMTP helo=<d.example.com>',
      'Jan  2 03:04:06 mx postfix/smtpd[97]: warning: unknown[192.0.2.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=bob',
      'Jan  2 03:04:07 mx postfix/smtp[99]: Trusted TLS connection established to mx.example.net[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
      'Jan  2 03:04:07 mx postfix/smtp[99]: 4ABCDE1: to=<b@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=0.7, delays=0.5/0.1/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9)',
    ),
    events: ['(AUTH) (MAIL)', '(MAIL) (RCPT) 550', '(AUTH)', '(MAIL) (RCPT) 250!'],
    recipients: ['a@example.com >', 'a@example.com > n@example.net:r', '', 'a@example.com > b@example.net:a'],
    tls: { state: 'started', version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  },
  {
    format: 'opensmtpd',
    text: lines(
      'Jan  2 03:04:05 mx smtpd[99]: 0123456789abcdef mta tls ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256',
      'Jan  2 03:04:06 mx smtpd[99]: 0123456789abcdef mta delivery evpid=02 from=<a@example.com> to=<c@example.net> rcpt=<-> source="192.0.2.9" relay="192.0.2.1 (mx.example.net)" delay=1s result="Ok" stat="250 2.0.0 Ok"',
    ),
    events: ['(MAIL) (RCPT) 250!'],
    tls: { state: 'started', version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  },
  {
    format: 'sendmail',
    text: lines(
      'b@example.net... Connecting to mx.example.net. via esmtp...',
      '220 mx.example.net ESMTP',
      '>>> EHLO c.example.com',
      '250-mx.example.net',
      '250 SIZE 1000',
      '>>> MAIL From:<a@example.com> SIZE=10',
      '250 2.1.0 Ok',
      '>>> RCPT To:<b@example.net>',
      '>>> DATA',
      '250 2.1.5 Ok',
      '354 End data',
      '>>> .',
      '250 2.0.0 Ok: queued',
      'b@example.net... Sent (Ok: queued)',
      'Closing connection to mx.example.net.',
      '>>> QUIT',
      '221 Bye',
    ),
    events: ['220! EHLO 250 MAIL 250 RCPT DATA 250 354 @ 250 QUIT 221'],
    recipients: ['a@example.com > b@example.net:a'],
  },
  {
    // Copied from a page, which took the addresses for tags
    format: 'phpmailer',
    text: lines(
      'CLIENT -> SERVER: EHLO c.example.com',
      'SERVER -> CLIENT: 250-mx.example.net',
      '250 SIZE 1000',
      'CLIENT -> SERVER: MAIL FROM:',
      'SERVER -> CLIENT: 250 2.1.0 Ok',
      'CLIENT -> SERVER: RCPT TO:',
      'SERVER -> CLIENT: 550 5.1.1 : Recipient address rejected',
    ),
    events: ['EHLO 250 MAIL 250 RCPT 550'],
    recipients: [' > :r'],
  },
  {
    format: 'go-mail',
    text: lines(
      '2026/01/02 03:04:05 DEBUG: C <-- S: 220 mx.example.net ESMTP',
      '2026/01/02 03:04:05 DEBUG: C --> S: EHLO c.example.com',
      '2026/01/02 03:04:05 DEBUG: C <-- S: 250 mx.example.net',
      'STARTTLS',
      'AUTH PLAIN LOGIN',
      '2026/01/02 03:04:05 DEBUG: C --> S: QUIT',
      '2026/01/02 03:04:05 DEBUG: C <-- S: 221 bye',
    ),
    events: ['220! EHLO 250 QUIT 221'],
    tls: { state: 'offered' },
    authentication: { offered: ['PLAIN', 'LOGIN'], outcome: 'none' },
  },
  {
    format: 'go-mail',
    text: lines(
      '{"level":"DEBUG","msg":"EHLO c.example.com","direction":{"from":"client","to":"server"}}',
      '{"level":"DEBUG","msg":"250 mx.example.net\\nSTARTTLS\\nSIZE 10","direction":{"from":"server","to":"client"}}',
      '{"level":"DEBUG","msg":"QUIT","direction":{"from":"client","to":"server"}}',
    ),
    events: ['EHLO 250 QUIT'],
    tls: { state: 'offered' },
  },
]
