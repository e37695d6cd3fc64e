import { decodeLatin1, encodeLatin1 } from '@posthorn/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type DefectCode,
  LINT_RULES,
  type LintFinding,
  type LintOptions,
  type LintRule,
  lintMessage,
  parseMessage,
} from '../src/index.ts'
import { VALUE_RULES } from '../src/lint/defects.ts'
import { HEADER, messageOf, octetsOf, SAMPLES } from './lint-samples.ts'

const rulesOf = (findings: readonly LintFinding[]): LintRule[] => findings.map(({ rule }) => rule)
const lint = (sample: string, options?: LintOptions): LintFinding[] => lintMessage(messageOf(sample), options)

describe('lintMessage: each rule', () => {
  test('has a sample, and no sample is of no rule', () => {
    expect(SAMPLES.map(([rule]) => rule)).toEqual(Object.keys(LINT_RULES))
  })

  test.for(SAMPLES)('%s is told in its place', ([rule, fires, at, , options]) => {
    const octets = messageOf(fires)
    const findings = lintMessage(octets, options)
    const found = findings.find((one) => one.rule === rule)
    expect(rulesOf(findings)).toContain(rule)
    const told = decodeLatin1(octets.subarray(found!.start, found!.end))
    const header = decodeLatin1(octets).split('\r\n\r\n')[0]
    expect(told).toBe(at === HEADER ? `${header}\r\n` : decodeLatin1(octetsOf(at)))
    expect(found).toMatchObject(LINT_RULES[rule])
  })

  test.for(SAMPLES)('%s is not told of what is right', ([rule, , , spares, options]) => {
    expect(rulesOf(lint(spares, options))).not.toContain(rule)
  })

  test.for(SAMPLES)('%s can be off, and of another severity', ([rule, fires, , , options]) => {
    expect(rulesOf(lint(fires, { ...options, rules: { [rule]: 'off' } }))).not.toContain(rule)
    const findings = lint(fires, { ...options, rules: { [rule]: 'notice' } })
    expect(findings.filter((one) => one.rule === rule).map(({ severity }) => severity)).toContain('notice')
  })
})

test('lintMessage: says nothing of a plain message', () => {
  expect(lint('Subject: Hi')).toEqual([])
})

test('lintMessage: finds little in what large hosts deliver', () => {
  const text = `Delivered-To: bob@example.net
Received: by 2002:a05:7000:1 with SMTP id k8csp1; Thu, 23 Oct 2025 01:02:03 -0700 (PDT)
X-Received: by 2002:a17:902:2 with SMTP id d4mr1.1.1; Thu, 23 Oct 2025 01:02:03 -0700 (PDT)
ARC-Seal: i=1; a=rsa-sha256; t=1761206523; cv=none; d=example.com; s=arc-1;
        b=AbCd+/EfGh==
Return-Path: <bounce+1=bob=example.net@mail.example.org>
Received: from o1.mail.example.org (o1.mail.example.org. [192.0.2.25])
        by mx.example.com with ESMTPS id a1-2si3.4.2025.10.23.01.02.03
        for <bob@example.net>
        (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);
        Thu, 23 Oct 2025 01:02:03 -0700 (PDT)
Received-SPF: pass (example.com: domain of bounce@mail.example.org designates 192.0.2.25 as permitted sender)
        client-ip=192.0.2.25;
Authentication-Results: mx.example.com;
       dkim=pass header.i=@example.org header.s=s1 header.b="AbCdEfGh";
       spf=pass smtp.mailfrom="bounce+1=bob=example.net@mail.example.org"
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;
	h=content-type:from:mime-version:subject:list-unsubscribe:
	list-unsubscribe-post:to:cc; s=s1; bh=AbC=; b=AbCdEfGh+/==
Received: by filter01 with SMTP id f1-2 2025-10-23 08:02:02.1 +0000 UTC m=+1; Thu, 23 Oct 2025 08:02:02 +0000 (UTC)
Content-Type: multipart/alternative; boundary="=_1-2_3.4"
Date: Thu, 23 Oct 2025 08:02:02 +0000 (UTC)
From: =?UTF-8?B?w4ljb2xl?= News <news@example.org>
Mime-Version: 1.0
Message-ID: <AbC_d-E.f1@geopod-1>
Subject: =?UTF-8?Q?Votre_lettre_d=E2=80=99octobre?=
Reply-To: news@example.org
List-Unsubscribe: <mailto:u@example.org?subject=leave>,
 <https://u.example.org/l?t=a%2Bb>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
X-SG-EID: =?us-ascii?Q?AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMn?=
 =?us-ascii?Q?AbCdEfGhIj?=
To: "bob@example.net" <bob@example.net>

--=_1-2_3.4
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain; charset=utf-8
Mime-Version: 1.0

Bonjour =C3=A0 tous
--=_1-2_3.4
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset=utf-8

<p>Bonjour =C3=A0 tous</p>
--=_1-2_3.4--
`
  const findings = lintMessage(text.replaceAll('\n', '\r\n'))
  expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
    'warning header-line-over-78',
    'notice return-path-below',
    'notice mime-version-in-part',
  ])
})

describe('lintMessage: places', () => {
  const placed = (octets: Uint8Array, rule: LintRule): string | undefined => {
    const found = lintMessage(octets).find((one) => one.rule === rule)
    return found && decodeLatin1(octets.subarray(found.start, found.end))
  }

  test.each([
    ['in a folded field', 'To: a@x.example,\n\t b@x.example,\n  root', 'root'],
    ['over a fold', 'Message-ID: <1\n @x.example>', '1\r\n @x.example'],
    ['behind a fold that comes first', 'Date:\n yesterday', 'yesterday'],
    ['behind UTF-8', 'Subject: \u00c3\u00af \u00f0\u009f\u0093\u00ab a=?utf-8?Q?b?=', '=?utf-8?Q?b?='],
    ['behind octets that are no UTF-8', 'Subject: \u00ef a=?utf-8?Q?b?=', '=?utf-8?Q?b?='],
    ['behind blanks beyond US-ASCII', 'Subject: \u00e3\u0080\u0080a=?utf-8?Q?b?=', '=?utf-8?Q?b?='],
    ['in a comment', 'To: (\u00c3\u00af a=?utf-8?Q?b?=) b@x.example', '=?utf-8?Q?b?='],
  ])('%s', (_, sample, expected) => {
    const rules: LintRule[] = ['word-spacing', 'date-bad', 'id-obsolete-spacing', 'address-missing-domain']
    expect(rules.map((rule) => placed(messageOf(sample), rule)).find((text) => text !== undefined)).toBe(expected)
  })

  test.each(['␍', '␊', '\n'])('are of the octets given, whatever ends lines: %j', (end) => {
    const text = 'Date: Fri,\n 21 Nov 1997 25:00 +0000\nFrom: root\nSubject: a=?utf-8?Q?b?=\n\nHi\n'
    const octets = octetsOf(text.replaceAll('\n', end))
    expect(placed(octets, 'address-missing-domain')).toBe('root')
    expect(placed(octets, 'word-spacing')).toBe('=?utf-8?Q?b?=')
    expect(placed(octets, 'date-bad')).toBe(decodeLatin1(octetsOf(`Fri,${end} 21 Nov 1997 25:00 +0000`)))
  })

  test('name the part and the field', () => {
    const sample = 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n--b\ncontent-id: 1\n\nb\n--b--\n'
    expect(lint(sample)).toMatchObject([
      { rule: 'id-missing-brackets', path: '1.2', field: 'content-id' },
      { rule: 'content-id-without-domain' },
    ])
  })
})

describe('lintMessage: what it gives', () => {
  test('is the same for octets, text and a message that was parsed, and passes through JSON', () => {
    const octets = messageOf('To: root\nSubject: a=?utf-8?Q?b?=')
    const findings = lintMessage(octets)
    expect(lintMessage(decodeLatin1(octets))).toEqual(findings)
    expect(lintMessage(parseMessage(octets))).toEqual(findings)
    expect(JSON.parse(JSON.stringify(findings))).toEqual(findings)
  })

  test('has the other reading', () => {
    expect(lint('Content-Disposition: attachment; filename=my a.txt')).toMatchObject([
      { rule: 'parameter-unquoted', other: 'my' },
    ])
  })

  test('counts lines and octets of one kind, in the place of the first', () => {
    const octets = messageOf('\n\n{a␊*300}b')
    const at = octets.indexOf(10, octets.length - 601)
    expect(lintMessage(octets)).toMatchObject([{ rule: 'bare-lf', count: 300, start: at, end: at + 1 }])
  })

  test('is in the order of the octets', () => {
    const found = lint('Cc: root\nDate: yesterday\nContent-Type: text/html; charset=x-none\n\n\u00ef{x*999}\n')
    const starts = found.map(({ start }) => start)
    expect(starts).toEqual([...starts].sort((a, b) => a - b))
    expect(found.length).toBeGreaterThan(5)
  })

  test('has no more than so many, and tells that there are', () => {
    const sample = `To: ${'root, '.repeat(50)}a@x.example`
    expect(lint(sample).length).toBe(51)
    expect(rulesOf(lint(sample, { maxFindings: 3 }))).toEqual([
      'header-line-over-78',
      'address-missing-domain',
      'address-missing-domain',
      'finding-limit',
    ])
    expect(lint(sample, { maxFindings: 3, rules: { 'finding-limit': 'off' } }).length).toBe(3)
  })

  test('leaves the content of bodies alone when it is told to', () => {
    const sample = 'Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: base64\n\n*\n'
    expect(rulesOf(lint(sample))).toEqual(['charset-unknown', 'base64-character'])
    expect(rulesOf(lint(sample, { content: false }))).toEqual([])
  })

  test('knows the charsets that are given', () => {
    const sample = 'Content-Type: text/plain; charset=x-mine\nSubject: =?x-mine?Q?a?='
    expect(rulesOf(lint(sample))).toEqual(['charset-unknown', 'word-charset'])
    expect(lint(sample, { decoder: () => (bytes) => decodeLatin1(bytes) })).toEqual([])
  })
})

describe('lintMessage: every defect has a rule', () => {
  // What breaks no rule, or is told with the octets it is about.
  const UNTOLD: Readonly<Partial<Record<DefectCode, string>>> = {
    'bare-line-break': 'the lines of the header tell it, as bare-cr and bare-lf',
    'runtime-charset': 'it is about the runtime, and not about the message',
  }
  // The compiler sees to it that none is left out.
  const CODES = {
    'address-in-name': 0,
    'address-limit': 0,
    'bad-address': 0,
    'bad-base64': 0,
    'bad-boundary': 0,
    'bad-clause': 0,
    'bad-date': 0,
    'bad-domain': 0,
    'bad-encoding': 0,
    'bad-escape': 0,
    'bad-id': 0,
    'bad-parameter': 0,
    'bad-parameter-name': 0,
    'bad-type': 0,
    'bad-url': 0,
    'bare-line-break': 0,
    'blank-in-word': 0,
    'character-in-word': 0,
    'clause-limit': 0,
    'comment-in-value': 0,
    'control-character': 0,
    'deep-comment': 0,
    'defect-limit': 0,
    'doubled-brackets': 0,
    'duplicate-clause': 0,
    'duplicate-parameter': 0,
    'empty-entry': 0,
    'empty-parameter': 0,
    'empty-value': 0,
    'encoded-address': 0,
    'encoded-in-quotes': 0,
    'encoded-local-part': 0,
    'encoded-word-in-parameter': 0,
    'id-limit': 0,
    'long-word': 0,
    'malformed-octets': 0,
    'missing-boundary': 0,
    'missing-brackets': 0,
    'missing-charset': 0,
    'missing-comma': 0,
    'missing-date': 0,
    'missing-domain': 0,
    'missing-semicolon': 0,
    'missing-time': 0,
    'missing-zone': 0,
    'name-in-comment': 0,
    'nested-group': 0,
    'obsolete-spacing': 0,
    'obsolete-year': 0,
    'obsolete-zone': 0,
    'odd-date': 0,
    'odd-escape': 0,
    'parameter-limit': 0,
    'quoted-at': 0,
    'quoted-extended-value': 0,
    'refused-charset': 0,
    'runtime-charset': 0,
    'section-gap': 0,
    'section-limit': 0,
    'single-quoted': 0,
    'source-route': 0,
    'stray-character': 0,
    'stray-dot': 0,
    'trailing-text': 0,
    'two-forms': 0,
    'unclosed-bracket': 0,
    'unclosed-comment': 0,
    'unclosed-group': 0,
    'unclosed-literal': 0,
    'unclosed-quoted-string': 0,
    'unclosed-value': 0,
    'unclosed-word': 0,
    'unknown-charset': 0,
    'unknown-zone': 0,
    'unopened-group': 0,
    'unquoted-value': 0,
    'url-limit': 0,
    'utf8-in-token': 0,
    'word-limit': 0,
    'word-spacing': 0,
    'wrong-day': 0,
  } satisfies Readonly<Record<DefectCode, 0>>

  test('or a reason for having none', () => {
    const told = new Set(Object.values(VALUE_RULES).flatMap((rules) => Object.keys(rules)))
    expect(Object.keys(CODES).filter((code) => !told.has(code))).toEqual(Object.keys(UNTOLD))
  })
})

test('lintMessage: any mixture of what breaks rules is looked at, and each finding lies within it', () => {
  const sources = SAMPLES.map(([, fires]) => decodeLatin1(messageOf(fires))).filter((text) => text.length < 2000)
  const piece = fc
    .tuple(fc.constantFrom(...sources), fc.nat(), fc.nat())
    .map(([text, a, b]) => text.slice(a % text.length, (b % text.length) + 1) || text)
  const options: fc.Arbitrary<LintOptions> = fc.record({
    encoding: fc.constantFrom('7bit', '8bit', 'binary'),
    smtpUtf8: fc.boolean(),
    content: fc.boolean(),
    maxFindings: fc.constantFrom(1, 1000),
  })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), options, (pieces, how) => {
      const octets = encodeLatin1(pieces.join(''))
      const message = parseMessage(octets)
      const findings = lintMessage(octets, how)
      expect(lintMessage(message, how)).toEqual(findings)
      let last = 0
      for (const { rule, path, start, end } of findings) {
        expect(message.find(path), rule).toBeDefined()
        expect(start <= end && end <= octets.length, `${rule} of ${start} to ${end}`).toBe(true)
        if (rule !== 'finding-limit') expect(start).toBeGreaterThanOrEqual(last)
        last = start
      }
    }),
    { numRuns: 1000 },
  )
})

// Inputs that stop, or blow up, readers that are not careful.
describe('lintMessage: hostile input is looked at within limits', () => {
  const HOSTILE: readonly (readonly [name: string, text: (size: number) => string])[] = [
    ['one line', (size) => `A: b\r\n\r\n${'x'.repeat(size)}`],
    ['empty lines', (size) => `A: b\r\n\r\n${'\n'.repeat(size)}`],
    ['NUL', (size) => `A: b\r\n\r\n${'\0'.repeat(size)}`],
    ['CR', (size) => `A: b\r\n\r\n${'\r'.repeat(size)}`],
    ['nothing but CR', (size) => '\r'.repeat(size)],
    ['octets above 127', (size) => `A: b\r\n\r\n${'\xe9'.repeat(size)}`],
    ['lines that are no fields', (size) => 'x\n'.repeat(size / 2)],
    ['fields', (size) => 'a:\n'.repeat(size / 3)],
    ['folds', (size) => `Subject: ${'\r\n a'.repeat(size / 4)}`],
    ['words', (size) => `Subject: ${'=?utf-8?q?a?= '.repeat(size / 14)}`],
    ['words of half a character', (size) => `Subject: ${'=?utf-8?q?=C3?= '.repeat(size / 16)}`],
    ['words that do not end', (size) => `Subject: ${'=?a?q?'.repeat(size / 6)}`],
    ['words in quotes and comments', (size) => `To: ${'"=?utf-8?q?a?="(=?utf-8?q?b?=)'.repeat(size / 30)}`],
    ['groups', (size) => `To: ${'a:'.repeat(size / 2)}`],
    ['dots in names', (size) => `To: ${'a.'.repeat(size / 2)} <a@b>`],
    [
      'brackets',
      (size) => `To: ${'<'.repeat(size)}\r\nMessage-ID: ${'<'.repeat(size)}\r\nList-Help: ${'<'.repeat(size)}`,
    ],
    ['parentheses', (size) => `To: ${'('.repeat(size)}\r\nMIME-Version: ${'('.repeat(size)}`],
    ['parameters', (size) => `Content-Type: a/b${';a=b'.repeat(size / 4)}`],
    ['text among parameters', (size) => `Content-Type: a/b${';a="b" c'.repeat(size / 8)}`],
    [
      'sections',
      (size) => `Content-Type: a/b${Array.from({ length: size / 10 }, (_, at) => `;a*${at}*=%C3`).join('')}`,
    ],
    ['an escaped value', (size) => `Content-Disposition: a; filename*=utf-8''${'%C3'.repeat(size / 3)}`],
    ['Content-IDs', (size) => `Content-Type: text/html\r\n\r\n${' cid:a@b '.repeat(size / 9)}`],
    ['escapes in a cid', (size) => `Content-Type: text/html\r\n\r\n"cid:${'%'.repeat(size)}`],
    ['quoted-printable', (size) => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'= '.repeat(size / 2)}`],
    ['padding', (size) => `Content-Transfer-Encoding: base64\r\n\r\n${'A=='.repeat(size / 3)}`],
    ['flowed lines', (size) => `Content-Type: text/plain; format=flowed\r\n\r\n${'> \r\n'.repeat(size / 4)}`],
    ['parts', (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(size / 7)}`],
    [
      'parts behind the end',
      (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b--\r\n${'--b\r\n\r\n'.repeat(size / 7)}`,
    ],
    [
      'headers in a preamble',
      (size) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'content-'.repeat(size / 8)}\r\n--b\r\n`,
    ],
    [
      'a signed part',
      (size) => `Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n${'From \r\n'.repeat(size / 7)}--b--`,
    ],
    [
      'multiparts',
      (size) =>
        Array.from(
          { length: size / 60 },
          (_, at) => `Content-Type: multipart/signed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
        ).join(''),
    ],
    ['messages', (size) => 'Content-Type: message/rfc822\r\n\r\n'.repeat(size / 32)],
    ['Received', (size) => `Received: ${'from a '.repeat(size / 7)}`],
    ['Resent blocks', (size) => 'Resent-To: a\r\n'.repeat(size / 14)],
    ['signatures', (size) => `List-Unsubscribe-Post: a\r\n${'DKIM-Signature: h=a\r\n'.repeat(size / 21)}`],
  ]

  test.for(HOSTILE)('%s', ([, text]) => {
    const octets = encodeLatin1(text(300_000))
    const findings = lintMessage(octets)
    expect(findings.length).toBeLessThanOrEqual(1001)
    for (const { start, end } of findings) expect(start >= 0 && start <= end && end <= octets.length).toBe(true)
  })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  // What is searched and copied grows as the message does.
  test.for(HOSTILE)('the work on %s is linear', ([, text]) => {
    const [one, two] = [10_000, 20_000].map((size) => workOf(encodeLatin1(text(size))))
    expect(two).toBeLessThanOrEqual(2.2 * one! + 4000)
  })
})

// How many octets are searched by LF, turned into text, and looked at one by one by the checks of lines.
function workOf(octets: Uint8Array): number {
  let work = 0
  const { indexOf } = Uint8Array.prototype
  vi.spyOn(Uint8Array.prototype, 'indexOf').mockImplementation(function (this: Uint8Array, ...args: unknown[]) {
    const found = indexOf.apply(this, args as [number, number])
    work += (found < 0 ? this.length : found) - Math.min(this.length, Number(args[1] ?? 0)) + 1
    return found
  })
  const { decode } = TextDecoder.prototype
  vi.spyOn(TextDecoder.prototype, 'decode').mockImplementation(function (
    this: InstanceType<typeof TextDecoder>,
    ...args: unknown[]
  ) {
    work += (args[0] as Uint8Array | undefined)?.length ?? 0
    return decode.apply(this, args as [Uint8Array])
  })
  const { slice, replace } = String.prototype
  vi.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, ...args: unknown[]) {
    const piece = slice.apply(this, args as [number, number])
    work += piece.length
    return piece
  })
  vi.spyOn(String.prototype, 'replace').mockImplementation(function (this: string, ...args: unknown[]) {
    work += this.length
    return (replace as (...all: unknown[]) => string).apply(this, args)
  })
  lintMessage(octets)
  vi.restoreAllMocks()
  return work
}
