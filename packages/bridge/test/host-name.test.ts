import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDestination, parseDestination } from '../src/protocol/destination.ts'
import { parseHostName } from '../src/protocol/host-name.ts'

const label = (length: number): string => 'a'.repeat(length)
const longest = [label(63), label(63), label(63), label(61)].join('.')

test.each([
  { text: 'smtp.example', expected: 'smtp.example' },
  { text: 'SMTP.Example', expected: 'smtp.example' },
  { text: '3com.example', expected: '3com.example' },
  { text: '1.2.3.4a', expected: '1.2.3.4a' },
  { text: '127.0.0.1.nip.example', expected: '127.0.0.1.nip.example' },
  { text: 'bücher.example', expected: 'xn--bcher-kva.example' },
  { text: 'BÜCHER.example', expected: 'xn--bcher-kva.example' },
  { text: 'xn--bcher-kva.example', expected: 'xn--bcher-kva.example' },
  { text: '例え.テスト', expected: 'xn--r8jz45g.xn--zckzah' },
  // Runtimes differ on whether this is an A-label; it is a name in any case.
  { text: 'XN--a.example', expected: 'xn--a.example' },
  { text: longest, expected: longest },
])('parseHostName: $text [rfc1123 2.1]', ({ text, expected }) => {
  expect(parseHostName(text)).toBe(expected)
})

test.each([
  ...[
    '',
    '.',
    'localhost',
    'smtp',
    'smtp.example.',
    '.example',
    'a..example',
    '-a.example',
    'a-.example',
    '_a.example',
  ],
  ...[`${label(64)}.example`, `${longest}a`, `${'ü'.repeat(63)}.example`],
  // Addresses, in the notations that some resolver or URL takes.
  ...[
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '0x7f.0x1',
    '0X7F.0X1',
    '0177.0.0.1',
    '127.0.0x1',
    '1.0x',
    '2130706433',
    '0x7f000001',
  ],
  ...[
    '[127.0.0.1]',
    '[::1]',
    '::1',
    '::ffff:127.0.0.1',
    '１２７.0.0.1',
    '127。0。0。1',
    '①②⑦.0.0.1',
    'a.1',
    'a.0x1',
    'a.１',
  ],
  // What a URL, a header field or a log gives a meaning to.
  ...[
    'a@b.example',
    'user:pass@b.example',
    'b.example/x',
    'b.example?x',
    'b.example#x',
    'b.example:25',
    'b.example%2e',
  ],
  ...[
    'b.example%00',
    'b\\.example',
    'b example.test',
    ' b.example',
    'b.example ',
    'b.example\n',
    'b\r\n.example',
    'b\0.example',
  ],
  ...[
    'b\t.example',
    'b\u00a0.example',
    'b\u200b.example',
    'b\u00ad.example',
    'b\u202e.example',
    'ｂ.example',
    'b。example',
  ],
  ...['*.example', '*', 'a,b.example', 'a;b.example', 'a|b.example', '<b.example>', 'b\ud800.example'],
])('parseHostName: refuses %j [rfc1123 2.1]', (text) => {
  expect(parseHostName(text)).toBeUndefined()
})

const hostile = fc.string({
  unit: fc.constantFrom(
    ...'aZ09.-@/?#:%\\[]x \t\n',
    '。',
    '．',
    '１',
    'ü',
    '①',
    '\u00ad',
    '\u200d',
    '0x7f',
    '127',
    'xn--',
  ),
})

test('parseHostName: gives only what names nothing but a host, and the same when it is parsed again', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.domain()), (text) => {
      const name = parseHostName(text)
      if (name === undefined) return
      expect(name).toMatch(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/)
      expect(name.length).toBeLessThanOrEqual(253)
      expect(parseHostName(name)).toBe(name)
      if (!name.includes('xn--')) expect(new URL(`http://${name}:25`).hostname).toBe(name)
    }),
    { numRuns: 3000 },
  )
})

test('parseHostName: no notation of an IPv4 address passes', () => {
  const part = (value: number): fc.Arbitrary<string> =>
    fc.constantFrom(`${value}`, `0x${value.toString(16)}`, `0X${value.toString(16)}`, `0${value.toString(8)}`)
  const notation = fc
    .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), fc.constantFrom(1, 2, 3, 4))
    .chain(([a, b, c, d, count]) => {
      const values = [a, b, c, d]
      const last = values.slice(count - 1).reduce((sum, value) => sum * 256 + value, 0)
      return fc.tuple(...[...values.slice(0, count - 1), last].map(part)).map((parts) => parts.join('.'))
    })
  fc.assert(fc.property(notation, (text) => parseHostName(text) === undefined))
})

test.each([
  { text: 'SMTP.example:587', expected: 'smtp.example:587' },
  { text: 'bücher.example:65535', expected: 'xn--bcher-kva.example:65535' },
  { text: `${longest}:65535`, expected: `${longest}:65535` },
])('parseDestination: $text', ({ text, expected }) => {
  expect(formatDestination(parseDestination(text)!)).toBe(expected)
})

test.each([
  ...[
    '',
    ':587',
    'smtp.example',
    'smtp.example:',
    'smtp.example:0',
    'smtp.example:65536',
    'smtp.example:0587',
    'a.example:+25',
  ],
  ...[
    'smtp.example:587:25',
    'smtp.example:587 ',
    'smtp.example:5e2',
    'smtp.example:0x24b',
    '127.0.0.1:587',
    '[::1]:587',
  ],
  ...['localhost:587', 'smtp.example:*', '*:587', 'smtp.example:587\n'],
])('parseDestination: refuses %j', (text) => {
  expect(parseDestination(text)).toBeUndefined()
})

test('parseDestination: what is far too long is refused', () => {
  expect(parseHostName('ü'.repeat(1_000_000))).toBeUndefined()
  expect(parseDestination(`${'a.'.repeat(500_000)}b:25`)).toBeUndefined()
})
