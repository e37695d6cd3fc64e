/**
 * Whether patterns that look for things in logs go back over what they have seen: each kind of log with one line of many repetitions,
 * at two lengths. Prints those that take much more than twice as long for twice the length. Run by `npm run bench:growth`.
 */
import { parseTranscript, redact } from '@posthorn/transcript'
import { explainTranscript } from '@posthorn/transcript/explain'

const LENGTH = 60_000
// What takes less has no time to grow by.
const NOTICEABLE_MS = 100
const GROWTH = 2.8

const LOGS = {
  swaks: '=== Connected\n<-  220 mx ESMTP\n -> EHLO c\n<-  250 mx\n',
  exim: '2026-11-30 10:00:00 1abcde-0001Ab-AB => a@b.example R=r T=t H=mx [192.0.2.1] C="250 ok"\n',
  postfix:
    'Nov 30 10:00:00 mx postfix/smtp[1]: ABCDEF12: to=<a@b.example>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)\n',
  opensmtpd:
    'smtpd[1]: 0123456789abcdef mta delivery from=<a@b> to=<c@d> relay="192.0.2.1 (mx)" result="Ok" stat="250 ok"\n',
  report: 'Reporting-MTA: dns; a\nFinal-Recipient: rfc822; a@b\nDiagnostic-Code: smtp; 550 5.1.1 no\n',
  dialog:
    "The mail server responded: 550 no. Please\nServer Response: '550 no', Port: 25, Secure(SSL): No, Server: 'mx'\n",
  trace: 'System.Net.Sockets Verbose: 0 : [1] 00000000 : 32 32 30 20 : 220 \n',
  apple: 'CONNECTED Nov 30\nREAD Nov 30\n220 x\n',
  exchange: '2026-11-30T10:00:00.000Z,c,08D,1,192.0.2.1:25,192.0.2.2:99,<,EHLO c,\n',
  html: '220 a<br>250 b<br>\n',
}
const FILLS = [
  ...[
    'a',
    '1',
    '.',
    '<',
    '=',
    '(',
    '[',
    '"',
    "'",
    '\\',
    '*',
    '\t',
    'ü',
    'a ',
    ': ',
    '; ',
    '250-',
    ' | ',
    'a@',
    'a: ',
    '00 ',
  ],
  ...[
    '&lt;',
    '{"a":',
    'QUJD',
    '550 ',
    ': 450 x',
    'TLS ',
    'said: ',
    'x[192.0.2.1]',
    'RCPT TO:<',
    'session a ',
    'remote server was: ',
  ],
  ...[': reject: RCPT from a: 450 ', 'x authenticator failed for ', "Server Response: '"],
]

async function timeOf(log, fill, length) {
  const text = `${log}${log.trimEnd()}${fill.repeat(Math.ceil(length / fill.length))}\n${fill.repeat(length / fill.length)}\n${log}`
  const start = performance.now()
  redact(text)
  await explainTranscript(parseTranscript(text))
  return performance.now() - start
}

await timeOf(LOGS.swaks, LOGS.swaks, LENGTH)
let most = 0
for (const [name, log] of Object.entries(LOGS)) {
  for (const fill of FILLS) {
    const once = await timeOf(log, fill, LENGTH)
    most = Math.max(most, once)
    if (once < NOTICEABLE_MS) continue
    const twice = await timeOf(log, fill, 2 * LENGTH)
    if (twice > once * GROWTH)
      console.log(`${name}, ${JSON.stringify(fill)}: ${once.toFixed(0)} ms, then ${twice.toFixed(0)} ms`)
  }
}
console.log(`${Object.keys(LOGS).length * FILLS.length} lines; the slowest took ${most.toFixed(0)} ms`)
