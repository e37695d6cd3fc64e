import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeLatin1,
  decodeQuotedPrintable,
  decodeQuotedPrintableBody,
  encodeQuotedPrintable,
  MailError,
  QuotedPrintableDecoder,
} from '../src/index.ts'
import { counting, drive, octets } from './slow.ts'

const a = (count: number): string => 'a'.repeat(count)

interface Row {
  name: string
  body: string
  plain: string
  told?: string
}

// `told` holds each code with its offset, how often it is there, and "!" where receivers differ.
const GRAMMATICAL: Row[] = [
  { name: 'nothing', body: '', plain: '' },
  { name: 'escapes', body: '=C3=BC=0D=0A.=0D', plain: '\xc3\xbc\r\n.\r' },
  { name: 'lines', body: 'a\r\n\r\nb\r\n', plain: 'a\r\n\r\nb\r\n' },
  { name: 'a blank that is escaped', body: 'a=20\r\n', plain: 'a \r\n' },
  { name: 'blanks and a blank that is escaped', body: 'a  =20', plain: 'a   ' },
  { name: 'a soft break', body: 'a=\r\nb', plain: 'ab' },
  { name: 'only a soft break', body: '=\r\n', plain: '' },
  { name: 'a soft break at the end', body: 'a=\r\n', plain: 'a' },
  { name: 'blanks before a soft break', body: 'a =\r\nb', plain: 'a b' },
  { name: 'blanks before a soft break and a line end', body: 'a =\r\n\r\nb', plain: 'a \r\nb' },
  { name: '76 octets', body: `${a(75)}=\r\n${a(76)}`, plain: a(151) },
  { name: 'blanks before a line end', body: 'a \t\r\nb', plain: 'a\r\nb', told: 'QP_TRAILING_BLANK@1x1!' },
  { name: 'blanks at the end', body: 'a=20 \t', plain: 'a ', told: 'QP_TRAILING_BLANK@4x1!' },
  { name: 'lines of blanks', body: ' \r\n \r\n', plain: '\r\n\r\n', told: 'QP_TRAILING_BLANK@0x2!' },
  { name: 'blanks after a soft break', body: 'a=\r\n \r\nb', plain: 'a\r\nb', told: 'QP_TRAILING_BLANK@4x1!' },
  { name: 'a soft break that is padded', body: 'a= \t \r\nb', plain: 'ab', told: 'QP_PADDED_SOFT_BREAK@1x1!' },
]

const DAMAGED: Row[] = [
  { name: 'digits in lower case', body: 'a=c3=bC', plain: 'a\xc3\xbc', told: 'QP_LOWER_CASE@1x2' },
  { name: 'octets over 126', body: 'caf\xe9\x7f', plain: 'caf\xe9\x7f', told: 'QP_RAW_OCTET@3x2' },
  { name: 'a control', body: '\x01a\0', plain: '\x01a\0', told: 'QP_RAW_OCTET@0x2' },
  { name: 'a bare LF', body: 'a\nb', plain: 'a\nb', told: 'QP_BARE_LF@1x1' },
  { name: 'a bare CR', body: 'a\rb', plain: 'a\rb', told: 'QP_BARE_CR@1x1' },
  { name: 'a bare CR at the end', body: 'a\r', plain: 'a\r', told: 'QP_BARE_CR@1x1' },
  { name: 'a CR before CRLF', body: 'a\r\r\n', plain: 'a\r\r\n', told: 'QP_BARE_CR@1x1' },
  { name: 'blanks before a bare CR', body: 'a \r b', plain: 'a \r b', told: 'QP_BARE_CR@2x1' },
  {
    name: 'blanks before a bare LF',
    body: 'a \nb',
    plain: 'a\nb',
    told: 'QP_TRAILING_BLANK@1x1! QP_BARE_LF@2x1',
  },
  { name: 'a soft break by a bare LF', body: 'a=\nb', plain: 'ab', told: 'QP_BARE_LF@2x1' },
  {
    name: 'a padded soft break by a bare LF',
    body: 'a= \nb',
    plain: 'ab',
    told: 'QP_PADDED_SOFT_BREAK@1x1! QP_BARE_LF@3x1',
  },
  { name: 'an equals sign at the end', body: 'a=', plain: 'a', told: 'QP_CUT_SOFT_BREAK@1x1!' },
  {
    name: 'an equals sign and a blank at the end',
    body: 'a= ',
    plain: 'a',
    told: 'QP_PADDED_SOFT_BREAK@1x1! QP_CUT_SOFT_BREAK@1x1!',
  },
  { name: 'an equals sign and no digit', body: 'a=XYb', plain: 'a=XYb', told: 'QP_BAD_ESCAPE@1x1!' },
  { name: 'one digit and a letter', body: '=4Gb', plain: '=4Gb', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'a letter and a digit', body: '=G4b', plain: '=G4b', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'one digit at the end', body: 'ab=4', plain: 'ab=4', told: 'QP_BAD_ESCAPE@2x1!' },
  { name: 'one digit and a line end', body: '=4\r\n1', plain: '=4\r\n1', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'two equals signs', body: 'a==41', plain: 'a=A', told: 'QP_BAD_ESCAPE@1x1!' },
  { name: 'three equals signs', body: '===41', plain: '==A', told: 'QP_BAD_ESCAPE@0x2!' },
  { name: 'an equals sign and a blank', body: 'a= b', plain: 'a= b', told: 'QP_BAD_ESCAPE@1x1!' },
  {
    name: 'an equals sign and a bare CR',
    body: 'a=\rb',
    plain: 'a=\rb',
    told: 'QP_BAD_ESCAPE@1x1! QP_BARE_CR@2x1',
  },
  {
    name: 'octets that are digits but for one bit',
    body: '=\xb1\x01',
    plain: '=\xb1\x01',
    told: 'QP_BAD_ESCAPE@0x1! QP_RAW_OCTET@1x2',
  },
  { name: 'a slash, before the digits', body: '=/1', plain: '=/1', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'a colon, behind the digits', body: '=1:', plain: '=1:', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'an at sign, before the letters', body: '=@1', plain: '=@1', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: 'a backquote, before the small letters', body: '=`1', plain: '=`1', told: 'QP_BAD_ESCAPE@0x1!' },
  { name: '77 octets', body: `b\r\n${a(77)}\r\n`, plain: `b\r\n${a(77)}\r\n`, told: 'QP_LINE_OVER_76@79x1' },
  { name: '77 octets with a soft break', body: `${a(76)}=\r\n`, plain: a(76), told: 'QP_LINE_OVER_76@76x1' },
  { name: '998 octets', body: a(998), plain: a(998), told: 'QP_LINE_OVER_76@76x1' },
  { name: '999 octets', body: a(999), plain: a(999), told: 'QP_LINE_OVER_76@76x1 QP_LINE_OVER_998@998x1' },
]

function told(decoder: Pick<QuotedPrintableDecoder, 'anomalies'>): string {
  return decoder.anomalies
    .map(({ code, offset, count, ambiguous }) => `${code}@${offset}x${count}${ambiguous ? '!' : ''}`)
    .join(' ')
}

function failureOf(decode: () => unknown): string | undefined {
  try {
    decode()
    return undefined
  } catch (error) {
    if (error instanceof MailError) return `${error.code}@${error.offset}`
    throw error
  }
}

describe.each([1, 3, Number.POSITIVE_INFINITY])('fed %s octet(s) at a time', (size) => {
  test.each([...GRAMMATICAL, ...DAMAGED])('QuotedPrintableDecoder: $name [rfc2045 6.7]', (row) => {
    const decoder = new QuotedPrintableDecoder()
    expect(decodeLatin1(drive(decoder, octets(row.body), size))).toBe(row.plain)
    expect(told(decoder)).toBe(row.told ?? '')
  })

  test.each(GRAMMATICAL)('QuotedPrintableDecoder: strict, takes $name [rfc2045 6.7]', (row) => {
    const decoder = new QuotedPrintableDecoder({ strict: true })
    expect(decodeLatin1(drive(decoder, octets(row.body), size))).toBe(row.plain)
  })

  test.each(DAMAGED)('QuotedPrintableDecoder: strict, refuses $name [rfc2045 6.7]', ({ body, told: all = '' }) => {
    const decoder = new QuotedPrintableDecoder({ strict: true })
    const first = all
      .replaceAll(/x\d+!?/g, '')
      .split(' ')
      .find((one) => !/TRAILING|PADDED/.test(one))
    expect(failureOf(() => drive(decoder, octets(body), size))).toBe(first)
  })
})

test('decodeQuotedPrintable: an error tells why, and shows nothing of the body', () => {
  expect(() => decodeQuotedPrintable(octets('secret=\xff'))).toThrow(
    'Cannot decode quoted-printable: "=" is not escaped',
  )
})

const piece = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\r',
    '\n',
    ' ',
    '\t',
    '=',
    '=4',
    '=41',
    '=e9',
    '=\r\n',
    'a',
    'a'.repeat(70),
    ' '.repeat(600),
  ),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
)
const body = fc.array(piece, { maxLength: 40, size: 'max' }).map((pieces) => pieces.join(''))

test('QuotedPrintableDecoder: gives the same however the body is split [rfc2045 6.7]', () => {
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 700 }), (text, size) => {
      const whole = decodeQuotedPrintableBody(octets(text))
      const decoder = new QuotedPrintableDecoder()
      expect(decodeLatin1(drive(decoder, octets(text), size))).toBe(decodeLatin1(whole.bytes))
      expect(decoder.anomalies).toEqual(whole.anomalies)
    }),
    { numRuns: 2000 },
  )
})

test('decodeQuotedPrintable: takes what has no anomaly, and gives the same [rfc2045 6.7]', () => {
  fc.assert(
    fc.property(body, (text) => {
      const { bytes, anomalies } = decodeQuotedPrintableBody(octets(text))
      const faults = anomalies.filter(({ code }) => !/TRAILING|PADDED/.test(code))
      if (faults.length === 0) expect(decodeQuotedPrintable(octets(text))).toEqual(bytes)
      else expect(failureOf(() => decodeQuotedPrintable(octets(text)))).toMatch(/^(QP_\w+)@\d+$/)
    }),
    { numRuns: 1000 },
  )
})

test('decodeQuotedPrintableBody: text that was encoded has no anomaly [rfc2045 6.7]', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), fc.boolean(), (plain, binary) => {
      const { bytes, anomalies } = decodeQuotedPrintableBody(encodeQuotedPrintable(plain, { binary }))
      expect(bytes).toEqual(plain)
      expect(anomalies).toEqual([])
    }),
  )
})

describe('blanks without end', () => {
  const long = ' '.repeat(999)

  test.each([
    { name: 'are padding up to the longest line', body: `a${long.slice(1)}\r\nb`, plain: 'a\r\nb' },
    { name: 'are kept beyond it', body: `a${long}\r\nb`, plain: `a${long}\r\nb` },
    { name: 'make no soft break', body: `a=${long}\r\nb`, plain: `a=${long}\r\nb` },
    { name: 'are kept at the end', body: `a${long}`, plain: `a${long}` },
  ])('QuotedPrintableDecoder: blanks $name', ({ body, plain }) => {
    for (const size of [1, 500, 998, 999, 1000, 5000]) {
      expect(decodeLatin1(drive(new QuotedPrintableDecoder(), octets(body), size))).toBe(plain)
    }
  })

  test('QuotedPrintableDecoder: keeps back no more than a line of them', () => {
    const decoder = new QuotedPrintableDecoder()
    let given = 0
    for (let count = 0; count < 100; count++) given += decoder.push(octets(' '.repeat(100))).length
    expect(given).toBe(10_000)
  })
})

test.each([
  { name: 'blanks alone', unit: ' ' },
  { name: 'blanks in lines', unit: ' \r\n' },
  { name: 'padded soft breaks', unit: '= \t\r\n' },
  { name: 'equals signs', unit: '=' },
  { name: 'equals signs and blanks', unit: '= ' },
  { name: 'escapes', unit: '=41' },
  { name: 'escapes in lower case', unit: '=ee' },
  { name: 'bare CR', unit: ' \r' },
  { name: 'a blank and a letter', unit: ' a' },
])('decodeQuotedPrintableBody: looks at each octet a few times, for $name', ({ unit }) => {
  const { proxy, reads } = counting(octets(unit.repeat(3000)))
  decodeQuotedPrintableBody(proxy)
  expect(reads()).toBeLessThan(12 * proxy.length)
})
