import { findControl, isAscii } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { readMailbox } from '../src/address/address.ts'
import { decodeWords, formatAddress, parseAddress } from '../src/index.ts'

describe('parseAddress', () => {
  test.each<[string, string, string | undefined, string]>([
    ['a bare address [rfc5322 3.4.1]', 'ada@example.org', undefined, 'ada@example.org'],
    ['angle brackets alone [rfc5322 3.4]', '<ada@example.org>', undefined, 'ada@example.org'],
    ['a name of atoms [rfc5322 3.4]', 'Ada Lovelace <ada@example.org>', 'Ada Lovelace', 'ada@example.org'],
    ['a quoted name [rfc5322 3.2.5]', '"Doe, Jane" <j@x.example>', 'Doe, Jane', 'j@x.example'],
    ['escapes in a name [rfc5322 3.2.4]', '"a \\"b\\" \\\\c" <j@x.example>', 'a "b" \\c', 'j@x.example'],
    [
      'an address within a quoted name [rfc5322 3.4]',
      '"<a@good.example>" <b@evil.example>',
      '<a@good.example>',
      'b@evil.example',
    ],
    [
      'an address before the brackets [tolerated]',
      'a@good.example <b@evil.example>',
      'a@good.example',
      'b@evil.example',
    ],
    ['dots in a name [rfc5322 4.1]', 'John Q. Public <john@x.example>', 'John Q. Public', 'john@x.example'],
    ['atoms and quoted strings [rfc5322 3.2.5]', 'Dr. "J. Doe" <j@x.example>', 'Dr. J. Doe', 'j@x.example'],
    ['no blank before the bracket [rfc5322 3.4]', 'Ada<ada@example.org>', 'Ada', 'ada@example.org'],
    ['blanks around and within [rfc5322 3.2.2]', '  Ada   L  <ada@example.org>  ', 'Ada L', 'ada@example.org'],
    ['an empty name [rfc5322 3.4]', '"" <ada@example.org>', undefined, 'ada@example.org'],
    ['a literal in brackets [rfc5321 4.1.3]', 'Ada <a@[192.0.2.1]>', 'Ada', 'a@[192.0.2.1]'],
    ['a name in another script [rfc6532 3.2]', '山田 太郎 <yamada@example.jp>', '山田 太郎', 'yamada@example.jp'],
    ['an emoji of several code points [rfc6532 3.2]', '👩‍🚀 <eva@example.org>', '👩‍🚀', 'eva@example.org'],
    [
      'a name like an encoded word, which it is not [security]',
      '=?utf-8?Q?x?= <a@x.example>',
      '=?utf-8?Q?x?=',
      'a@x.example',
    ],
    [
      'every symbol of an atom [rfc5322 3.2.3]',
      "!#$%&'*+-/=?^_`{|}~@x.example",
      undefined,
      "!#$%&'*+-/=?^_`{|}~@x.example",
    ],
    ['a quoted local part [rfc5322 3.4.1]', '"a b"@x.example', undefined, '"a b"@x.example'],
    ['an @ in a quoted local part [security]', '"a@evil.example"@x.example', undefined, '"a@evil.example"@x.example'],
    ['a > in a quoted local part [security]', 'N <"a> ORCPT=x"@x.example>', 'N', '"a> ORCPT=x"@x.example'],
    ['quotes in a quoted local part [rfc5322 3.2.4]', '"a\\"b"@x.example', undefined, '"a\\"b"@x.example'],
    ['quotes that are not needed [rfc5321 4.1.2]', '"ada"@example.org', undefined, 'ada@example.org'],
    ['escapes that are not needed [rfc5321 4.1.2]', '"a\\d\\a"@example.org', undefined, 'ada@example.org'],
    ['an IPv4 literal [rfc5321 4.1.3]', 'a@[192.0.2.1]', undefined, 'a@[192.0.2.1]'],
    ['an IPv6 literal [rfc5321 4.1.3]', 'a@[IPv6:2001:db8::1]', undefined, 'a@[IPv6:2001:db8::1]'],
    ['an A-label [rfc5890 2.3]', 'a@xn--bcher-kva.example', undefined, 'a@xn--bcher-kva.example'],
    ['a U-label [rfc6531 3.3]', 'a@bücher.example', undefined, 'a@bücher.example'],
    ['a local part in another script [rfc6531 3.3]', 'Δ <δοκιμή@παράδειγμα.example>', 'Δ', 'δοκιμή@παράδειγμα.example'],
    [
      '254 octets [rfc5321 4.5.3.1.3]',
      `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`,
      undefined,
      `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`,
    ],
  ])('parseAddress: %s', (_, text, name, address) => {
    expect(parseAddress(text)).toEqual(name === undefined ? { address } : { name, address })
  })

  test.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['no domain', 'ada'],
    ['an empty domain', 'ada@'],
    ['an empty local part', '@example.org'],
    ['an empty address', 'Ada <>'],
    ['two addresses', 'a@x.example, b@x.example'],
    ['two addresses in brackets', '<a@x.example>, <b@x.example>'],
    ['brackets twice', '<a@good.example><b@evil.example>'],
    ['brackets within brackets', 'N <<a@x.example>>'],
    ['text after the brackets', '<a@good.example> b'],
    ['an address after the brackets', '<b@evil.example> a@good.example'],
    ['a comma in a bare name', 'Doe, Jane <j@x.example>'],
    ['a name alone', 'Ada <ada'],
    ['a bracket that does not open', 'ada@example.org>'],
    ['a quote that does not close', '"Ada <ada@example.org>'],
    ['a quote in a name', 'A"da <ada@example.org'],
    ['a comment', 'ada@example.org (Ada)'],
    ['a comment that ends a domain', 'user@good.example(x)evil.example'],
    ['a group', 'Team: ada@example.org;'],
    ['a source route', '<@a.example:b@x.example>'],
    ['two @', 'a@b@x.example'],
    ['a first dot', '.a@x.example'],
    ['a last dot', 'a.@x.example'],
    ['two dots', 'a..b@x.example'],
    ['a blank in a local part', 'a b@x.example'],
    ['a quoted part of a local part', 'a."b"@x.example'],
    ['a bare special in a local part', 'a,b@x.example'],
    ['text after a quoted local part', '"a"b@x.example'],
    ['a domain with a last dot', 'a@x.example.'],
    ['a domain with an underscore', 'a@x_y.example'],
    ['a domain with a blank', 'a@x .example'],
    ['a domain that maps to another', 'a@ｅxample.org'],
    ['an ideographic full stop', 'a@x。example'],
    ['an encoded word for a domain', 'a@=?utf-8?Q?x?='],
    ['an IPv4 literal over 255', 'a@[192.0.2.256]'],
    ['an IPv4 literal of five', 'a@[192.0.2.1.1]'],
    ['a literal without a tag', 'a@[example]'],
    ['a literal that does not close', 'a@[192.0.2.1'],
    ['a literal with a bracket', 'a@[x:]]'],
    ['255 octets', `${'a'.repeat(65)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`],
    ['255 octets in fewer characters', `${'é'.repeat(32)}a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`],
    ['half a surrogate pair', 'a\ud83d@x.example'],
    ['CR LF after the address', 'a@x.example\r\nBcc: b@x.example'],
    ['CR LF at the end', 'a@x.example\r\n'],
    ['CR LF in a quoted local part', '"a\\\r\\\nRCPT TO:<b@x.example>"@x.example'],
    ['LF in a name', 'a\nb <a@x.example>'],
    ['NUL', 'a\0@x.example'],
    ['a TAB', 'Ada\t<a@x.example>'],
    ['U+2028', 'a\u2028b <a@x.example>'],
  ])('parseAddress: refuses %s', (_, text) => {
    expect(failureOf(() => parseAddress(text))).toBe('MIME_BAD_ADDRESS')
  })

  test.each(['"', '<', '\\', 'a ', '"a" ', '@', '"\\', ' ', 'a.', 'é', ','])(
    'parseAddress: takes 1,000,000 of %j',
    (piece) => {
      const text = piece.repeat(1_000_000)
      expect(failureOf(() => parseAddress(text))).toBe('MIME_BAD_ADDRESS')
      expect(failureOf(() => parseAddress(`${text}<`))).toBe('MIME_BAD_ADDRESS')
      expect(failureOf(() => parseAddress(`<"${text}"@x.example>`))).toBe('MIME_BAD_ADDRESS')
    },
  )

  test('parseAddress: throws nothing but MailError', () => {
    const pieces = fc.array(
      fc.constantFrom('a', '"', '\\', '<', '>', '@', '.', ' ', 'x.example', '[', ']', ',', 'é', '\r\n'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          expect(['none', 'MIME_BAD_ADDRESS']).toContain(failureOf(() => parseAddress(text)))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('formatAddress', () => {
  test.each([
    ['no name', undefined, 'a@x.example', 'a@x.example'],
    ['an empty name', '', 'a@x.example', 'a@x.example'],
    ['atoms', "Ada O'Neil-King", 'a@x.example', "Ada O'Neil-King <a@x.example>"],
    ['a comma', 'Doe, Jane', 'j@x.example', '"Doe, Jane" <j@x.example>'],
    ['a dot', 'John Q. Public', 'j@x.example', '"John Q. Public" <j@x.example>'],
    ['quotes and backslashes', 'a "b" \\c', 'j@x.example', '"a \\"b\\" \\\\c" <j@x.example>'],
    ['what is like an address', 'boss@bank.example', 'j@x.example', '"boss@bank.example" <j@x.example>'],
    ['two blanks', 'a  b', 'j@x.example', '"a  b" <j@x.example>'],
    ['other than US-ASCII', 'Anaïs Nin', 'a@x.example', '=?utf-8?Q?Ana=C3=AFs_Nin?= <a@x.example>'],
    [
      'specials in Q',
      'Nin, Anaïs (of the House of Incest)',
      'a@x.example',
      '=?utf-8?Q?Nin=2C_Ana=C3=AFs_=28of_the_House_of_Incest=29?= <a@x.example>',
    ],
    ['what is like an encoded word', '=?utf-8?Q?x?=', 'a@x.example', '=?utf-8?B?PT91dGYtOD9RP3g/PQ==?= <a@x.example>'],
    ['a blank at the end', 'aaaa ', 'a@x.example', '=?utf-8?Q?aaaa_?= <a@x.example>'],
    ['a lone surrogate', 'aaaaaaaaaa\ud83d', 'a@x.example', '=?utf-8?Q?aaaaaaaaaa=EF=BF=BD?= <a@x.example>'],
    ['a local part in quotes', 'N', '"a@b"@x.example', 'N <"a@b"@x.example>'],
  ])('formatAddress: %s [rfc5322 3.4]', (_, name, address, expected) => {
    expect(formatAddress(name === undefined ? { address } : { name, address })).toBe(expected)
  })

  test('formatAddress: a name over 200 characters is encoded, so that it can be folded [rfc5322 2.1.1]', () => {
    const name = 'x'.repeat(201)
    const text = formatAddress({ name, address: 'a@x.example' })
    expect(text).toMatch(/^=\?/)
    expect(decodeWords(text)).toBe(`${name} <a@x.example>`)
    expect(formatAddress({ name: 'x'.repeat(200), address: 'a@x.example' })).toMatch(/^xxx/)
  })

  test('formatAddress: U-labels are A-labels where SMTPUTF8 is not allowed [rfc5891 5]', () => {
    expect(formatAddress({ name: 'A', address: '"a b"@Bücher.example' })).toBe('A <"a b"@xn--bcher-kva.example>')
    expect(formatAddress({ address: 'a@bücher.example' }, { smtpUtf8: true })).toBe('a@bücher.example')
  })

  test.each([
    'δοκιμή@x.example',
    'δ@bücher.example',
    'a@a\u200db.example',
    '"a é"@x.example',
    '\u760d\u760a@x.example',
  ])('formatAddress: %s needs SMTPUTF8 [rfc6532 3.2]', (address) => {
    expect(failureOf(() => formatAddress({ address }))).toBe('MIME_NEEDS_SMTPUTF8')
    expect(formatAddress({ address }, { smtpUtf8: true })).toBe(address)
  })

  test('formatAddress: a name is encoded though the address is UTF-8', () => {
    expect(formatAddress({ name: 'δ', address: 'δ@x.example' }, { smtpUtf8: true })).toBe(
      '=?utf-8?B?zrQ=?= <δ@x.example>',
    )
  })

  test.each([
    ['a name in the address', { address: 'Ada <a@x.example>' }],
    ['an address in the brackets', { address: '<a@x.example>' }],
    ['CR LF in the name', { name: 'a\r\nBcc: b@x.example', address: 'a@x.example' }],
    ['CR LF in a name that is encoded', { name: 'é\r\nBcc: b@x.example', address: 'a@x.example' }],
    ['a TAB in the name', { name: 'a\tb', address: 'a@x.example' }],
    ['U+0085 in the name', { name: 'a\u0085b', address: 'a@x.example' }],
    ['CR LF in the address', { address: 'a@x.example\r\nBcc: b@x.example' }],
    ['CR LF in the local part', { address: '"a\r\n b"@x.example' }],
    ['half a surrogate pair in the address', { address: 'a\udc00@x.example' }],
    ['two addresses', { address: 'a@x.example,b@x.example' }],
  ])('formatAddress: refuses %s [security]', (_, address) => {
    expect(failureOf(() => formatAddress(address, { smtpUtf8: true }))).toBe('MIME_BAD_ADDRESS')
  })

  test('formatAddress: comes back by parseAddress', () => {
    const any = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme' }))
    const name = any.filter((text) => findControl(text) < 0)
    const local = fc.string({
      unit: fc.constantFrom('a', '.', '"', '\\', '@', '>', '<', ' ', ',', 'é'),
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(name, local, (display, localPart) => {
        const address = `"${localPart.replace(/["\\]/g, '\\$&')}"@x.example`
        const text = formatAddress({ name: display, address }, { smtpUtf8: true })
        const parsed = parseAddress(text)
        expect(decodeWords(parsed.name ?? '')).toBe(display)
        expect(readMailbox(text)).toMatchObject({ localPart, domain: 'x.example' })
        expect(parseAddress(parsed.address)).toEqual({ address: parsed.address })
        if (isAscii(localPart)) expect(text).toMatch(/^[ -~]*$/)
      }),
      { numRuns: 500 },
    )
  })
})
