import { encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CharsetDecoder, decodeCharset } from '../src/text/charset-decoder.ts'
import { charsetName } from '../src/text/charset-name.ts'
import { legacyCharsets } from '../src/text/legacy-charsets.ts'

const ALL = Uint8Array.from({ length: 256 }, (_, octet) => octet)
const ASCII = String.fromCharCode(...ALL.subarray(0, 128))

const codes = (bytes: Uint8Array, label: string) => decodeCharset(bytes, label).defects.map(({ code }) => code)

test.each([
  ['ISO-8859-1', 'windows-1252'],
  ['iso_8859-1:1987', 'windows-1252'],
  ['latin-1', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['ISO8859-15', 'iso-8859-15'],
  ['iso-8859-9', 'windows-1254'],
  ['iso-8859-11', 'windows-874'],
  ['tis-620', 'windows-874'],
  ['x-cp1251', 'windows-1251'],
  ['UTF8', 'utf-8'],
  ['utf8mb4', 'utf-8'],
  ['ANSI_X3.4-1968', 'us-ascii'],
  ['gb2312', 'gb18030'],
  ['GBK', 'gb18030'],
  ['cp936', 'gb18030'],
  ['ks_c_5601-1987', 'euc-kr'],
  ['cp949', 'euc-kr'],
  ['x-sjis', 'shift_jis'],
  ['Windows-31J', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['cp950', 'big5'],
  ['big5-hkscs', 'big5'],
  ['cp50220', 'iso-2022-jp'],
  ['iso-8859-8-i', 'iso-8859-8'],
  ['koi8-ru', 'koi8-u'],
  ['utf-7', 'refused'],
  ['unicode-1-1-utf-7', 'refused'],
  ['hz-gb-2312', 'refused'],
  ['iso-2022-kr', 'refused'],
  ['iso-8859-12', undefined],
  ['iso-8859-17', undefined],
  ['cp437', undefined],
  ['__proto__', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('charsetName: %j is %s', (label, name) => {
  expect(charsetName(label)).toBe(name)
})

test.each([
  ['windows-1252', 0x80, '€\u0081‚ƒ„…'],
  ['windows-1253', 0xaa, '\ufffd'],
  ['windows-1255', 0xca, '\u05ba'],
  ['windows-874', 0xdb, '\ufffd\ufffd\ufffd\ufffd฿'],
  ['koi8-u', 0xae, 'ў'],
  ['koi8-u', 0xbe, 'Ў'],
  ['iso-8859-16', 0xa4, '€'],
  ['iso-8859-16', 0x85, '\u0085'],
  ['ibm866', 0x1a, '\u001a\u001b\u001c'],
  ['ibm866', 0x80, 'А'],
])('decodeCharset: %s has its own characters from %d in every runtime', (label, octet, text) => {
  expect(decodeCharset(ALL.subarray(octet, octet + text.length), label).text).toBe(text)
})

test.each([
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-10',
  'windows-1251',
  'windows-1252',
  'koi8-r',
  'koi8-u',
  'macintosh',
  'x-mac-cyrillic',
  'windows-874',
])('decodeCharset: %s has one character for each octet, and US-ASCII below', (label) => {
  const { text, charset } = decodeCharset(ALL, label)
  expect(charset).toBe(label)
  expect(text).toHaveLength(256)
  expect(text.slice(0, 128)).toBe(ASCII)
  expect(new Set(text.replaceAll('\ufffd', '')).size).toBe(text.replaceAll('\ufffd', '').length)
})

test('decodeCharset: what octets above 127 in US-ASCII are is UTF-8', () => {
  expect(decodeCharset(encodeUtf8('\ufeffé😀'), 'us-ascii')).toEqual({
    text: '\ufeffé😀',
    charset: 'utf-8',
    defects: [],
  })
  expect(decodeCharset(Uint8Array.of(0x61, 0xe9), 'us-ascii')).toMatchObject({
    text: 'a\ufffd',
    defects: [{ code: 'malformed-octets', start: 0, end: 2 }],
  })
})

test.each(['utf-7', 'hz-gb-2312', 'iso-2022-kr'])('decodeCharset: %s is refused [security]', (label) => {
  const octets = Uint8Array.of(0x2b, 0x41, 0x44, 0x77, 0x2d, 0xe9)
  const { text, defects } = decodeCharset(octets, label, { decoder: () => () => '<script>' })
  expect(text).toBe('+ADw-\ufffd')
  expect(defects.map(({ code }) => code)).toEqual(['refused-charset', 'malformed-octets'])
})

test('decodeCharset: an unknown charset is UTF-8, or what the caller can decode', () => {
  expect(decodeCharset(encodeUtf8('é'), 'x-none')).toEqual({
    text: 'é',
    charset: 'utf-8',
    defects: [{ code: 'unknown-charset', start: 0, end: 2 }],
  })
  const decoder = (charset: string) => (charset === 'cp437' ? () => 'one' : undefined)
  expect(decodeCharset(encodeUtf8('é'), 'CP437*en', { decoder })).toMatchObject({ charset: 'cp437', defects: [] })
  expect(decodeCharset(encodeUtf8('é'), 'CP850', { decoder }).defects).toHaveLength(1)
})

test('decodeCharset: UTF-16 goes by its byte order mark, and else is big-endian [rfc2781 4.3]', () => {
  expect(decodeCharset(Uint8Array.of(0xff, 0xfe, 0x41, 0), 'utf-16').text).toBe('A')
  expect(decodeCharset(Uint8Array.of(0xfe, 0xff, 0, 0x41), 'utf-16').text).toBe('A')
  expect(decodeCharset(Uint8Array.of(0, 0x41), 'utf-16').text).toBe('A')
  expect(decodeCharset(Uint8Array.of(0x41, 0), 'utf-16le').text).toBe('A')
  expect(decodeCharset(Uint8Array.of(0x41), 'utf-16').text).toBe('\ufffd')
})

test('decodeCharset: the runtime’s decoder is told, unless all is US-ASCII', () => {
  expect(codes(Uint8Array.of(0xb0, 0xa1), 'euc-kr')).toEqual(['runtime-charset'])
  expect(codes(encodeUtf8('abc'), 'euc-kr')).toEqual([])
  expect(decodeCharset(Uint8Array.of(0xb0, 0xa1), 'euc-kr', { decoder: legacyCharsets }).defects).toEqual([])
})

// Octets that runtimes get wrong, and what the Encoding Standard has for them.
test.each([
  ['ks_c_5601-1987', [0x8c, 0x63], '똠'],
  ['euc-kr', [0xb0, 0x41], '캚'],
  ['big5', [0x87, 0x40], '䏰'],
  ['big5', [0x80, 0x41], '\ufffdA'],
  ['big5', [0xf9, 0x3c], '\ufffd<'],
  ['shift_jis', [0xfc, 0x3c], '\ufffd<'],
  ['shift_jis', [0x1a, 0x5c], '\u001a\\'],
  ['euc-jp', [0x8f, 0xa2, 0xb7], '～'],
  ['gbk', [0xa2, 0xe3], '€'],
  ['gb18030', [0x81, 0x30, 0x81, 0x30], '\u0080'],
  ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0x61], '日a'],
])('legacyCharsets: %s has %j as the standard has it', (label, octets, text) => {
  expect(decodeCharset(Uint8Array.from(octets), label, { decoder: legacyCharsets }).text).toBe(text)
})

test.each([
  ['IBM437', [0x80, 0xe1, 0xff], 'Çß\u00a0'],
  ['cp850', [0x9b, 0xd5], 'øı'],
  ['csPC8CodePage437', [0x9b], '¢'],
  ['CSPC850Multilingual', [0xb7], 'À'],
  ['ccsid00858', [0xd5], '€'],
  ['857', [0xd5, 0x41], '\ufffdA'],
  ['cspcp852', [0x85], 'ů'],
])('legacyCharsets: %s has %j as IBM has it', (label, octets, text) => {
  expect(decodeCharset(Uint8Array.from(octets), label, { decoder: legacyCharsets }).text).toBe(text)
  expect(codes(Uint8Array.from(octets), label)).toContain('unknown-charset')
})

test('legacyCharsets: other charsets are not its own', () => {
  for (const name of ['utf-8', 'utf-7', 'windows-1252', 'x-none', 'cp037', 'cp999', '850x', 'constructor'])
    expect(legacyCharsets(name)).toBeUndefined()
})

describe.each([
  'utf-8',
  'us-ascii',
  'utf-16',
  'utf-16le',
  'windows-1252',
  'koi8-r',
  'utf-7',
  'x-none',
  'big5',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'iso-2022-jp',
  'shift_jis',
])('CharsetDecoder', (label) => {
  const octet = fc.oneof(
    fc.constantFrom(0x0a, 0x1b, 0x24, 0x28, 0x42, 0x4a, 0x30, 0x41, 0x81, 0xa1, 0xc3, 0xa9, 0xfe, 0xff, 0xe2, 0x82, 0),
    fc.nat(255),
  )

  test.each([
    ['the library', { decoder: legacyCharsets }],
    ['the runtime', {}],
  ])(`CharsetDecoder: ${label} is the same wherever octets are cut, by %s`, (_, options) => {
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 24 }), fc.array(fc.nat(24)), (octets, cuts) => {
        const bytes = Uint8Array.from(octets)
        const decoder = new CharsetDecoder(label, options)
        let text = ''
        let start = 0
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          text += decoder.push(bytes.subarray(start, cut))
          start = Math.min(cut, bytes.length)
        }
        text += decoder.end()
        const { charset, defects } = decoder
        expect({ text, charset, defects }).toEqual(decodeCharset(bytes, label, options))
      }),
      { numRuns: 300 },
    )
  })
})

test('decodeCharset: no octets are no doubt of octets', () => {
  expect(decodeCharset(new Uint8Array(0), 'big5')).toEqual({ text: '', charset: 'big5', defects: [] })
})
