import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDomain } from '../src/index.ts'

const label = (length: number): string => 'a'.repeat(length)
const longest = [label(63), label(63), label(63), label(61)].join('.')

test.each([
  { name: 'one label', text: 'localhost' },
  { name: 'labels', text: 'mail.example' },
  { name: 'upper case', text: 'MAIL.Example' },
  { name: 'digits first', text: '3com.example' },
  { name: 'digits alone', text: '192.0.2.1' },
  { name: 'hyphens inside', text: 'a--b.x-y.example' },
  { name: 'an A-label', text: 'xn--bcher-kva.example' },
  { name: 'one character', text: 'a' },
  { name: 'labels of two characters', text: 'ab.cd' },
  { name: 'a label of 63', text: `${label(63)}.example` },
  { name: '253 in all', text: longest },
])('isDomain: takes $name [rfc5321 4.1.2]', ({ text }) => {
  expect(isDomain(text)).toBe(true)
})

test.each([
  { name: 'nothing', text: '' },
  { name: 'a dot', text: '.' },
  { name: 'a dot first', text: '.example' },
  { name: 'a dot last', text: 'example.' },
  { name: 'two dots', text: 'a..b' },
  { name: 'a hyphen first', text: '-a.example' },
  { name: 'a hyphen last', text: 'a-.example' },
  { name: 'a label of 64', text: `${label(64)}.example` },
  { name: '254 in all', text: `${longest}a` },
  { name: 'an underscore', text: '_dmarc.example' },
  { name: 'a blank', text: 'a b.example' },
  { name: 'a line break at the end', text: 'mail.example\n' },
  { name: 'a NUL', text: 'mail\0.example' },
  { name: 'an at sign', text: 'a@b.example' },
  { name: 'an address literal', text: '[192.0.2.1]' },
  { name: 'a U-label', text: 'bücher.example' },
])('isDomain: refuses $name [rfc5321 4.1.2]', ({ text }) => {
  expect(isDomain(text)).toBe(false)
})

test.each([
  { name: 'a name of DKIM', text: 's1._domainkey.example', taken: true },
  { name: 'a name of DMARC', text: '_dmarc.example', taken: true },
  { name: 'underscores inside and last', text: 'a_b_.example', taken: true },
  { name: 'an underscore alone', text: '_.example', taken: true },
  { name: 'labels of two characters', text: '_a.b_', taken: true },
  { name: 'a hyphen last', text: '_a-.example', taken: false },
  { name: 'a U-label', text: '_dmarc.bücher.example', taken: false },
])('isDomain: underscore: $name [rfc8552 1.1]', ({ text, taken }) => {
  expect(isDomain(text, { underscore: true })).toBe(taken)
})

test.each([
  { name: 'Latin', text: 'bücher.example' },
  { name: 'Han', text: '例え.テスト' },
  { name: 'a combining mark inside', text: 'हिन्दी.example' },
  { name: 'right to left', text: 'مثال.إختبار' },
  { name: 'sharp s', text: 'straße.example' },
  { name: 'a label of one character', text: 'ü.example' },
  { name: 'a label of two characters', text: 'üa.example' },
  { name: 'a middle dot inside', text: 'col·lecció.example' },
  { name: 'a joiner inside', text: 'ශ්‍රී.example' },
  { name: 'upper case', text: 'BÜCHER.example' },
  { name: 'US-ASCII', text: 'mail.example' },
])('isDomain: unicode takes $name [rfc6531 3.3]', ({ text }) => {
  expect(isDomain(text, { unicode: true })).toBe(true)
  expect(isDomain(text)).toBe(text === 'mail.example')
})

test.each([
  { name: 'a mark first', text: '\u0301a.example' },
  { name: 'a hyphen last', text: 'ü-.example' },
  { name: 'an ideographic full stop', text: '例え。テスト' },
  { name: 'a fullwidth full stop', text: 'bücher．example' },
  { name: 'a fullwidth at sign', text: 'ü＠evil.example' },
  { name: 'fullwidth letters, which become US-ASCII when mapped', text: 'ｅｖｉｌ.example' },
  { name: 'a ligature', text: 'ﬁsh.example' },
  { name: 'a superscript', text: 'ü².example' },
  { name: 'a decomposed letter', text: 'bu\u0308cher.example' },
  { name: 'a Kelvin sign, whose small letter is US-ASCII', text: 'ban\u212a.example' },
  { name: 'an Angstrom sign', text: '\u212b.example' },
  { name: 'a soft hyphen', text: 'bü\u00adcher.example' },
  { name: 'a zero width space', text: 'bü\u200bcher.example' },
  { name: 'a line separator', text: 'bü\u2028cher.example' },
  { name: 'a control of C1', text: 'bü\u0085cher.example' },
  { name: 'half of a surrogate pair', text: 'bü\ud800cher.example' },
  { name: 'an emoji', text: '😀.example' },
  { name: 'a U-label of 64 characters', text: `${'ü'.repeat(64)}.example` },
])('isDomain: unicode refuses $name [rfc5892 2]', ({ text }) => {
  expect(isDomain(text, { unicode: true })).toBe(false)
})

test('isDomain: what is taken has no character that could end it or move it', () => {
  const characters = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
  const text = characters.map((codes) => `a${String.fromCharCode(...codes)}b`)
  fc.assert(
    fc.property(text, (name) => {
      const taken = isDomain(name, { unicode: true, underscore: true })
      if (taken) expect(name.replace(/[\u200c\u200d]/g, '')).not.toMatch(/[\s@<>"\\,;:()[\]\p{C}]/u)
    }),
    { numRuns: 2000 },
  )
})
