import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { type Address, decodeWords, formatAddressField, formatParameterField, formatTextField } from '../src/index.ts'
import { readParameters } from './reader.ts'

const unfold = (text: string) => text.replaceAll('\r\n', '')
const linesOf = (text: string) => text.split('\r\n')
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

const BAD_NAMES = ['', 'A:', 'A B', 'Süß', 'A\r\nB', 'A\0', 'a'.repeat(77)]

describe('formatTextField', () => {
  test.each([
    ['plain text', 'Hello', 'Subject: Hello'],
    ['nothing', '', 'Subject:'],
    ['specials', '"a", <b@c>; (d)', 'Subject: "a", <b@c>; (d)'],
    ['other than US-ASCII', 'Anaïs Nin', 'Subject: =?utf-8?Q?Ana=C3=AFs_Nin?='],
    ['a blank at the end', 'aaaa ', 'Subject: =?utf-8?Q?aaaa_?='],
    ['blanks alone', '  ', 'Subject: =?utf-8?Q?__?='],
    ['what is like an encoded word', '=?utf-8?Q?x?=', 'Subject: =?utf-8?B?PT91dGYtOD9RP3g/PQ==?='],
    ['several blanks within', 'a   b', 'Subject: a   b'],
  ])('formatTextField: %s [rfc5322 2.2.1]', (_, value, expected) => {
    expect(formatTextField('Subject', value)).toBe(expected)
  })

  test('formatTextField: long text is folded, the first word on the first line [rfc2047 2]', () => {
    const lines = linesOf(formatTextField('Subject', `Grüße ${'und noch mehr '.repeat(20)}`))
    expect(lines.length).toBeGreaterThan(4)
    expect(lines[0]).toMatch(/^Subject: =\?utf-8\?Q\?.{40,}\?=$/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(76)
  })

  test.each([
    ['a word too long for a line', 'x'.repeat(998)],
    ['blanks too long for a line', `a${' '.repeat(998)}b`],
  ])('formatTextField: %s is encoded [rfc5322 2.1.1]', (_, value) => {
    const field = formatTextField('Subject', value)
    for (const line of linesOf(field)) expect(line.length).toBeLessThanOrEqual(76)
    expect(decodeWords(unfold(field))).toBe(`Subject: ${value}`)
  })

  test('formatTextField: a word that fits a line of 998 octets stays as it is', () => {
    const url = `https://x.example/${'a'.repeat(979)}`
    expect(formatTextField('Comments', url)).toBe(`Comments:\r\n ${url}`)
  })

  test.each(['List-Unsubscribe', 'List-Id', 'Disposition-Notification-To', 'DKIM-Signature', 'Auto-Submitted'])(
    'formatTextField: %s takes US-ASCII alone, as its grammar has no encoded text [rfc2047 5]',
    (name) => {
      const value = '<mailto:a@x.example>, <https://x.example/b>'
      expect(unfold(formatTextField(name, value))).toBe(`${name}: ${value}`)
      for (const bad of ['é', ' a', '=?utf-8?Q?a?=', 'x'.repeat(998)]) {
        expect(failureOf(() => formatTextField(name, bad))).toBe('MIME_BAD_HEADER')
      }
    },
  )

  test.each(BAD_NAMES)('formatTextField: refuses the name %j [rfc5322 2.2]', (name) => {
    expect(failureOf(() => formatTextField(name, 'a'))).toBe('MIME_BAD_HEADER')
  })

  test.each([
    'a\r\nBcc: b',
    'a\rb',
    'a\nb',
    'a\r\n b',
    'é\r\nBcc: b',
    'a\0',
    'a\tb',
    'a\u0085',
    'a\u2028b',
    'a\u2029',
    '\u007f',
  ])('formatTextField: refuses %j [security]', (value) => {
    expect(failureOf(() => formatTextField('Subject', value))).toBe('MIME_BAD_HEADER')
  })

  test('formatTextField: comes back, on lines that are not longer than need be', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', size: 'large' }),
      fc.string({ unit: 'grapheme', size: 'large' }),
      fc.array(fc.constantFrom('a', ' ', '\ud83d', 'x'.repeat(80), 'é')).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(value, (text) => {
        fc.pre(!CONTROLS.test(text))
        const field = formatTextField('Subject', text)
        expect(decodeWords(unfold(field)).replace(/^Subject: ?/, '')).toBe(decodeUtf8(encodeUtf8(text)))
        for (const line of linesOf(field)) if (line.length > 78) expect(line).toMatch(/^( +|Subject: )?[^ ]+$/)
      }),
    )
  })

  test('formatTextField: throws nothing but MailError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        expect(['none', 'MIME_BAD_HEADER']).toContain(failureOf(() => formatTextField(name, value)))
      }),
    )
  })
})

describe('formatAddressField', () => {
  const ada: Address = { name: 'Ada', address: 'ada@example.org' }

  test('formatAddressField: one address and several [rfc5322 3.6.3]', () => {
    expect(formatAddressField('To', [ada])).toBe('To: Ada <ada@example.org>')
    expect(formatAddressField('To', [ada, { address: 'b@x.example' }])).toBe('To: Ada <ada@example.org>, b@x.example')
  })

  test('formatAddressField: many are folded between and never within an address [rfc5322 2.2.3]', () => {
    const field = formatAddressField(
      'To',
      Array.from({ length: 50 }, (_, index) => ({ address: `user${index}@x.example` })),
    )
    for (const line of linesOf(field)) expect(line.length).toBeLessThanOrEqual(78)
    expect(unfold(field)).toBe(`To: ${Array.from({ length: 50 }, (_, index) => `user${index}@x.example`).join(', ')}`)
  })

  test('formatAddressField: the first encoded word stands on the first line [rfc2047 2]', () => {
    const [first, second] = linesOf(formatAddressField('Reply-To', [{ name: 'é'.repeat(30), address: 'a@x.example' }]))
    expect(first).toMatch(/^Reply-To: =\?utf-8\?B\?.{40,}\?=$/)
    expect(first?.length).toBeLessThanOrEqual(76)
    expect(second).toMatch(/^ =\?utf-8\?B\?.*\?= <a@x\.example>$/)
  })

  test('formatAddressField: separators are never encoded, nor names with them [security]', () => {
    const field = formatAddressField('To', [
      { name: 'é, <b@evil.example>', address: 'a@x.example' },
      { name: 'é', address: 'c@x.example' },
    ])
    expect(unfold(field).match(/,/g)).toHaveLength(1)
    expect(unfold(field).match(/</g)).toHaveLength(2)
    expect(unfold(field).match(/@/g)).toHaveLength(2)
  })

  test('formatAddressField: refuses no address, and a name that is none [rfc5322 3.6.3]', () => {
    expect(failureOf(() => formatAddressField('To', []))).toBe('MIME_BAD_HEADER')
    for (const name of BAD_NAMES) expect(failureOf(() => formatAddressField(name, [ada]))).toBe('MIME_BAD_HEADER')
  })

  test('formatAddressField: refuses what formatAddress refuses', () => {
    expect(failureOf(() => formatAddressField('To', [ada, { address: 'b' }]))).toBe('MIME_BAD_ADDRESS')
    expect(failureOf(() => formatAddressField('To', [{ address: 'é@x.example' }]))).toBe('MIME_NEEDS_SMTPUTF8')
    expect(formatAddressField('To', [{ address: 'é@x.example' }], { smtpUtf8: true })).toBe('To: é@x.example')
  })

  test('formatAddressField: a name of any length is folded [rfc5322 2.1.1]', () => {
    for (const name of ['x'.repeat(5000), 'é'.repeat(500), '"'.repeat(200), `${'a '.repeat(90)}b`]) {
      for (const line of linesOf(formatAddressField('From', [{ name, address: 'a@x.example' }]))) {
        if (line.length > 78) expect(line.trim()).not.toContain(' ')
        expect(line.length).toBeLessThanOrEqual(998)
      }
    }
  })
})

describe('formatParameterField', () => {
  const TYPE = 'Content-Type'

  test.each([
    ['no parameter', { value: 'inline' }, 'Content-Type: inline'],
    [
      'one',
      { value: 'text/plain', parameters: [{ name: 'charset', value: 'utf-8' }] },
      'Content-Type: text/plain; charset=utf-8',
    ],
    [
      'a quoted one that is not broken at its blank',
      {
        value: 'application/octet-stream',
        parameters: [{ name: 'name', value: `${'a'.repeat(30)} ${'b'.repeat(20)}` }],
      },
      `Content-Type: application/octet-stream;\r\n name="${'a'.repeat(30)} ${'b'.repeat(20)}"`,
    ],
    [
      'a long type',
      { value: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', parameters: [] },
      'Content-Type:\r\n application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
    [
      'sections, one a line',
      { value: 'attachment', parameters: [{ name: 'filename', value: 'é'.repeat(12) }] },
      `Content-Type: attachment;\r\n filename*0*=utf-8''${'%C3%A9'.repeat(9)};\r\n filename*1*=${'%C3%A9'.repeat(3)}`,
    ],
  ])('formatParameterField: %s [rfc2045 5.1]', (_, content, expected) => {
    expect(formatParameterField(TYPE, content)).toBe(expected)
  })

  test('formatParameterField: encoded words in quotes are broken between words alone [rfc2047 2]', () => {
    const parameters = [
      { name: 'name', value: 'é '.repeat(60), encodedWord: true },
      { name: 'x', value: 'a b' },
    ]
    const field = formatParameterField(TYPE, { value: 'text/plain', parameters })
    for (const line of linesOf(field)) expect(line.length).toBeLessThanOrEqual(76)
    const read = readParameters(unfold(field).slice('Content-Type: '.length)).parameters
    expect(decodeWords(read['name'] ?? '')).toBe('é '.repeat(60))
    expect(read['x']).toBe('a b')
  })

  test.each(['', 'a b', 'text/', 'text/plain; a=b', 'text/plain\r\nBcc: b', 'a/b/c', 'é/b', '=?utf-8?Q?a?='])(
    'formatParameterField: refuses the value %j [security]',
    (value) => {
      expect(failureOf(() => formatParameterField(TYPE, { value }))).toBe('MIME_BAD_HEADER')
    },
  )

  test('formatParameterField: refuses a name that is none, and what formatParameter refuses', () => {
    for (const name of BAD_NAMES)
      expect(failureOf(() => formatParameterField(name, { value: 'a' }))).toBe('MIME_BAD_HEADER')
    const parameters = [{ name: 'a', value: '\r\n' }]
    expect(failureOf(() => formatParameterField(TYPE, { value: 'a', parameters }))).toBe('MIME_BAD_PARAMETER')
  })
})
