import { expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import {
  isIdentityOf,
  isSigningDomain,
  keyName,
  mapIdentity,
  toAsciiName,
  toAsciiNames,
  toUnicodeNames,
} from '../src/signer-name.ts'

test.each([
  ['example.com', true],
  ['a.b.example.com', true],
  ['example', false],
  ['', false],
  ['example.', false],
  ['_a.example', false],
  ['1.2.3.4', true],
])('isSigningDomain: %j is %s [rfc6376 3.5]', (text, expected) => {
  expect(isSigningDomain(text)).toBe(expected)
})

test.each([
  ['mail', 'example.com', 'mail._domainkey.example.com'],
  ['A.b', 'Example.COM', 'a.b._domainkey.example.com'],
  ['mail.', 'example.com', undefined],
  ['', 'example.com', undefined],
  ['x.attacker.example\0', 'victim.example', undefined],
  ['x', 'victim.example\0.attacker.example', undefined],
  ['x', 'com', undefined],
  ['a'.repeat(64), 'example.com', undefined],
])('keyName: %j of %j is %j [rfc6376 3.6.2.1]', (selector, domain, expected) => {
  expect(keyName(selector, domain)).toBe(expected)
})

test.each([
  ['joe@example.com', true, true],
  ['@example.com', true, true],
  ['joe@EXAMPLE.com', true, true],
  ['joe@mail.example.com', true, false],
  ['@a.b.example.com', true, false],
  ['joe@badexample.com', false, false],
  ['joe@com', false, false],
  ['joe@example.com.attacker.example', false, false],
  ['joe@example.com@attacker.example', false, false],
  ['joe@.example.com', false, false],
  ['joe@a..example.com', false, false],
  ['joe@attacker.example\0.example.com', false, false],
])('isIdentityOf: %j belongs to the domain or below it: %s; to it alone: %s [rfc6376 3.5]', (identity, below, same) => {
  expect(isIdentityOf(identity, 'Example.com', false)).toBe(below)
  expect(isIdentityOf(identity, 'Example.com', true)).toBe(same)
})

test.each([
  ['Example.com', 'Example.com'],
  ['a_b', 'a_b'],
  ['victim.example\0', 'victim.example\0'],
  ['Bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.bücher', 'xn--bcher-kva.xn--bcher-kva'],
])('toAsciiName: %j is %j [rfc8616 5]', (name, expected) => {
  expect(toAsciiName(name)).toBe(expected)
})

test.each(['bücher\0.example', 'bücher_.example', 'a。example', '\ufffd.example', 'xn--a.bücher'])(
  'toAsciiName: refuses %j [rfc8616 5]',
  (name) => {
    expect(failureOf(() => toAsciiName(name))).toBe('DKIM_BAD_LABEL')
  },
)

test('toAsciiNames, toUnicodeNames: a selector keeps what no domain has [rfc8616 5]', () => {
  const unicode = { domain: 'bücher.example', selector: 'a_1.ü.2026' }
  const ascii = { domain: 'xn--bcher-kva.example', selector: 'a_1.xn--tda.2026' }
  expect(toAsciiNames(unicode)).toEqual(ascii)
  expect(toAsciiNames(ascii)).toEqual(ascii)
  expect(toUnicodeNames(ascii)).toEqual(unicode)
})

test('mapIdentity: what stands before the last at sign stays [rfc8616 5]', () => {
  expect(mapIdentity('ü@ü@bücher.example', toAsciiName)).toBe('ü@ü@xn--bcher-kva.example')
  expect(mapIdentity('@bücher.example', toAsciiName)).toBe('@xn--bcher-kva.example')
})
