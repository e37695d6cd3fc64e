/** Inputs that look like what they should be and are not: pieces of real dialogues, put together and mutated by a seed. */

import { AUTHENTICATION } from './authentication.js'
import { CHAIN } from './chains.js'
import { DMARC, MESSAGE, POLICY, SPF, ZONE } from './record-words.js'
import { TRANSCRIPT } from './transcripts.js'

const SERVER = [
  ...[
    '220 mx.example ESMTP\r\n',
    '250-mx.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n',
    '250 2.1.0 Ok\r\n',
  ],
  ...[
    '354 Go\r\n',
    '550-5.1.1 No such\r\n550 5.1.1 user\r\n',
    '421 4.7.0 Later\r\n',
    '250\r\n',
    '334 AAAA\r\n',
    '334 \r\n',
  ],
  ...['235 2.7.0 Ok\r\n', '353 each\r\n', '503 5.5.1 no\r\n', '452 4.5.3 Too many recipients\r\n', '221 2.0.0 Bye\r\n'],
]
const CLIENT = [
  ...[
    'EHLO c.example\r\n',
    'HELO c\r\n',
    'MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME\r\n',
    'MAIL FROM:<>\r\n',
    'DATA\r\n',
  ],
  ...[
    'RCPT TO:<c@d.example> NOTIFY=NEVER\r\n',
    'RCPT TO:<postmaster>\r\n',
    'BDAT 5\r\n',
    'BDAT 3 LAST\r\n',
    'RSET\r\n',
    'QUIT\r\n',
  ],
  ...[
    'AUTH PLAIN AHUAcA==\r\n',
    'AUTH PLAIN\r\n',
    'STARTTLS\r\n',
    'NOOP\r\n',
    '*\r\n',
    '.\r\n',
    '..\r\n',
    'Subject: x\r\n\r\n',
    'hello\r\n',
  ],
  ...[
    'XCLIENT ADDR=192.0.2.1 LOGIN=a\r\n',
    'XFORWARD NAME=a\r\n',
    'VRFY a SMTPUTF8\r\n',
    '\n.\r\n',
    '\r.\r\n',
    'x'.repeat(300),
  ],
]
const LINE = [
  ...[
    'MAIL FROM:<',
    'RCPT TO:<',
    '>',
    'a@b.example',
    '"a b"@c',
    ' SIZE=',
    ' BY=120;R',
    ' ORCPT=utf-8;\\x{3B4}',
    ' NOTIFY=DELAY',
  ],
  ...[
    ' RRVS=2014-04-03T23:01:00Z;C',
    ' MT-PRIORITY=3',
    '[IPv6:::1]',
    'BDAT 10 LAST',
    'XCLIENT ',
    'NAME=[UNAVAILABLE]',
    '+2B',
    '+',
    '=',
  ],
  ...[
    'AUTH PLAIN ',
    'Zg==',
    'BURL imap:a',
    'ETRN #q',
    ' ',
    '@',
    '<@a:',
    ' HOLDUNTIL=2026-01-01T00:00:00Z',
    ' SOLICIT=a:b',
    'LIMITS RCPTMAX=5',
  ],
]
const FIELD = [
  ...[
    'a@b.example',
    'Ann <a@b.example>',
    '"a, b" <"c d"@e.example>',
    'G:',
    ';',
    ', ',
    '<@r.example:a@b>',
    '(c (d))',
    ' ',
  ],
  ...[
    '=?utf-8?Q?J=C3=B6_=40x?=',
    '=?utf-8?B?w6k=?=',
    '"=?utf-8?Q?a?="',
    '@[IPv6:::1]',
    'b\xc3\xbccher.example',
    '..',
    '\r\n ',
  ],
  ...['<1.a@b.example>', '<https://x.example/u>', '<mailto:u@x.example>', 'List-Unsubscribe=One-Click', 'NO'],
  ...['from a (b [192.0.2.1]) by c ', 'with ESMTPS id 1 for <u@x.example>', '; Fri, 21 Nov 1997 09:55:06 -0600'],
]
const VALUE = [
  ...[
    'multipart/mixed',
    'attachment',
    '; ',
    'filename=',
    'boundary=AAA',
    'charset="utf-8"',
    ' name=',
    "*=utf-8''%C3%A9",
  ],
  ...['*0*=', '*1=', '*2*=%', '"a\\"b"', '(c)', "'", '=?utf-8?Q?a_=C3?=', '=?big5?B?pGk=?=', ' ', '\r\n ', '%41', '?='],
  ...[
    'Fri, ',
    '21 Nov 97',
    ' 09:55',
    ':06',
    ' -0600',
    ' EST',
    '06-Nov-94',
    'Sun Nov  6',
    ' 1994',
    '> quoted \r\n',
    '-- \r\n',
  ],
  ...['\x1b$B', '\x1b(B', '\x81\x30\x81\x30', '\xa4\x40', '\xf9\x3c', '\xff\xfe', '\xe2\x82', '\xac'],
]
const REPORT = [
  ...['Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n', '\r\n', '--b\r\n', '--b--\r\n'],
  ...['Content-Type: message/delivery-status\r\n\r\n', 'Content-Type: message/feedback-report\r\n\r\n'],
  ...['Content-Type: message/global-disposition-notification\r\n\r\n', 'Content-Type: text/rfc822-headers\r\n\r\n'],
  ...[
    'Reporting-MTA: dns; mx.example (c)\r\n',
    'Arrival-Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n',
    'X-A: b\r\n c\r\n',
  ],
  ...['Final-Recipient: rfc822; a@b.example\r\n', 'Original-Recipient: utf-8; \\x{3B4}@b\r\n', 'Action: failed\r\n'],
  ...[
    'Status: 5.1.1\r\n',
    'Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n',
    'Final-Recipient: utf-8; \\x{3B4}@b\r\nAction: delayed\r\nStatus: 4.0.0\r\n',
    'Diagnostic-Code: smtp; 550-5.1.1 No\r\n 550 5.1.1 x\r\n',
    'Diagnostic-Code: x-a; 550-b\r\n',
  ],
  ...[
    'Disposition: manual-action/MDN-sent-manually; displayed/error\r\n',
    'Original-Message-ID: <1@a>\r\n',
    'Error: x\r\n',
  ],
  ...[
    'Feedback-Type: abuse\r\nUser-Agent: a\r\nVersion: 1\r\n',
    'Feedback-Type: auth-failure\r\n',
    'Source-IP: ::1\r\n',
  ],
  ...[
    'Original-Mail-From: <a@b>\r\n',
    'Auth-Failure: dmarc\r\n',
    'SPF-DNS: txt : a : "b"\r\n',
    'DKIM-Selector-DNS: "a"\r\n',
  ],
  ...[
    'Authentication-Results: a; b\r\n',
    'Reported-Domain: a.example\r\n',
    'Identity-Alignment: dkim, spf\r\n',
    ' 550-x\r\n',
  ],
]
const AGGREGATE = [
  ...['<?xml version="1.0" encoding="UTF-8"?>\n', '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">', '<feedback>'],
  ...[
    '</feedback>',
    '<report_metadata>',
    '</report_metadata>',
    '<record>',
    '</record>',
    '<row>',
    '</row>',
    '<xs:schema>',
  ],
  ...[
    '<report_metadata><org_name>A</org_name><email>a@b</email><report_id>1</report_id><date_range><begin>1</begin><end>2</end></date_range></report_metadata>',
    '<policy_published><domain>a.example</domain><p>none</p><sp>Reject</sp><pct>50</pct><np>x</np></policy_published>',
    '<record><row><source_ip>192.0.2.1</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf><reason><type>other</type><comment lang="de">x</comment></reason></policy_evaluated></row><identifiers><header_from>a.example</header_from><envelope_from/></identifiers><auth_results><dkim><domain>a.example</domain><selector>s</selector><result>pass</result></dkim><spf><domain>b</domain><result>unknown</result></spf></auth_results></record>',
    '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata><org_name>A</org_name><email>a@b</email><report_id>1</report_id><date_range><begin>1</begin><end>2</end></date_range></report_metadata><policy_published><domain>a.example</domain><p>none</p></policy_published><extension><x xmlns="urn:x" a="b">c</x></extension>',
  ],
  ...['<extension>', '</extension>', '<e:x xmlns:e="urn:e" a="1" b=2>', '</e:x>', '<dkim/>', '<spf>', '</spf>', 'text'],
  ...[
    '<![CDATA[ < ]]>',
    '<!-- & -->',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '&#0;',
    '&#x41;',
    '&amp',
    '<a@b.example>',
  ],
  ...['PK\x03\x04\x14\0\0\0\0\0', 'PK\x05\x06\0\0\0\0', '\x1f\x8b\x08\0\0\0\0\0\0\x03', '<count>9</count>', '<'],
]
const VOCABULARY = {
  aggregate: AGGREGATE,
  server: SERVER,
  client: CLIENT,
  line: LINE,
  field: FIELD,
  value: VALUE,
  report: REPORT,
  chain: CHAIN,
  spf: SPF,
  dmarc: DMARC,
  policy: POLICY,
  zone: ZONE,
  message: MESSAGE,
  authentication: AUTHENTICATION,
  transcript: TRANSCRIPT,
}
const JUNK = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '.',
  '-',
  ' ',
  '\xff',
  '\xc3\xa9',
  '\xe2\x80\xa8',
  '9',
  '<',
  '>',
  '"',
  '\\',
  '=',
  '\x1b',
  '250-',
]

/** A source of numbers that a seed decides. */
export function randomFrom(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Makes one input. */
export function makeInput(kind, random) {
  const words = VOCABULARY[kind]
  let text = ''
  for (let count = 1 + random(8); count > 0; count--) text += words[random(words.length)]
  for (let count = random(4); count > 0; count--) {
    const at = random(text.length + 1)
    text = text.slice(0, at) + (random(3) > 0 ? JUNK[random(JUNK.length)] : '') + text.slice(at + random(4))
  }
  return Buffer.from(text, 'latin1')
}

/** Cuts an input in parts. */
export function split(input, random) {
  const parts = []
  for (let at = 0; at < input.length; ) {
    const length = 1 + random(12)
    parts.push(new Uint8Array(input.subarray(at, at + length)))
    at += length
  }
  return parts
}
