/** Replies of server software and of its filters, whoever runs them, and those that a standard words. */

import type { RuleGroup } from '../rule.ts'

/** @internal */
export const SERVERS: readonly RuleGroup[] = [
  {
    provider: 'postfix',
    checked: '2026-11',
    sources: ['https://www.postfix.org/postconf.5.html', 'https://github.com/vdukhovni/postfix'],
    rules: `
relay-denied 554/5.7.1,454/4.7.1 Relay access denied
ptr-missing 450/4.7.1,550/5.7.1,450/4.7.25,550/5.7.25 Client host rejected: cannot find your
helo-unknown 450/4.7.1,550/5.7.1 Helo command rejected: Host not found
helo-bad 504/5.5.2,550/5.5.2 Helo command rejected: need fully-qualified hostname | Helo command rejected: Invalid name
sender-dns 550/5.1.8 Sender address rejected: Domain not found
sender-dns-later 450/4.1.8 Sender address rejected: Domain not found
account-sender 553/5.7.1 Sender address rejected: not owned by user | Sender address rejected: not logged in
user-unknown 550/5.1.1,450/4.1.1 User unknown in * table
user-unsure 450/4.1.1 unverified address
user-undeliverable 550/5.1.1 undeliverable address
policy-closed 554/5.7.1 Client host rejected: Access denied | Recipient address rejected: Access denied | Sender address rejected: Access denied
rate-connections 421/4.7.0 too many connections from
rate-sender 450/4.7.1,421/4.7.0 Error: too much mail from | Connection rate limit exceeded | Connection concurrency limit exceeded
recipients-many 452/4.5.3 Error: too many recipients | Too many recipients
too-many-errors 421/4.7.0 Error: too many errors | too many unrecognized commands | Too many nonmail commands
system-full 452/4.3.1 Insufficient system storage
size-message 552/5.3.4 Message size exceeds fixed limit | message file too big
domain-nomail 556/5.1.10 does not accept mail (nullMX)
sender-nullmx 550/5.7.27 does not accept mail (nullMX)
line-ends 550/5.5.2 bare <LF> received
too-early 554/5.5.0,550/5.5.1 Error: SMTP protocol synchronization
too-early 550/5.5.1 Protocol error
no-recipients 554/5.5.1,503/5.5.1 no valid recipients
login-wrong 535/5.7.8 Error: authentication failed
system-auth 454/4.7.0 Temporary authentication failure
login-here 503/5.5.1 authentication not enabled | AUTH command used when not advertised
system-lookup 451/4.3.0 Temporary lookup failure
config-broken 451/4.3.5 Server configuration error | Server configuration problem
utf8-needed 553/5.6.7 Must declare SMTPUTF8
policy-connect 521/5.3.2 Service currently unavailable
tls-first 530/5.7.0 Must issue a STARTTLS command first
policy-connect 554 ESMTP not accepting connections
`,
  },
  {
    provider: 'postfix-client',
    local: true,
    checked: '2026-11',
    sources: ['https://github.com/vdukhovni/postfix'],
    rules: `
net-timeout * Connection timed out | Operation timed out
net-refused * Connection refused
net-lost * lost connection with | server dropped connection without sending
net-stalled * timed out while
domain-unknown * Host or domain name not found
tls-peer * Server certificate not verified | Server certificate not trusted
tls-absent * TLS is required, but was not offered by host
loop-self * loops back to myself
size-message * exceeds size limit
refused-talk * refused to talk to me
net-suspended * delivery temporarily suspended
`,
  },
  {
    provider: 'exim',
    checked: '2026-11',
    sources: ['https://www.exim.org/exim-html-current/doc/html/spec_html/', 'https://github.com/Exim/exim'],
    rules: `
relay-denied 550 relay not permitted
user-unknown 550 Unrouteable address | Unroutable address
sender-callback 550 Sender verify failed | Verification failed for
sender-dns-later 451 Could not complete sender verify
policy-closed 550 Administrative prohibition
rate-connections 421 Too many concurrent SMTP connections
system-full 452 Space shortage, please try later
size-message 552 Message size exceeds maximum permitted
line-long 550 maximum allowed line length is 998 octets
too-early 554 SMTP synchronization error
helo-bad 501 Syntactically invalid HELO argument | Syntactically invalid EHLO argument
login-wrong 535 Incorrect authentication data
`,
  },
  {
    provider: 'cpanel',
    checked: '2026-11',
    sources: ['https://github.com/zone-eu/zone-mta'],
    rules: `
account-limit-hour 550 has exceeded the max defers and failures per hour
login-missing 550 Please turn on SMTP Authentication in your mail client
listed 550 JunkMail rejected
`,
  },
  {
    provider: 'sendmail',
    checked: '2026-11',
    sources: ['https://github.com/zone-eu/zone-mta'],
    rules: `
user-unknown 550/5.1.1 ... User unknown
relay-denied 550/5.7.1 Relaying denied | Relaying denied. Proper authentication required
sender-dns 553/5.1.8 Domain of sender address
line-ends-later 421/4.5.0 Bare linefeed | Bare carriage return
sender-dns-later 451/4.1.8 Domain of sender address
loop-config 553/5.3.5 system config error
system-full 452/4.4.5 Insufficient disk space
rate-sender 421/4.3.2 Connection rate limit exceeded
`,
  },
  {
    provider: 'qmail',
    checked: '2026-11',
    sources: ['https://cr.yp.to/qmail.html', 'https://cr.yp.to/docs/smtplf.html'],
    rules: `
relay-denied 553/5.7.1 that domain isn't in my list of allowed rcpthosts
user-unknown 550/5.1.1 no mailbox here by that name
line-ends-later 451 docs/smtplf.html
policy-blocked 553/5.7.1 envelope sender is in my badmailfrom list
full-home 451 qq trouble in home directory
`,
  },
  {
    provider: 'hmailserver',
    checked: '2026-11',
    sources: ['https://github.com/zone-eu/zone-mta'],
    rules: `
greylist 451 !Please try again later
`,
  },
  {
    provider: 'haraka',
    checked: '2026-11',
    sources: ['https://github.com/haraka/Haraka'],
    rules: `
tls-port 501 SSL attempted over a non-SSL socket
line-ends-later 451 Bare line-feed
relay-denied 550 cannot deliver mail for
hello-first 503 Use EHLO/HELO before MAIL | send HELO/EHLO first | HELO or EHLO required
`,
  },
  {
    provider: 'greylisting',
    checked: '2026-11',
    sources: ['https://www.rfc-editor.org/rfc/rfc6647', 'https://www.linuxrulz.net/greylisting.html'],
    rules: `
greylist 4 Greylisted | Greylisting | Greylist | graylisted
greylist-next 451 Please try another server
slow-milter 451/4.7.1 Service unavailable - try again later
greylist 450/4.3.2 Service currently unavailable
`,
  },
  {
    provider: 'standards',
    checked: '2026-11',
    sources: ['https://www.iana.org/assignments/smtp-enhanced-status-codes', 'https://www.rfc-editor.org/rfc/rfc5321'],
    rules: `
domain-nomail 521,556/5.1.10 does not accept mail | null MX
dkim-bad 550/5.7.20 No passing DKIM signature found
spf-fail 550/5.7.23 SPF validation failed | SPF check failed | Sender Policy Framework violation
ptr-missing 550/5.7.25 Reverse DNS validation failed
auth-both 550/5.7.26 Multiple authentication checks failed
arc-fail 550/5.7.29 ARC validation failure
tls-first 523/5.7.10 Encryption Needed
tls-first 538/5.7.11 Encryption required for requested authentication mechanism
login-transition 432/4.7.12 A password transition is needed
login-weak 534/5.7.9 Authentication mechanism is too weak
requiretls 550/5.7.30 REQUIRETLS support required
user-elsewhere 551 User not local; please try
user-unknown 550 Unknown user | No such user | Mailbox not found | Invalid Recipient | User unknown | user not found | Recipient Unknown | User doesn't exist
full 4 mailbox full | over quota | quota exceeded
full 5 mailbox full | mailbox is full | over quota | quota exceeded
login-missing 530/5.7.0,550/5.7.1 Authentication Required
command-bad 5 command not recognized | unrecognized command | command unrecognized | Command line too long | Command too long
command-bad 501,553 NOTIFY parameter | NOTIFY option
out-of-turn 503 need MAIL command | need RCPT command | RCPT command must precede | sender not yet given | MAIL before RCPT
size-message 552 Message size exceeds fixed maximum
login-wrong 535 Authentication failed | Invalid username or password
`,
  },
]
