import { X509Certificate } from 'node:crypto'
import type { PresentedCertificates } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORITY, Authority } from '../../../test/mark-certificate.ts'
import { present } from '../src/certificate.ts'

const made = new Authority()
const SERVER = { subjectAltName: 'DNS:mx.example,DNS:*.wild.example,DNS:f*.part.example,IP:192.0.2.1' }
const DAY = 86_400_000
const now = Date.now() + 60_000

beforeAll(() => {
  made.make('root', { extensions: AUTHORITY })
  made.make('issuer', { issuer: 'root', extensions: AUTHORITY })
  made.make('leaf', { issuer: 'issuer', extensions: SERVER })
  made.make('odd', { extensions: AUTHORITY })
})
afterAll(() => made.remove())

function show(names: readonly string[], at = now): PresentedCertificates {
  return present(
    names.map((name) => new X509Certificate(made.pem(name))),
    { now: at },
  )
}
const reached = (names: readonly string[], at = now): number[] => {
  const shown = show(names, at)
  return [0, 1, 2, 3].filter((index) => shown.leadsTo(index))
}

test('present: the chain in DER, in its order', () => {
  expect(show(['leaf', 'issuer']).chain).toEqual([made.der('leaf'), made.der('issuer')])
})

test.each([
  [undefined, undefined],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'not-trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'not-trusted'],
])('present: what Node finds, %s, is %s', (chainError, untrusted) => {
  expect(present([], { chainError, now }).untrusted).toBe(untrusted)
})

describe('present: proves [rfc9525 6.3]', () => {
  test.each([
    ['mx.example', true],
    ['MX.Example.', true],
    ['other.example', false],
    ['a.wild.example', true],
    ['a.b.wild.example', false],
    ['wild.example', false],
    ['foo.part.example', false],
    ['.wild.example', false],
    ['.example', false],
    ['mx.example\0.evil.example', false],
    ['', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    // The common name counts for nothing.
    ['leaf', false],
  ])('%j: %s', (name, expected) => {
    expect(show(['leaf']).proves(name)).toBe(expected)
  })

  test('a certificate without names proves none, not even its common name', () => {
    made.make('bare.example', { issuer: 'issuer', extensions: { basicConstraints: 'CA:FALSE' } })
    expect(show(['bare.example']).proves('bare.example')).toBe(false)
    expect(present([], { now }).proves('mx.example')).toBe(false)
  })
})

describe('present: leadsTo [rfc5280 6.1]', () => {
  test.each([
    [
      ['leaf', 'issuer', 'root'],
      [0, 1, 2],
    ],
    [
      ['leaf', 'root', 'issuer'],
      [0, 1, 2],
    ],
    [
      ['leaf', 'odd', 'issuer'],
      [0, 2],
    ],
    [['leaf', 'root'], [0]],
    [['leaf'], [0]],
    [
      ['odd', 'odd'],
      [0, 1],
    ],
  ])('%j: %j', (names, expected) => {
    expect(reached(names)).toEqual(expected)
  })

  test('nothing, when a date is past or not yet', () => {
    expect(reached(['leaf', 'issuer'], now + 31 * DAY)).toEqual([])
    expect(reached(['leaf', 'issuer'], now - DAY)).toEqual([])
  })

  test.each([
    ['no authority', { basicConstraints: 'critical,CA:FALSE' }],
    ['without the mark of an authority', { keyUsage: 'keyCertSign' }],
    ['an authority whose key signs no certificates', { basicConstraints: 'critical,CA:TRUE', keyUsage: 'cRLSign' }],
    ['an authority for other ends', { ...AUTHORITY, extendedKeyUsage: 'emailProtection' }],
    ['an authority with a critical extension that is not known', { ...AUTHORITY, '1.2.3.4': 'critical,DER:0500' }],
    ['an authority for some names alone', { ...AUTHORITY, nameConstraints: 'critical,permitted;DNS:mx.example' }],
  ])('not to %s', (name, extensions) => {
    const issuer = name.replaceAll(' ', '-')
    made.make(issuer, { issuer: 'root', extensions: extensions as Record<string, string> })
    made.make(`by-${issuer}`, { issuer, extensions: SERVER })
    expect(reached([`by-${issuer}`, issuer, 'root'])).toEqual([0])
  })

  test('no further than an authority allows', () => {
    made.make('short', { issuer: 'root', extensions: { ...AUTHORITY, basicConstraints: 'critical,CA:TRUE,pathlen:0' } })
    made.make('below', { issuer: 'short', extensions: AUTHORITY })
    made.make('by-short', { issuer: 'short', extensions: SERVER })
    made.make('by-below', { issuer: 'below', extensions: SERVER })
    expect(reached(['by-short', 'short', 'root'])).toEqual([0, 1, 2])
    expect(reached(['by-below', 'below', 'short', 'root'])).toEqual([0, 1])
  })

  test('nowhere from a certificate that is for other ends', () => {
    made.make('person', { issuer: 'issuer', extensions: { ...SERVER, extendedKeyUsage: 'emailProtection' } })
    made.make('server', { issuer: 'issuer', extensions: { ...SERVER, extendedKeyUsage: 'serverAuth,clientAuth' } })
    expect(reached(['person', 'issuer'])).toEqual([])
    expect(reached(['server', 'issuer'])).toEqual([0, 1])
  })

  test('not to who has the name of the issuer but not its key', () => {
    made.make('forger', { extensions: AUTHORITY })
    const forged = made.openssl(
      ...['req', '-x509', '-key', 'forger.key', '-subj', '/O=Example/CN=issuer', '-days', '30'],
      ...['-config', 'root.cnf', '-extensions', 'ext'],
    )
    const chain = [new X509Certificate(made.pem('leaf')), new X509Certificate(forged)]
    expect(present(chain, { now }).leadsTo(1)).toBe(false)
  })
})
