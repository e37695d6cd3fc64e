/**
 * For each rule a message that breaks it, the octets that it tells, and a message that nearly does. Only what matters is
 * written: other fields are those of {@link DEFAULTS}, and the body is a word. A line that begins with "-" takes a field away.
 * `⏎` is not written for CRLF here, but a line break; `␊`, `␍` and `␀` are LF, CR and NUL; a character from U+0080 to U+00FF is
 * an octet; `{x*999}` is x 999 times. What begins with "=" is the whole message.
 */

import { encodeLatin1 } from '@posthorn/core'
import type { LintOptions, LintRule } from '../src/index.ts'

/** A rule with its two messages. */
export type Sample = readonly [rule: LintRule, fires: string, at: string, spares: string, options?: LintOptions]

/** What `at` is, where the whole header is told. */
export const HEADER = '(header)'

const DEFAULTS = [
  'Date: Fri, 21 Nov 1997 09:55:06 -0600',
  'From: Ada <ada@example.org>',
  'To: bob@example.net',
  'Message-ID: <1@example.org>',
  'Subject: Hi',
]

/** The octets of what is written in the notation of samples. */
export function octetsOf(text: string): Uint8Array {
  const whole = text.replace(/\{(.+?)\*(\d+)\}/gs, (_, piece: string, count: string) => piece.repeat(Number(count)))
  const ends: Readonly<Record<string, string>> = { '\n': '\r\n', '␊': '\n', '␍': '\r', '␀': '\0' }
  return encodeLatin1(whole.replace(/[\n␊␍␀]/g, (found) => ends[found]!))
}

/** The message of a sample, with all that it leaves out. */
export function messageOf(sample: string): Uint8Array {
  if (sample.startsWith('=')) return octetsOf(sample.slice(1))
  const [head = '', ...rest] = sample.split('\n\n')
  const body = sample.includes('\n\n') ? rest.join('\n\n') : 'Hello\n'
  const lines = head === '' ? [] : head.split('\n')
  const taken = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1).toLowerCase())
  const given = lines.filter((line) => !line.startsWith('-'))
  const named = new Set([...taken, ...given.map((line) => line.split(':')[0]!.trim().toLowerCase())])
  const isMime = given.some((line) => /^content-/i.test(line))
  const others = [...DEFAULTS, ...(isMime ? ['MIME-Version: 1.0'] : [])]
  const added = others.filter((line) => !named.has(line.split(':')[0]!.toLowerCase()))
  return octetsOf(`${[...given, ...added].map((line) => `${line}\n`).join('')}\n${body}`)
}

const MIXED = 'Content-Type: multipart/mixed; boundary=b\n\n'
const PLAIN = '--b\n\nHello\n'
const HTML = 'Content-Type: text/html\n\n<p>Hello\n'
const QP = 'Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n'
const B64 = 'Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n'
const UTF8 = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
const ALTERNATIVE = 'Content-Type: multipart/alternative; boundary=b\n\n'
const RELATED = 'Content-Type: multipart/related; type="text/html"; boundary=b\n\n'
const IMAGE = '--b\nContent-Type: image/png\nContent-ID: <i@x>\n\nPNG\n'
const SIGNED = 'Content-Type: multipart/signed; micalg=a; protocol="a/b"; boundary=b\n\n'
const SIGNATURE = '--b\nContent-Type: a/b\n\nxyz\n--b--\n'
const REPORT = 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n'
const STATUS = '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n'
const UNSUBSCRIBE = 'List-Unsubscribe: <https://x.example/u>'
const POST = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'

/** All of them, in the order of the rules. */
export const SAMPLES: readonly Sample[] = [
  ['line-too-long', '\n\n{x*999}\n', '{x*999}', '\n\n{x*998}\n'],
  ['header-line-over-78', 'Subject: {word *14}end', 'Subject: {word *14}end', 'Subject: {x*100}'],
  ['lf-line-ends', '=Subject: Hi␊From: a@b.example␊␊Hi␊', '␊', 'Subject: Hi'],
  ['cr-line-ends', '=Subject: Hi␍␍Hi␍', 'Subject: Hi␍␍Hi␍', 'Subject: Hi'],
  ['bare-lf', '\n\none␊two\n', '␊', '\n\none\ntwo\n'],
  ['bare-cr', '\n\none␍two\n', '␍', '\n\none\ntwo\n'],
  ['nul', '\n\none␀two\n', '␀', '\n\none two\n'],
  ['header-control', 'Subject: a\u0007b', '\u0007', 'Subject: a\tb'],
  ['header-eight-bit', 'Subject: na\u00efve', '\u00ef', 'Subject: na\u00c3\u00afve', { smtpUtf8: true }],
  ['header-utf8', 'Subject: na\u00c3\u00afve', '\u00c3\u00af', 'Subject: =?utf-8?Q?na=C3=AFve?='],
  [
    'eight-bit-in-7bit',
    'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\n\u00c3\u00af\n',
    '\u00c3',
    `${UTF8}\u00c3\u00af\n`,
  ],
  [
    'eight-bit-undeclared',
    'Content-Type: text/plain; charset=utf-8\n\n\u00c3\u00af\n',
    '\u00c3',
    `${UTF8}\u00c3\u00af\n`,
  ],
  [
    'container-label',
    `${MIXED}--b\n${UTF8}\u00c3\u00af\n--b--\n`,
    'Content-Type: multipart/mixed; boundary=b\n',
    `Content-Transfer-Encoding: 8bit\n${MIXED}--b\n${UTF8}\u00c3\u00af\n--b--\n`,
  ],
  ['needs-8bitmime', `${UTF8}\u00c3\u00af\n`, '\u00c3', `${UTF8}Hello\n`, { encoding: '7bit' }],
  [
    'needs-binarymime',
    'Content-Type: image/png\nContent-Transfer-Encoding: binary\n\nPNG\n',
    'PNG\n',
    'Content-Type: image/png\nContent-Transfer-Encoding: 7bit\n\nPNG\n',
  ],
  [
    'byte-order-mark',
    '=\u00ef\u00bb\u00bfSubject: a\nFrom: b@x.example\n\nHello\n',
    '\u00ef\u00bb\u00bf',
    '=Subject: a\nFrom: b@x.example\n\nHello\n',
  ],
  ['no-field', 'Subject: Hi\nno field', 'no field\n', 'Subject: Hi\n no field'],
  ['bad-field-name', 'Subject: Hi\nno field: a', 'no field: a\n', 'Subject: Hi\nno-field: a'],
  ['mbox-line', 'From ada Fri Nov 21 09:55:06 1997\nSubject: Hi', 'From ada Fri Nov 21 09:55:06 1997\n', 'Subject: Hi'],
  ['blank-before-colon', 'Comments : a', 'Comments ', 'Comments: a'],
  ['blank-folded-line', 'Subject: a\n  \n b', '  ', 'Subject: a\n  b'],
  [
    'unended-header',
    `${MIXED}--b\nContent-ID: <a@b>\n--b--\n`,
    'Content-ID: <a@b>\n',
    `${MIXED}--b\nContent-ID: <a@b>\n\n--b--\n`,
  ],
  [
    'beyond-limit',
    '{X-A: b\n*1000}X-A: c',
    'X-A: c\nDate: Fri, 21 Nov 1997 09:55:06 -0600\nFrom: Ada <ada@example.org>\nTo: bob@example.net\nMessage-ID: <1@example.org>\nSubject: Hi\n',
    '{X-A: b\n*900}X-A: c',
  ],
  ['missing-date', '-Date', HEADER, 'Date: Fri, 21 Nov 1997 09:55:06 -0600'],
  ['missing-from', '-From', HEADER, 'From: ada@example.org'],
  ['missing-message-id', '-Message-ID', HEADER, 'Message-ID: <1@example.org>'],
  ['missing-subject', 'Subject:', 'Subject:\n', 'Subject: a'],
  ['missing-recipients', '-To', HEADER, '-To\nCc: bob@example.net'],
  [
    'missing-references',
    'In-Reply-To: <0@x.example>',
    'In-Reply-To: <0@x.example>\n',
    'In-Reply-To: <0@x.example>\nReferences: <0@x.example>',
  ],
  [
    'empty-inner-message',
    'Content-Type: message/rfc822\n\nX-A: b\n\nHello\n',
    'X-A: b\n',
    'Content-Type: message/rfc822\n\nSubject: b\n\nHello\n',
  ],
  ['repeated-field', 'Subject: a\nSubject: b', 'Subject: b\n', 'Comments: a\nComments: b'],
  [
    'repeated-mime-field',
    'Content-Type: text/plain\nContent-Type: text/html',
    'Content-Type: text/html\n',
    'Content-Type: text/plain',
  ],
  [
    'repeated-list-field',
    'List-Help: <https://a.example>\nList-Help: <https://b.example>',
    'List-Help: <https://b.example>\n',
    'List-Help: <https://a.example>, <https://b.example>',
  ],
  [
    'missing-sender',
    'From: a@x.example, b@x.example',
    'From: a@x.example, b@x.example\n',
    'From: a@x.example, b@x.example\nSender: a@x.example',
  ],
  [
    'redundant-sender',
    'From: a@x.example\nSender: A <a@X.example>',
    'Sender: A <a@X.example>\n',
    'From: a@x.example\nSender: b@x.example',
  ],
  ['several-senders', 'Sender: a@x.example, b@x.example', 'Sender: a@x.example, b@x.example\n', 'Sender: a@x.example'],
  ['no-author', 'From: Nobody:;', 'From: Nobody:;\n', 'From: Team: a@x.example;'],
  ['group-in-from', 'From: Team: a@x.example;', 'From: Team: a@x.example;\n', 'To: Team: a@x.example;'],
  ['empty-recipients', 'Cc:', 'Cc:\n', 'Bcc:'],
  ['bcc-present', 'Bcc: c@x.example', 'Bcc: c@x.example\n', 'Bcc:'],
  ['missing-id', 'Message-ID:', 'Message-ID:\n', 'Message-ID: <1@x.example>'],
  [
    'several-ids',
    'Message-ID: <1@x.example> <2@x.example>',
    'Message-ID: <1@x.example> <2@x.example>\n',
    'References: <1@x.example> <2@x.example>',
  ],
  [
    'resent-incomplete',
    'Resent-From: a@x.example\nResent-To: b@x.example',
    'Resent-From: a@x.example\n',
    'Resent-Date: Fri, 21 Nov 1997 09:55:06 -0600\nResent-From: a@x.example\nResent-To: b@x.example',
  ],
  [
    'resent-below',
    'Subject: a\nResent-Date: Fri, 21 Nov 1997 09:55:06 -0600\nResent-From: a@x.example',
    'Resent-Date: Fri, 21 Nov 1997 09:55:06 -0600\n',
    'Resent-Date: Fri, 21 Nov 1997 09:55:06 -0600\nResent-From: a@x.example\nSubject: a',
  ],
  [
    'trace-below',
    'Subject: a\nReceived: by x.example; Fri, 21 Nov 1997 09:55:06 -0600',
    'Received: by x.example; Fri, 21 Nov 1997 09:55:06 -0600\n',
    'X-A: b\nReceived: by x.example; Fri, 21 Nov 1997 09:55:06 -0600',
  ],
  [
    'return-path-below',
    'Received: by x.example; Fri, 21 Nov 1997 09:55:06 -0600\nReturn-Path: <>',
    'Return-Path: <>\n',
    'Return-Path: <>\nReceived: by x.example; Fri, 21 Nov 1997 09:55:06 -0600',
  ],
  ['unknown-content-field', 'Content-Color: red', 'Content-Color: red\n', 'Content-Language: en'],
  ['long-subject', 'Subject: {word\n *60}end', 'Subject: {word\n *60}end\n', 'Subject: {word\n *40}end'],
  ['date-bad', 'Date: yesterday', 'yesterday', 'Date: 21 Nov 1997 09:55 -0600'],
  ['date-wrong-day', 'Date: Mon, 21 Nov 1997 09:55:06 -0600', 'Mon', 'Date: Fri, 21 Nov 1997 09:55:06 -0600'],
  ['date-missing-time', 'Date: Fri, 21 Nov 1997', '', 'Date: Fri, 21 Nov 1997 09:55 -0600'],
  ['date-missing-zone', 'Date: Fri, 21 Nov 1997 09:55:06', '', 'Date: Fri, 21 Nov 1997 09:55:06 -0000'],
  ['date-odd', 'Date: Fri, 21-Nov-1997 09:55:06 +0000', '21-Nov', 'Date: Fri, 21 Nov 1997 09:55:06 +0000'],
  [
    'date-trailing-text',
    'Date: Fri, 21 Nov 1997 09:55:06 -0600 more',
    ' more',
    'Date: Fri, 21 Nov 1997 09:55:06 -0600 (more)',
  ],
  ['date-obsolete-year', 'Date: Fri, 21 Nov 97 09:55:06 -0600', '97', 'Date: Fri, 21 Nov 1997 09:55:06 -0600'],
  ['date-obsolete-zone', 'Date: Fri, 21 Nov 1997 09:55:06 GMT', 'GMT', 'Date: Fri, 21 Nov 1997 09:55:06 +0000 (GMT)'],
  ['date-unknown-zone', 'Date: Fri, 21 Nov 1997 09:55:06 XYZ', 'XYZ', 'Date: Fri, 21 Nov 1997 09:55:06 -0000'],
  ['address-bad', 'To: a@, b@x.example', 'a@', 'To: a@x.example, b@x.example'],
  ['address-missing-domain', 'To: root', 'root', 'To: root@localhost.example'],
  ['address-bad-domain', 'To: a@x_y.example', 'a@x_y.example', 'To: a@x-y.example'],
  [
    'address-in-name',
    'From: "ceo@bank.example" <a@x.example>',
    '"ceo@bank.example"',
    'From: "a@x.example" <a@x.example>',
  ],
  [
    'address-in-words',
    'To: =?utf-8?Q?A_=3Ca=40x.example=3E?=',
    '=?utf-8?Q?A_=3Ca=40x.example=3E?=',
    'To: =?utf-8?Q?A?= <a@x.example>',
  ],
  ['address-encoded', 'To: =?utf-8?Q?a?=@x.example', '=?utf-8?Q?a?=@x.example', 'To: a?@x.example'],
  ['address-missing-comma', 'To: a@x.example b@x.example', '', 'To: a@x.example, b@x.example'],
  ['address-empty-entry', 'To: a@x.example,, b@x.example', ',', 'To: a@x.example, b@x.example'],
  ['address-doubled-brackets', 'To: A <<a@x.example>', '<', 'To: A <a@x.example>'],
  ['address-unclosed', 'To: A <a@x.example', '', 'To: A <a@x.example>'],
  ['address-nested-group', 'To: A: B: a@x.example;;', 'B:', 'To: A: a@x.example;, B: b@x.example;'],
  ['address-unopened-group', 'To: a@x.example; b@x.example', ';', 'To: A: a@x.example, b@x.example;'],
  ['address-stray-character', 'To: A \\ <a@x.example>', '\\', 'To: "A \\\\" <a@x.example>'],
  ['address-stray-dot', 'To: a.@x.example', 'a.@x.example', 'To: a.b@x.example'],
  ['address-trailing-text', 'To: <a@x.example> more', 'more', 'To: <a@x.example> (more)'],
  ['address-obsolete-spacing', 'To: a @x.example', 'a @x.example', 'To: a@x.example'],
  ['address-obsolete-phrase', 'To: Ada L. King <a@x.example>', '.', 'To: "Ada L. King" <a.b@x.example>'],
  ['address-source-route', 'To: <@y.example:a@x.example>', '@y.example:', 'To: <a@x.example>'],
  ['address-name-in-comment', 'To: a@x.example (Ada)', '(Ada)', 'To: Ada <a@x.example>'],
  ['address-quoted-at', 'To: "a@b"@x.example', '"a@b"@x.example', 'To: "a b"@x.example'],
  ['id-bad', 'Message-ID: <a..b@x.example>', 'a..b@x.example', 'Message-ID: <a.b@x.example>'],
  ['id-without-domain', 'Message-ID: <12345>', '12345', 'Message-ID: <12345@x.example>'],
  ['id-missing-brackets', 'Message-ID: 1@x.example', '1@x.example', 'Message-ID: <1@x.example>'],
  ['id-stray-character', 'References: <1@x.example>, <2@x.example>', ',', 'References: <1@x.example>\n <2@x.example>'],
  ['id-obsolete-spacing', 'Message-ID: <1 @x.example>', '1 @x.example', 'Message-ID: (one) <1@x.example>'],
  ['id-trailing-text', 'References: yours <1@x.example>', 'yours', 'References: (yours) <1@x.example>'],
  ['word-long', 'Subject: =?utf-8?Q?{x*70}?=', '=?utf-8?Q?{x*70}?=', 'Subject: =?utf-8?Q?{x*50}?='],
  [
    'word-line-over-76',
    'Subject: {w *28}=?utf-8?Q?abc?=',
    'Subject: {w *28}=?utf-8?Q?abc?=',
    'Subject: {w *28}\n =?utf-8?Q?abc?=',
  ],
  ['word-blank', 'Subject: =?utf-8?Q?a b?=', '=?utf-8?Q?a b?=', 'Subject: =?utf-8?Q?a_b?='],
  ['word-unclosed', 'Subject: =?utf-8?Q?a b', '=?utf-8?Q?a b', 'Subject: =?utf-8?'],
  ['word-charset', 'Subject: =?x-none?Q?a?=', '=?x-none?Q?a?=', 'Subject: =?koi8-r?Q?a?='],
  ['word-refused-charset', 'Subject: =?utf-7?Q?a?=', '=?utf-7?Q?a?=', 'Subject: =?utf-8?Q?a?='],
  ['word-malformed', 'Subject: =?utf-8?Q?=C3?=', '=?utf-8?Q?=C3?=', 'Subject: =?utf-8?Q?=EF=BF=BD?='],
  ['word-bad-base64', 'Subject: =?utf-8?B?YWJj=YQ?=', '=?utf-8?B?YWJj=YQ?=', 'Subject: =?utf-8?B?YWJjYQ==?='],
  ['word-bad-escape', 'Subject: =?utf-8?Q?a=zz?=', '=?utf-8?Q?a=zz?=', 'Subject: =?utf-8?Q?a=3Dzz?='],
  ['word-spacing', 'Subject: a=?utf-8?Q?b?=', '=?utf-8?Q?b?=', 'Subject: a =?utf-8?Q?b?='],
  ['word-character', 'To: =?utf-8?Q?a.b?= <a@x.example>', '=?utf-8?Q?a.b?=', 'Subject: =?utf-8?Q?a.b?='],
  [
    'word-split-character',
    'Subject: =?utf-8?Q?=C3?= =?utf-8?Q?=AF?=',
    '=?utf-8?Q?=C3?=',
    'Subject: =?utf-8?Q?=C3=AF?= =?utf-8?Q?=C3=AF?=',
  ],
  ['word-in-quotes', 'To: "=?utf-8?Q?a?=" <a@x.example>', '"=?utf-8?Q?a?="', 'To: "=? a" <a@x.example>'],
  [
    'word-out-of-place',
    'Received: by =?utf-8?Q?a?=; Fri, 21 Nov 1997 09:55:06 -0600',
    '=?utf-8?Q?a?=',
    'Received: by =?.example; Fri, 21 Nov 1997 09:55:06 -0600',
  ],
  ['word-control', 'Subject: =?utf-8?Q?a=0D=0ABcc:_b?=', '=?utf-8?Q?a=0D=0ABcc:_b?=', 'Subject: =?utf-8?Q?a=20b?='],
  [
    'mime-version-missing',
    '-MIME-Version\nContent-Type: text/plain',
    HEADER,
    'MIME-Version: 1.0\nContent-Type: text/plain',
  ],
  ['mime-version-bad', 'MIME-Version: 1.1', 'MIME-Version: 1.1\n', 'MIME-Version: 1.0 (made by hand)'],
  [
    'mime-version-in-part',
    `${MIXED}--b\nMIME-Version: 1.0\n\nHello\n--b--\n`,
    'MIME-Version: 1.0\n',
    `${MIXED}--b\nContent-ID: <a@b>\n\nHello\n--b--\n`,
  ],
  ['type-bad', 'Content-Type: text', 'text', 'Content-Type: text/plain'],
  [
    'type-trailing-text',
    'Content-Type: text/plain more; charset=utf-8',
    'more',
    'Content-Type: text/plain (more); charset=utf-8',
  ],
  ['disposition-bad', 'Content-Disposition: ; filename=a', '', 'Content-Disposition: attachment; filename=a'],
  [
    'disposition-unknown',
    'Content-Disposition: floating',
    'Content-Disposition: floating\n',
    'Content-Disposition: inline',
  ],
  ['encoding-bad', 'Content-Transfer-Encoding: 8-bit', '8-bit', 'Content-Transfer-Encoding: 8BIT'],
  ['encoding-trailing-text', 'Content-Transfer-Encoding: 7bit; a', '; a', 'Content-Transfer-Encoding: 7bit (a)'],
  ['encoding-comment', 'Content-Transfer-Encoding: (a) 7bit', '(a) ', 'Content-Transfer-Encoding: 7bit (a)'],
  ['parameter-bad', 'Content-Type: text/plain; charset', 'charset', 'Content-Type: text/plain; charset=utf-8'],
  [
    'parameter-repeated',
    'Content-Type: text/plain; charset=a; charset=utf-8',
    'charset=utf-8',
    'Content-Type: text/plain; charset=utf-8',
  ],
  ['parameter-empty', 'Content-Type: text/plain;; charset=utf-8', ';', 'Content-Type: text/plain; charset=utf-8'],
  [
    'parameter-empty-value',
    'Content-Type: text/plain; charset=',
    'charset=',
    'Content-Disposition: attachment; filename=""',
  ],
  [
    'parameter-missing-semicolon',
    'Content-Type: text/plain charset=utf-8',
    '',
    'Content-Type: text/plain; charset=utf-8',
  ],
  [
    'parameter-unclosed',
    'Content-Type: text/plain; charset="utf-8',
    '"utf-8',
    'Content-Type: text/plain; charset="utf-8"',
  ],
  [
    'parameter-odd-escape',
    'Content-Disposition: attachment; filename="a\\b.txt"',
    '"a\\b.txt"',
    'Content-Disposition: attachment; filename="a\\"b.txt"',
  ],
  [
    'parameter-comment',
    'Content-Type: text/plain; charset=(a)utf-8',
    'utf-8',
    'Content-Type: text/plain; charset=utf-8',
  ],
  ['parameter-spacing', 'Content-Type: text/plain; charset =utf-8', ' ', 'Content-Type: text/plain; charset=utf-8'],
  [
    'parameter-unquoted',
    'Content-Disposition: attachment; filename=my file.txt',
    'my file.txt',
    'Content-Disposition: attachment; filename="my file.txt"',
  ],
  [
    'parameter-single-quoted',
    "Content-Type: multipart/mixed; boundary='b'\n\n--'b'\n\nHello\n--'b'--\n",
    "boundary='b'",
    `${MIXED}${PLAIN}--b--\n`,
  ],
  [
    'parameter-trailing-text',
    'Content-Disposition: attachment; filename="a" b',
    ' b',
    'Content-Disposition: attachment; filename="a b"',
  ],
  [
    'parameter-utf8',
    'Content-Disposition: attachment; filename=\u00c3\u00af.txt',
    '\u00c3\u00af.txt',
    "Content-Disposition: attachment; filename*=utf-8''%C3%AF.txt",
  ],
  [
    'parameter-encoded-word',
    'Content-Disposition: attachment; filename="=?utf-8?Q?a?="',
    'filename="=?utf-8?Q?a?="',
    "Content-Disposition: attachment; filename*=utf-8''a",
  ],
  [
    'name-encoded-word',
    'Content-Type: image/png; name="=?utf-8?Q?a?="',
    'name="=?utf-8?Q?a?="',
    'Content-Type: image/png; name="a"',
  ],
  [
    'parameter-bad-name',
    'Content-Disposition: attachment; filename**=a',
    'filename**=a',
    "Content-Disposition: attachment; filename*=utf-8''a",
  ],
  [
    'parameter-section-gap',
    'Content-Disposition: attachment; filename*0=a; filename*2=b',
    'filename*2=b',
    'Content-Disposition: attachment; filename*1=b; filename*0=a',
  ],
  [
    'parameter-two-forms',
    "Content-Disposition: attachment; filename=a; filename*=utf-8''b",
    'filename=a',
    "Content-Disposition: attachment; filename=a; filename*=utf-8''a",
  ],
  [
    'parameter-quoted-extended',
    'Content-Disposition: attachment; filename*="utf-8\'\'a"',
    'filename*="utf-8\'\'a"',
    "Content-Disposition: attachment; filename*=utf-8''a",
  ],
  [
    'parameter-missing-charset',
    'Content-Disposition: attachment; filename*=a',
    'filename*=a',
    "Content-Disposition: attachment; filename*=utf-8''a",
  ],
  [
    'parameter-bad-escape',
    "Content-Disposition: attachment; filename*=utf-8''a%b",
    "filename*=utf-8''a%b",
    "Content-Disposition: attachment; filename*=utf-8''a%25b",
  ],
  [
    'parameter-charset',
    "Content-Disposition: attachment; filename*=x-none''a",
    "filename*=x-none''a",
    "Content-Disposition: attachment; filename*=koi8-r''a",
  ],
  [
    'parameter-malformed',
    "Content-Disposition: attachment; filename*=utf-8''%C3",
    "filename*=utf-8''%C3",
    "Content-Disposition: attachment; filename*=utf-8''%EF%BF%BD",
  ],
  [
    'parameter-control',
    "Content-Disposition: attachment; filename*=utf-8''a%0Ab",
    "filename*=utf-8''a%0Ab",
    "Content-Disposition: attachment; filename*=utf-8''a%20b",
  ],
  [
    'filename-path',
    'Content-Disposition: attachment; filename="../a.txt"',
    'Content-Disposition: attachment; filename="../a.txt"\n',
    'Content-Disposition: attachment; filename="a.txt"',
  ],
  [
    'filename-control',
    "Content-Disposition: attachment; filename*=utf-8''a%00b",
    "Content-Disposition: attachment; filename*=utf-8''a%00b\n",
    "Content-Disposition: attachment; filename*=utf-8''a%20b",
  ],
  [
    'filename-bidi',
    "Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp.exe",
    "Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEfdp.exe\n",
    "Content-Disposition: attachment; filename*=utf-8''%D7%90.txt",
  ],
  [
    'filename-differs',
    'Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=b.png',
    'Content-Disposition: attachment; filename=b.png\n',
    'Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png',
  ],
  ['content-id-without-domain', 'Content-ID: <logo>', 'logo', 'Content-ID: <logo@x.example>'],
  [
    'content-id-repeated',
    `${MIXED}--b\nContent-ID: <a@b>\n\nHello\n--b\nContent-ID:  <a@b>\n\nHello\n--b--\n`,
    'Content-ID:  <a@b>\n',
    `${ALTERNATIVE}--b\nContent-ID: <a@b>\n\nHello\n--b\nContent-ID: <a@b>\n${HTML}--b--\n`,
  ],
  [
    'charset-missing',
    'Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\n\u00c3\u00af\n',
    'Content-Type: text/plain\n',
    `${UTF8}\u00c3\u00af\n`,
  ],
  [
    'charset-ascii',
    'Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit\n\n\u00c3\u00af\n',
    'Content-Type: text/plain; charset=us-ascii\n',
    `${UTF8}\u00c3\u00af\n`,
  ],
  [
    'charset-unknown',
    'Content-Type: text/plain; charset=x-none',
    'Content-Type: text/plain; charset=x-none\n',
    'Content-Type: text/plain; charset=koi8-r',
  ],
  [
    'charset-refused',
    'Content-Type: text/plain; charset=utf-7',
    'Content-Type: text/plain; charset=utf-7\n',
    'Content-Type: text/plain; charset=utf-8',
  ],
  ['charset-malformed', `${UTF8}\u00ef\n`, 'Content-Type: text/plain; charset=utf-8\n', `${UTF8}\u00ef\u00bf\u00bd\n`],
  ['boundary-missing', 'Content-Type: multipart/mixed', 'multipart/mixed', `${MIXED}${PLAIN}--b--\n`],
  [
    'boundary-bad',
    'Content-Type: multipart/mixed; boundary="a*b"\n\n--a*b\n\nHello\n--a*b--\n',
    'boundary="a*b"',
    'Content-Type: multipart/mixed; boundary="a=b"\n\n--a=b\n\nHello\n--a=b--\n',
  ],
  [
    'boundary-too-long',
    'Content-Type: multipart/mixed; boundary={b*71}\n\n--{b*71}\n\nHello\n--{b*71}--\n',
    'boundary={b*71}',
    'Content-Type: multipart/mixed; boundary={b*70}\n\n--{b*70}\n\nHello\n--{b*70}--\n',
  ],
  [
    'boundary-trailing-blank',
    'Content-Type: multipart/mixed; boundary="b "\n\n--b\n\nHello\n--b--\n',
    'boundary="b "',
    `${MIXED}${PLAIN}--b--\n`,
  ],
  [
    'boundary-prefix',
    `${MIXED}--b\nContent-Type: multipart/mixed; boundary=bc\n\n--bc\n\nHello\n--bc--\n--b--\n`,
    'Content-Type: multipart/mixed; boundary=bc\n',
    `${MIXED}--b\nContent-Type: multipart/mixed; boundary=cb\n\n--cb\n\nHello\n--cb--\n--b--\n`,
  ],
  [
    'boundary-reused',
    `${MIXED}--b\n${MIXED}${PLAIN}--b--\n--b--\n`,
    '',
    `${MIXED}--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nHello\n--c--\n--b--\n`,
  ],
  ['delimiter-missing', `${MIXED}--c\n\nHello\n--c--\n`, '--c\n\nHello\n--c--\n', `${MIXED}${PLAIN}--b--\n`],
  ['close-delimiter-missing', `${MIXED}${PLAIN}`, '', `${MIXED}${PLAIN}--b--\n`],
  ['delimiter-prefix', `${MIXED}${PLAIN}--bc\n--b--\n`, '--b', `${MIXED}${PLAIN}--c\n--b--\n`],
  ['delimiter-padding', `${MIXED}${PLAIN}--b-- \n`, '--b-- ', `${MIXED}${PLAIN}--b--\n`],
  ['preamble-parts', `${MIXED}--a\n\n${PLAIN}--b--\n`, '--a\n', `${MIXED}This is MIME.\n${PLAIN}--b--\n`],
  [
    'preamble-long',
    `${MIXED}{This is MIME. *40}\n${PLAIN}--b--\n`,
    '{This is MIME. *40}',
    `${MIXED}This is MIME.\n${PLAIN}--b--\n`,
  ],
  ['epilogue-content', `${MIXED}${PLAIN}--b--\nmore\n`, 'more\n', `${MIXED}${PLAIN}--b--\n\n`],
  ['parts-behind-close', `${MIXED}${PLAIN}--b--\n${PLAIN}--b--\n`, '--b', `${MIXED}${PLAIN}--b--\n--a\n`],
  [
    'encoded-container',
    `Content-Transfer-Encoding: base64\n${MIXED}${PLAIN}--b--\n`,
    'Content-Transfer-Encoding: base64\n',
    `Content-Transfer-Encoding: 7bit\n${MIXED}${PLAIN}--b--\n`,
  ],
  [
    'alternative-order',
    `${ALTERNATIVE}--b\n${HTML}--b\nContent-Type: text/plain\n\nHello\n--b--\n`,
    'Content-Type: text/plain\n',
    `${ALTERNATIVE}--b\nContent-Type: text/plain\n\nHello\n--b\n${HTML}--b--\n`,
  ],
  [
    'alternative-attachment',
    `${ALTERNATIVE}${PLAIN}--b\nContent-Disposition: attachment\n\nHello\n--b--\n`,
    'Content-Disposition: attachment\n',
    `${MIXED}${PLAIN}--b\nContent-Disposition: attachment\n\nHello\n--b--\n`,
  ],
  [
    'related-without-type',
    `Content-Type: multipart/related; boundary=b\n\n--b\n${HTML}--b--\n`,
    'Content-Type: multipart/related; boundary=b\n',
    `${RELATED}--b\n${HTML}--b--\n`,
  ],
  [
    'related-type-differs',
    `${RELATED}${PLAIN}--b--\n`,
    'Content-Type: multipart/related; type="text/html"; boundary=b\n',
    `${RELATED}--b\n${HTML}--b--\n`,
  ],
  [
    'related-start-unknown',
    `Content-Type: multipart/related; type="text/html"; start="<r@x>"; boundary=b\n\n--b\n${HTML}--b--\n`,
    'Content-Type: multipart/related; type="text/html"; start="<r@x>"; boundary=b\n',
    `Content-Type: multipart/related; type="text/html"; start="<r@x>"; boundary=b\n\n--b\nContent-ID: <r@x>\n${HTML}--b--\n`,
  ],
  [
    'related-unused',
    `${RELATED}--b\n${HTML}${IMAGE}--b--\n`,
    'Content-Type: image/png\nContent-ID: <i@x>\n',
    `${RELATED}--b\nContent-Type: text/html\n\n<img src="cid:i@x">\n${IMAGE}--b--\n`,
  ],
  [
    'cid-unknown',
    `${RELATED}--b\nContent-Type: text/html\n\n<img src="cid:j@x">\n${IMAGE}--b--\n`,
    'cid:j@x',
    `${RELATED}--b\nContent-Type: text/html\n\n<img src="cid:i%40x">\n${IMAGE}--b--\n`,
  ],
  [
    'signed-parts',
    `${SIGNED}${PLAIN}--b--\n`,
    'Content-Type: multipart/signed; micalg=a; protocol="a/b"; boundary=b\n',
    `${SIGNED}${PLAIN}${SIGNATURE}`,
  ],
  [
    'signed-without-protocol',
    `Content-Type: multipart/signed; micalg=a; boundary=b\n\n${PLAIN}${SIGNATURE}`,
    'Content-Type: multipart/signed; micalg=a; boundary=b\n',
    `${SIGNED}${PLAIN}${SIGNATURE}`,
  ],
  [
    'signed-without-micalg',
    `Content-Type: multipart/signed; protocol="a/b"; boundary=b\n\n${PLAIN}${SIGNATURE}`,
    'Content-Type: multipart/signed; protocol="a/b"; boundary=b\n',
    `${SIGNED}${PLAIN}${SIGNATURE}`,
  ],
  [
    'signed-protocol-differs',
    `${SIGNED}${PLAIN}--b\nContent-Type: a/c\n\nxyz\n--b--\n`,
    'Content-Type: multipart/signed; micalg=a; protocol="a/b"; boundary=b\n',
    `${SIGNED}${PLAIN}${SIGNATURE}`,
  ],
  [
    'signed-not-7bit',
    `Content-Transfer-Encoding: 8bit\n${SIGNED}--b\n${UTF8}a\u00c3\u00af\n${SIGNATURE}`,
    '\u00c3',
    `${SIGNED}--b\n${QP}a=C3=AF\n${SIGNATURE}`,
  ],
  [
    'signed-trailing-blank',
    `${SIGNED}--b\n\nHello \n${SIGNATURE}`,
    'Hello ',
    `${SIGNED}--b\n${QP}Hello=20\n${SIGNATURE}`,
  ],
  [
    'signed-from-line',
    `${SIGNED}--b\n\nFrom here\n${SIGNATURE}`,
    'From here',
    `${SIGNED}--b\n\n>From here\n${SIGNATURE}`,
  ],
  [
    'encrypted-without-protocol',
    `Content-Type: multipart/encrypted; boundary=b\n\n${PLAIN}--b--\n`,
    'Content-Type: multipart/encrypted; boundary=b\n',
    `Content-Type: multipart/encrypted; protocol="a/b"; boundary=b\n\n${PLAIN}--b--\n`,
  ],
  [
    'report-without-type',
    `Content-Type: multipart/report; boundary=b\n\n${PLAIN}${STATUS}--b--\n`,
    'Content-Type: multipart/report; boundary=b\n',
    `${REPORT}${PLAIN}${STATUS}--b--\n`,
  ],
  [
    'report-parts',
    `${REPORT}${PLAIN}--b--\n`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n',
    `${REPORT}${PLAIN}${STATUS}--b--\n`,
  ],
  [
    'report-type-differs',
    `${REPORT}${PLAIN}${PLAIN}--b--\n`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n',
    `${REPORT}${PLAIN}${STATUS}--b--\n`,
  ],
  [
    'partial-not-7bit',
    'Content-Type: message/partial; id=a; number=1; total=1\nContent-Transfer-Encoding: 8bit',
    'Content-Transfer-Encoding: 8bit\n',
    'Content-Type: message/partial; id=a; number=1; total=1\nContent-Transfer-Encoding: 7bit',
  ],
  [
    'external-not-7bit',
    'Content-Type: message/external-body; access-type=x-a\nContent-Transfer-Encoding: 8bit',
    'Content-Transfer-Encoding: 8bit\n',
    'Content-Type: message/external-body; access-type=x-a\nContent-Transfer-Encoding: 7bit',
  ],
  ['qp-line-over-76', `${QP}{x*77}\n`, 'x', `${QP}{x*76}\n`],
  ['qp-trailing-blank', `${QP}Hello \n`, ' ', `${QP}Hello=20\n`],
  ['qp-padded-soft-break', `${QP}Hel= \nlo\n`, '=', `${QP}Hel=\nlo\n`],
  ['qp-cut-soft-break', `${QP}Hello=`, '=', `${QP}Hello`],
  ['qp-raw-octet', `${QP}na\u00efve\n`, '\u00ef', `${QP}na=EFve\n`],
  ['qp-bad-escape', `${QP}1+1=2!\n`, '=', `${QP}1+1=3D2!\n`],
  ['qp-lower-case', `${QP}na=c3=afve\n`, '=', `${QP}na=C3=AFve\n`],
  ['base64-line-over-76', `${B64}{AAAA*20}\n`, '{AAAA*20}', `${B64}{AAAA*19}\n`],
  ['base64-character', `${B64}AA*AA\n`, '*', `${B64}AA\nAA\n`],
  ['base64-url-character', `${B64}AA-_\n`, '-', `${B64}AA+/\n`],
  ['base64-after-padding', `${B64}AA==AAAA\n`, 'A', `${B64}AAAAAA==\n`],
  ['base64-stray-padding', `${B64}AAAA=\n`, '=', `${B64}AAA=\n`],
  ['base64-missing-padding', `${B64}AAAAAA`, '', `${B64}AAAAAA==`],
  ['base64-cut', `${B64}AAAAA`, '', `${B64}AAAA`],
  ['base64-stray-bits', `${B64}AB==\n`, '=', `${B64}AA==\n`],
  [
    'base64-line-ends',
    'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYQpiCg==\n',
    'YQpiCg==\n',
    'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYQ0KYg0K\n',
  ],
  [
    'flowed-line-over-78',
    'Content-Type: text/plain; format=flowed\n\n{word *16}\nend\n',
    '{word *16}',
    'Content-Type: text/plain; format=flowed\n\n{word *15}\nend\n',
  ],
  ['html-without-text', HTML.slice(0, -1), 'Content-Type: text/html\n', `${ALTERNATIVE}${PLAIN}--b\n${HTML}--b--\n`],
  ['empty-body', '\n\n', '', '\n\nHello\n'],
  ['list-url-bad', 'List-Help: <help>', 'help', 'List-Help: <mailto:help@x.example>'],
  ['list-url-unbracketed', 'List-Help: https://x.example', 'https://x.example', 'List-Help: <https://x.example>'],
  [
    'list-trailing-text',
    'List-Help: <https://x.example> on the web',
    'on the web',
    'List-Help: <https://x.example> (on the web)',
  ],
  ['list-id-bad', 'List-Id: <news>', 'news', 'List-Id: <news.x.example>'],
  ['list-id-unbracketed', 'List-Id: news', 'news', 'List-Id: News <news.x.example>'],
  [
    'one-click-value',
    `${UNSUBSCRIBE}\nList-Unsubscribe-Post: yes`,
    'List-Unsubscribe-Post: yes\n',
    `${UNSUBSCRIBE}\n${POST}`,
  ],
  ['one-click-without-unsubscribe', POST, `${POST}\n`, `${UNSUBSCRIBE}\n${POST}`],
  [
    'one-click-without-https',
    `List-Unsubscribe: <mailto:u@x.example>\n${POST}`,
    'List-Unsubscribe: <mailto:u@x.example>\n',
    `${UNSUBSCRIBE}, <mailto:u@x.example>\n${POST}`,
  ],
  [
    'one-click-several-urls',
    `${UNSUBSCRIBE}, <https://y.example>\n${POST}`,
    `${UNSUBSCRIBE}, <https://y.example>\n`,
    `${UNSUBSCRIBE}, <mailto:u@x.example>\n${POST}`,
  ],
  [
    'one-click-unsigned',
    `DKIM-Signature: v=1; h=From:List-Unsubscribe; b=a\n${UNSUBSCRIBE}\n${POST}`,
    `${POST}\n`,
    `DKIM-Signature: v=1; h=From:List-Unsubscribe\n :List-Unsubscribe-Post; b=a\n${UNSUBSCRIBE}\n${POST}`,
  ],
  ['no-one-click', UNSUBSCRIBE, `${UNSUBSCRIBE}\n`, `${UNSUBSCRIBE}\n${POST}`],
  [
    'received-clause',
    'Received: hello by x.example; Fri, 21 Nov 1997 09:55:06 -0600',
    'hello',
    'Received: (hello) by x.example; Fri, 21 Nov 1997 09:55:06 -0600',
  ],
  ['received-without-date', 'Received: by x.example', '', 'Received: by x.example; Fri, 21 Nov 1997 09:55:06 -0600'],
  ['finding-limit', '-Date', HEADER, '', { maxFindings: 0 }],
]
