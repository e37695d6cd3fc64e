import { decodeBase64, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { decodeWords, encodeWords } from '../src/index.ts'

const wellFormed = (text: string) => decodeUtf8(encodeUtf8(text))
const printable = fc
  .string({ unit: 'binary', size: 'medium' })
  .map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '=?'))
const withSurrogates = fc
  .array(fc.constantFrom('a', ' ', '_', '\ud83d', '\ude00', '=?', '?=', 'é', '字'))
  .map((all) => all.join(''))
const anyText = fc.oneof(printable, withSurrogates, fc.string({ unit: 'grapheme' }))

// RFC 2047 section 2, as a pattern of its own: the word, its encoding and its text.
const WORD = /^=\?utf-8\?([BQ])\?([!->@-~]+)\?=$/

// Decodes one word alone, which works only when no character was split.
function decodeAlone(word: string): string {
  const [, encoding, text = ''] = WORD.exec(word) ?? []
  if (encoding === 'B') return new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64(text))
  const octets = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  const bytes = Uint8Array.from(octets, (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

describe('decodeWords', () => {
  test.each([
    ['(=?ISO-8859-1?Q?a?=)', '(a)'],
    ['(=?ISO-8859-1?Q?a?= b)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a_b?=)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)', '(a b)'],
    ['=?US-ASCII?Q?Keith_Moore?=', 'Keith Moore'],
    ['=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=', 'Keld Jørn Simonsen'],
    ['=?ISO-8859-1?Q?Andr=E9?= Pirard', 'André Pirard'],
    [
      '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
      'If you can read this you understand the example.',
    ],
    ['=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=', 'Patrik Fältström'],
    ['=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=', 'םולש ןב ילטפנ'],
  ])('decodeWords: %j [rfc2047 8]', (encoded, expected) => {
    expect(decodeWords(encoded)).toBe(expected)
  })

  test.each([
    ['the charset in any case [rfc2047 2]', '=?UTF-8?q?=c3=a9?=', 'é'],
    ['a language [rfc2231 5]', '=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
    ['blanks beside plain text [rfc2047 6.2]', 'a =?utf-8?Q?b?= c', 'a b c'],
    ['neighbours in B and Q [rfc2047 6.2]', '=?utf-8?B?YQ==?= =?utf-8?Q?b?=', 'ab'],
    ['neighbours of two charsets [rfc2047 6.2]', '=?utf-8?Q?=C3=A9?= =?iso-8859-1?Q?=E9?=', 'éé'],
    ['a character cut in two words [tolerated]', '=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
    ['a character cut in words of B and Q [tolerated]', '=?utf-8?Q?=E2=82?= =?UTF-8?B?rA==?=', '€'],
    ['words without a blank between [tolerated]', '=?utf-8?Q?a?==?utf-8?Q?b?=', 'ab'],
    ['words that touch text [tolerated]', 'a=?utf-8?Q?b?=c', 'abc'],
    ['a blank in Q [tolerated]', '=?utf-8?Q?a b?=', 'a b'],
    ['a blank in B [tolerated]', '=?utf-8?B?YW Jj?=', 'abc'],
    ['no padding [tolerated]', '=?utf-8?B?YWI?=', 'ab'],
    ['padding within [tolerated]', '=?utf-8?B?YQ==Yg==?=', 'ab'],
    ['a lone Base64 character [tolerated]', '=?utf-8?B?YWJjZ?=', 'abc'],
    ['stray bits [tolerated]', '=?utf-8?B?YR==?=', 'a'],
    ['an escape that is none [tolerated]', '=?utf-8?Q?100=_=Z1=4?=', '100= =Z1=4'],
    ['other than US-ASCII in Q [tolerated]', '=?utf-8?Q?é?=', 'é'],
    ['an empty text [tolerated]', 'a =?utf-8?Q??= b', 'a  b'],
    ['UTF-8 labelled US-ASCII [tolerated]', '=?us-ascii?Q?=C3=A9?=', 'é'],
    ['windows-1252 labelled ISO-8859-1 [tolerated]', '=?iso-8859-1?Q?=93a=94=80?=', '“a”€'],
    ['octets that are not of the charset [rfc2047 6.3]', '=?utf-8?Q?a=FFb?=', 'a\ufffdb'],
    ['an unknown charset [rfc2047 6.2]', '=?x-none?Q?a?= =?x-none?Q?b?=', '=?x-none?Q?a?= =?x-none?Q?b?='],
    [
      'an unknown charset beside a known [rfc2047 6.2]',
      '=?utf-8?Q?a?= =?x-none?Q?b?= =?utf-8?Q?c?=',
      'a =?x-none?Q?b?= c',
    ],
    ['an unknown encoding [rfc2047 4]', '=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['UTF-7, which no runtime may decode [security]', '=?utf-7?Q?+ADw-?=', '=?utf-7?Q?+ADw-?='],
    ['what only begins like a word [rfc2047 2]', '=?utf-8?Q?a', '=?utf-8?Q?a'],
    ['a charset with a blank [rfc2047 2]', '=?utf 8?Q?a?=', '=?utf 8?Q?a?='],
    ['plain text [rfc2047 6.2]', 'a = b? =', 'a = b? ='],
    ['ISO-2022-JP [rfc1468]', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['koi8-r [rfc1489]', '=?koi8-r?B?8NLJ18XU?=', 'Привет'],
  ])('decodeWords: %s', (_, encoded, expected) => {
    expect(decodeWords(encoded)).toBe(expected)
  })

  test.each(['=0D=0ABcc:_b', '=00', '=09', '=7F', '=C2=85', '=E2=80=A8'])(
    'decodeWords: a control character that hides in a word is a blank, %s [security]',
    (hidden) => {
      expect(decodeWords(`=?utf-8?Q?a${hidden}?=`)).toMatch(/^a +(Bcc: b)?$/)
    },
  )

  test('decodeWords: structure that hides in a word is text only once [security]', () => {
    expect(decodeWords('=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=')).toBe('=?utf-8?Q?a?=')
  })

  test('decodeWords: any text is decoded', () => {
    const piece = fc.constantFrom('=?', '?=', '?', 'utf-8', 'x', 'Q', 'B', '=', '=C3', ' ', 'YQ', '*', '\r\n', 'é')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((all) => all.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(typeof decodeWords(text)).toBe('string')
        },
      ),
    )
  })

  test.each(['=?', '=?a?q?', '=?a?q?b', '=?utf-8?Q?a?= ', '=?utf-8?B?=', ' ', '=?a', '?='])(
    'decodeWords: takes a megabyte of %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
      expect(decodeWords(text).length).toBeGreaterThan(50_000)
      expect(decodeWords(`=?utf-8?Q?${text}`).length).toBeGreaterThan(50_000)
    },
  )
})

describe('encodeWords', () => {
  test.each([
    ['plain text', 'Hello, "World" <a@b>', 'Hello, "World" <a@b>'],
    ['nothing', '', ''],
    ['Q where it is shorter', 'Anaïs Nin', '=?utf-8?Q?Ana=C3=AFs_Nin?='],
    ['B where it is shorter', 'Привет', '=?utf-8?B?0J/RgNC40LLQtdGC?='],
    ['Q where both are as long', 'éab', '=?utf-8?Q?=C3=A9ab?='],
    ['B where Q is longer by one', 'éa', '=?utf-8?B?w6lh?='],
    ['a blank at the beginning', ' a', '=?utf-8?Q?_a?='],
    ['a blank at the end', 'a ', '=?utf-8?Q?a_?='],
    ['what is like a word', 'a =?utf-8?Q?b?=', '=?utf-8?B?YSA9P3V0Zi04P1E/Yj89?='],
    ['what only begins like a word', 'a =?', '=?utf-8?Q?a_=3D=3F?='],
    ['an underscore', 'é_', '=?utf-8?B?w6lf?='],
    ['an underscore in Q', `${'a'.repeat(20)}é_`, `=?utf-8?Q?${'a'.repeat(20)}=C3=A9=5F?=`],
    ['a lone surrogate', 'aaaaaaaaaa\ud83d', '=?utf-8?Q?aaaaaaaaaa=EF=BF=BD?='],
    ['code points whose low octet is CR and LF', '\u760d\u760a', '=?utf-8?B?55iN55iK?='],
  ])('encodeWords: %s [rfc2047 4]', (_, text, expected) => {
    expect(encodeWords(text)).toBe(expected)
  })

  test('encodeWords: Q in a phrase has the restricted alphabet [rfc2047 5(3)]', () => {
    const text = `é aZ09!*+-/ ,.;:"'()<>[]@\\#$%&^{|}~\``
    const encoded = encodeWords(`${text}${'a'.repeat(160)}`, { phrase: true })
    expect(encoded).toMatch(/\?Q\?/)
    for (const word of encoded.split(' ')) expect(word).toMatch(/^=\?utf-8\?Q\?[A-Za-z0-9!*+/=_-]+\?=$/)
    expect(decodeWords(encoded)).toBe(`${text}${'a'.repeat(160)}`)
    expect(encodeWords(`é,${'a'.repeat(20)}`)).toContain(',')
    expect(encodeWords(`é,${'a'.repeat(20)}`, { phrase: true })).not.toContain(',')
  })

  test.each([1, 10, 40, 52, 53, 75, 200])(
    'encodeWords: the first word fits on a line from column %d [rfc2047 2]',
    (column) => {
      for (const text of ['é'.repeat(100), `é${'a'.repeat(100)}`, '😀'.repeat(40)]) {
        const [first = '', ...rest] = encodeWords(text, { column }).split(' ')
        expect(first.length).toBeLessThanOrEqual(column <= 52 ? 76 - column : 75)
        for (const word of rest) expect(word.length).toBeLessThanOrEqual(75)
      }
    },
  )

  test.each(['a\r\nBcc: b', 'é\r', 'é\n', '\0', 'é\t', '\u0085é', '\u2028', '\u2029', '\u007f'])(
    'encodeWords: refuses %j [rfc2047 5]',
    (text) => {
      expect(failureOf(() => encodeWords(text))).toBe('MIME_BAD_HEADER')
    },
  )

  test('encodeWords: comes back by decodeWords', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), fc.integer({ min: 1, max: 90 }), (text, phrase, column) => {
        fc.pre(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))
        const encoded = encodeWords(text, { phrase, column })
        expect(decodeWords(encoded)).toBe(wellFormed(text))
        expect(encoded).toMatch(/^[ -~]*$/)
      }),
    )
  })

  test('encodeWords: each word has at most 75 characters and whole characters [rfc2047 2, 5]', () => {
    fc.assert(
      fc.property(printable, fc.boolean(), (text, phrase) => {
        const words = encodeWords(`é${text}`, { phrase }).split(' ')
        for (const word of words) expect(word.length).toBeLessThanOrEqual(75)
        expect(words.map(decodeAlone).join('')).toBe(`é${wellFormed(text)}`)
      }),
    )
  })

  test('encodeWords: is as short as either encoding', () => {
    fc.assert(
      fc.property(printable, (text) => {
        const bytes = encodeUtf8(`é${text}`)
        const base64 = 4 * Math.ceil(bytes.length / 3)
        const q = bytes.reduce(
          (sum, octet) => sum + (octet >= 32 && octet < 127 && ![61, 63, 95].includes(octet) ? 1 : 3),
          0,
        )
        expect(encodeWords(`é${text}`).startsWith('=?utf-8?Q?')).toBe(q <= base64)
      }),
    )
  })

  test('encodeWords: throws nothing but MailError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), (text, column) => {
        expect(['none', 'MIME_BAD_HEADER']).toContain(failureOf(() => encodeWords(text, { column })))
      }),
    )
  })

  test('encodeWords: takes a megabyte', () => {
    const text = 'é '.repeat(300_000)
    expect(decodeWords(encodeWords(text))).toBe(text)
  })
})
