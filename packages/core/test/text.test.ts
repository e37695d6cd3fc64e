import { describe, expect, test } from 'vitest'
import { ATEXT, encodeAddressXtext, encodeHex, encodeUtf8, findControl, hexOctet, isAscii } from '../src/index.ts'

describe('ATEXT', () => {
  const atom = new RegExp(`^[${ATEXT}]$`)

  test('ATEXT: has what RFC 5322 lists, and nothing else of US-ASCII [rfc5322 3.2.3]', () => {
    const members = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((one) => atom.test(one))
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    expect(members.sort()).toEqual([...`${letters}0123456789!#$%&'*+-/=?^_\`{|}~`].sort())
  })

  test('ATEXT: is of US-ASCII alone [rfc5322 3.2.3]', () => {
    expect(atom.test('é')).toBe(false)
  })
})

test.each([
  { text: '', ascii: true },
  { text: 'a\0\u007f', ascii: true },
  { text: 'a\u0080', ascii: false },
  { text: 'é', ascii: false },
  { text: '\ud800', ascii: false },
])('isAscii: $text is $ascii', ({ text, ascii }) => {
  expect(isAscii(text)).toBe(ascii)
})

describe('findControl', () => {
  test.each([
    { name: 'nothing', text: '', at: -1 },
    { name: 'none', text: 'MAIL FROM:<a@b> é 😀 \u00a0', at: -1 },
    { name: 'CR', text: 'ab\rc', at: 2 },
    { name: 'LF', text: 'ab\n', at: 2 },
    { name: 'NUL', text: '\0', at: 0 },
    { name: 'TAB', text: 'a\tb', at: 1 },
    { name: 'DEL', text: 'a\u007f', at: 1 },
    { name: 'NEL', text: 'a\u0085', at: 1 },
    { name: 'the last of C1', text: 'a\u009f', at: 1 },
    { name: 'a line separator', text: '😀\u2028', at: 2 },
    { name: 'a paragraph separator', text: 'a\u2029', at: 1 },
    { name: 'the first half of a pair alone', text: '😀\ud83d', at: 2 },
    { name: 'the second half of a pair alone', text: 'a\ude00', at: 1 },
  ])('findControl: finds $name', ({ text, at }) => {
    expect(findControl(text)).toBe(at)
  })

  test('findControl: takes U+00A0 and U+2027, which stand beside the controls', () => {
    expect(findControl('\u00a0\u2027\u202a')).toBe(-1)
  })
})

describe('hexOctet', () => {
  test('hexOctet: every octet in both cases [rfc2045 6.7]', () => {
    for (let octet = 0; octet < 256; octet++) {
      const digits = octet.toString(16).padStart(2, '0')
      expect(hexOctet(encodeUtf8(digits), 0)).toBe(octet)
      expect(hexOctet(encodeUtf8(`=${digits.toUpperCase()}`), 1)).toBe(octet)
    }
  })

  test.each(['', 'A', 'AG', 'GA', '/0', ':0', '@0', '0`', '0g'])('hexOctet: refuses "%s"', (text) => {
    expect(hexOctet(encodeUtf8(text), 0)).toBeLessThan(0)
  })
})

test('encodeHex: two digits for each octet, in lower case', () => {
  expect(encodeHex(Uint8Array.of(0, 10, 255))).toBe('000aff')
  expect(encodeHex([])).toBe('')
})

test.each([
  ['ada@example.org', 'ada@example.org'],
  ['a+b=c\\d e@x', 'a\\x{2B}b\\x{3D}c\\x{5C}d\\x{20}e@x'],
  ['δ\n😀', '\\x{3B4}\\x{0A}\\x{1F600}'],
])('encodeAddressXtext: %j [rfc6533 3]', (address, written) => {
  expect(encodeAddressXtext(address)).toBe(written)
})
