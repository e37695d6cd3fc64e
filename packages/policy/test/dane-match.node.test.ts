import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsaData } from '@posthorn/dns'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import { matchTlsa, publicKeyOf } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'posthorn-dane-'))
const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
const plain = (octets: Buffer): Uint8Array => new Uint8Array(octets)
const keys = {
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa: ['-newkey', 'rsa:2048'],
  ed: ['-newkey', 'ed25519'],
}
const certificates: Record<string, Uint8Array> = {}
const publicKeys: Record<string, Uint8Array> = {}

function make(name: string, key: readonly string[], more: readonly string[] = []): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
  openssl('req', '-x509', ...key, '-nodes', '-subj', `/CN=${name}.example`, '-days', '1', ...files, ...more)
  certificates[name] = plain(openssl('x509', '-in', `${name}.pem`, '-outform', 'DER'))
  writeFileSync(join(folder, `${name}.pub`), openssl('x509', '-in', `${name}.pem`, '-pubkey', '-noout'))
  openssl('pkey', '-pubin', '-in', `${name}.pub`, '-outform', 'DER', '-out', `${name}.spki`)
  publicKeys[name] = plain(readFileSync(join(folder, `${name}.spki`)))
}

beforeAll(() => {
  for (const [name, key] of Object.entries(keys)) make(name, key)
  make('leaf', keys.ec, ['-CA', 'rsa.pem', '-CAkey', 'rsa.key'])
})
afterAll(() => rmSync(folder, { recursive: true }))

const hash = (name: string, octets: Uint8Array): Uint8Array => plain(createHash(name).update(octets).digest())
const forms = [
  (octets: Uint8Array) => octets,
  (octets: Uint8Array) => hash('sha256', octets),
  (octets: Uint8Array) => hash('sha512', octets),
]
const recordOf = (usage: number, selector: number, matchingType: number, name: string): TlsaData => ({
  usage,
  selector,
  matchingType,
  data: forms[matchingType]!((selector === 0 ? certificates : publicKeys)[name]!),
})
const ALL = [0, 1].flatMap((selector) => [0, 1, 2].map((matchingType) => [selector, matchingType] as const))

test.each(Object.keys(keys))('publicKeyOf: cuts what openssl does, for %s [rfc5280 4.1]', (name) => {
  expect(publicKeyOf(certificates[name]!)).toEqual(publicKeys[name])
})

test('publicKeyOf: refuses a certificate that is cut or longer, anywhere [x690 10]', () => {
  const whole = certificates.ec!
  for (let length = 0; length < whole.length; length++) {
    expect(failureOf(() => publicKeyOf(whole.subarray(0, length)))).toBe('POLICY_BAD_RECORD')
  }
  expect(failureOf(() => publicKeyOf(new Uint8Array([...whole, 0])))).toBe('POLICY_BAD_RECORD')
  expect(failureOf(() => publicKeyOf(new Uint8Array(1_048_577)))).toBe('POLICY_TOO_LARGE')
})

test.each([
  ['an indefinite length', [0x30, 0x80, 0x30, 0, 0, 0]],
  ['a length that is not the shortest', [0x30, 0x81, 0x02, 0x30, 0x00]],
  ['a length of four octets', [0x30, 0x84, 0, 0, 0, 2, 0x30, 0]],
  ['a tag of several octets', [0x3f, 0x81, 0x01, 0x00]],
  ['nothing inside', [0x30, 0]],
])('publicKeyOf: refuses %s [x690 10.1]', (_, octets) => {
  expect(failureOf(() => publicKeyOf(new Uint8Array(octets)))).toBe('POLICY_BAD_RECORD')
})

test('publicKeyOf: any octets in a certificate are refused by a code, or read', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(255), (place, octet) => {
      const changed = certificates.ec!.slice()
      changed[place % changed.length] = octet
      expect(failureOf(() => publicKeyOf(changed))).toMatch(/^(none|POLICY_BAD_RECORD)$/)
    }),
  )
})

describe('matchTlsa', () => {
  test.each(ALL)('DANE-EE by selector %i and matching type %i [rfc7672 3.1.1]', async (selector, matchingType) => {
    const record = recordOf(3, selector, matchingType, 'leaf')
    const chain = [certificates.leaf!, certificates.rsa!]
    const verify = { chain: false, name: false }
    expect(await matchTlsa([recordOf(3, 1, 0, 'ed'), record], chain)).toEqual({ result: 'dane-ee', record, verify })
    expect(await matchTlsa([record], [...chain].reverse())).toEqual({ result: 'mismatch', reason: 'no-match' })
  })

  test.each(ALL)('DANE-TA by selector %i and matching type %i [rfc7672 3.1.2]', async (selector, matchingType) => {
    const record = recordOf(2, selector, matchingType, 'rsa')
    const verify = { chain: true, name: true }
    const anchors = [{ index: 1, record }]
    expect(await matchTlsa([record], [certificates.leaf!, certificates.rsa!])).toEqual({
      result: 'dane-ta',
      anchors,
      verify,
    })
    expect(await matchTlsa([record], [certificates.rsa!, certificates.leaf!])).toMatchObject({ result: 'mismatch' })
  })

  test('DANE-EE comes before DANE-TA, which names each place once [rfc7671 5]', async () => {
    const [ee, ta] = [recordOf(3, 1, 1, 'leaf'), recordOf(2, 1, 1, 'rsa')]
    const chain = [certificates.leaf!, certificates.ed!, certificates.rsa!]
    expect(await matchTlsa([ta, ee], chain)).toMatchObject({ result: 'dane-ee', record: ee })
    const both = await matchTlsa([recordOf(2, 0, 1, 'rsa'), ta], chain)
    expect(both).toMatchObject({ result: 'dane-ta', anchors: [{ index: 2 }] })
  })

  test('a weaker digest does not count beside a stronger one that does not match [rfc7671 9]', async () => {
    const records = [recordOf(3, 1, 1, 'leaf'), recordOf(3, 1, 2, 'ed')]
    expect(await matchTlsa(records, [certificates.leaf!])).toEqual({ result: 'mismatch', reason: 'no-match' })
  })

  test('tells why nothing matched [rfc7672 2.2]', async () => {
    const chain = [certificates.leaf!]
    const unusable = { ...recordOf(3, 1, 1, 'leaf'), usage: 1 }
    expect(await matchTlsa([unusable], chain)).toEqual({ result: 'mismatch', reason: 'no-usable-record' })
    expect(await matchTlsa([recordOf(3, 1, 1, 'leaf')], [])).toEqual({ result: 'mismatch', reason: 'no-match' })
    const cut = certificates.leaf!.subarray(0, 99)
    expect(await matchTlsa([recordOf(3, 1, 1, 'leaf')], [cut])).toEqual({
      result: 'mismatch',
      reason: 'bad-certificate',
    })
  })

  test('what is too much is refused', async () => {
    const record = recordOf(3, 1, 1, 'leaf')
    const chain = [certificates.leaf!]
    expect(await rejectionOf(() => matchTlsa(Array(65).fill(record), chain))).toBe('POLICY_TOO_LARGE')
    expect(await rejectionOf(() => matchTlsa([record], Array(17).fill(chain[0])))).toBe('POLICY_TOO_LARGE')
    expect(await rejectionOf(() => matchTlsa([record, record], chain, { maxRecords: 1 }))).toBe('POLICY_TOO_LARGE')
    expect(await rejectionOf(() => matchTlsa([record], chain, { maxCertificates: 0 }))).toBe('POLICY_TOO_LARGE')
  })
})
