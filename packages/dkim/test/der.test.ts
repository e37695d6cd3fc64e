import { decodeBase64 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { readPrivateKey, readRsaPublicKey } from '../src/der.ts'
import { ED25519_PEM, element, join, RSA_PEM, RSA_PUBLIC } from './example.ts'

const bytesOf = (pem: string) => decodeBase64(pem.replace(/-----.*-----/g, ''), { whitespace: true })

const RSA_OID = [6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1]
const integer = (...content: number[]) => element(2, content)
const modulus = [0, 200, ...new Array<number>(127).fill(7)]
const bare = element(48, integer(...modulus), integer(1, 0, 1))
const spki = (algorithm: readonly number[], key: Uint8Array, unused = 0) =>
  element(48, element(48, algorithm), element(3, [unused], key))

// After an indefinite length comes the first number, whose own head is 2, 130: taken for a length, all of the rest.
const indefinite = join(Uint8Array.of(48, 128), integer(1, ...new Array<number>(632).fill(5)), integer(1, 0, 1))

describe('readRsaPublicKey', () => {
  const expected = { n: Uint8Array.from(modulus.slice(1)), e: Uint8Array.of(1, 0, 1) }

  test.each([
    ['RSAPublicKey', bare, 'rfc8017 A.1.1'],
    ['SubjectPublicKeyInfo', spki([...RSA_OID, 5, 0], bare), 'rfc5280 4.1.2.7'],
    ['SubjectPublicKeyInfo without NULL', spki(RSA_OID, bare), 'tolerated'],
  ])('reads %s [$2]', (_, der) => {
    expect(readRsaPublicKey(der)).toEqual(expected)
  })

  test('reads the key of the example [rfc8463 A.2]', () => {
    const { n, e } = readRsaPublicKey(decodeBase64(RSA_PUBLIC))
    expect(n.length).toBe(128)
    expect([...e]).toEqual([1, 0, 1])
  })

  test.each([
    ['nothing', new Uint8Array(0)],
    ['a cut end', bare.subarray(0, -1)],
    ['something after it', join(bare, Uint8Array.of(0))],
    ['another algorithm', spki([6, 3, 43, 101, 112], bare)],
    ['other parameters', spki([...RSA_OID, 5, 1, 0], bare)],
    ['unused bits', spki(RSA_OID, bare, 1)],
    ['something after the key', spki(RSA_OID, join(bare, Uint8Array.of(5, 0)))],
    ['a third number', element(48, integer(...modulus), integer(3), integer(3))],
    ['one number', element(48, integer(...modulus))],
    ['a negative modulus', element(48, integer(200, 1), integer(3))],
    ['a modulus with zeros too many', element(48, integer(0, 0, 200), integer(3))],
    ['a zero that nothing needs', element(48, integer(0, 100), integer(3))],
    ['an empty number', element(48, integer(), integer(3))],
    ['a string for a number', element(48, element(4, modulus), integer(3))],
    ['a set for a sequence', element(49, integer(...modulus), integer(3))],
    ['an indefinite length', Uint8Array.of(48, 128, 2, 1, 1, 2, 1, 3, 0, 0)],
    ['an indefinite length that could be a long one', indefinite],
    ['a length of one octet too many', join(Uint8Array.of(48, 129, 6), integer(9), integer(3))],
    ['a length with a leading zero', join(Uint8Array.of(48, 130, 0, 6), integer(9), integer(3))],
    ['a length of four octets', join(Uint8Array.of(48, 132, 0, 0, 0, 6), integer(9), integer(3))],
    ['a length beyond the end', Uint8Array.of(48, 7, 2, 1, 9, 2, 1, 3)],
    ['a tag alone', Uint8Array.of(48)],
    ['a cut length', Uint8Array.of(48, 130, 1)],
  ])('refuses %s [x690 10]', async (_, der) => {
    expect(await rejectionOf(() => readRsaPublicKey(der))).toBe('DKIM_BAD_KEY')
  })
})

describe('readPrivateKey', () => {
  const pkcs1 = bytesOf(RSA_PEM)
  const pkcs8 = element(48, integer(0), element(48, RSA_OID, [5, 0]), element(4, pkcs1))

  test('reads PKCS #1 and PKCS #8 alike [rfc8017 A.1.2] [rfc5208 5]', () => {
    const key = readPrivateKey(pkcs1)
    expect(key.type === 'rsa' && Object.keys(key.jwk)).toEqual(['kty', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'])
    expect(key.type === 'rsa' && key.jwk.e).toBe('AQAB')
    expect(readPrivateKey(pkcs8)).toEqual(key)
  })

  test('reads Ed25519, and drops what stands beside the key [rfc8410 7] [rfc5958 2]', () => {
    const plain = bytesOf(ED25519_PEM)
    const seed = plain.slice(-32)
    const version2 = element(
      48,
      integer(1),
      element(48, [6, 3, 43, 101, 112]),
      element(4, element(4, seed)),
      element(129, [0], seed),
    )
    expect(readPrivateKey(plain)).toEqual({ type: 'ed25519', pkcs8: plain })
    expect(readPrivateKey(version2)).toEqual({ type: 'ed25519', pkcs8: plain })
  })

  test.each([
    ['a public key', spki([...RSA_OID, 5, 0], bare)],
    ['a bare public key', bare],
    ['a cut key', pkcs1.subarray(0, -1)],
    [
      'another algorithm',
      element(48, integer(0), element(48, [6, 3, 43, 101, 113]), element(4, element(4, new Uint8Array(57)))),
    ],
    [
      'an Ed25519 key of 31 octets',
      element(48, integer(0), element(48, [6, 3, 43, 101, 112]), element(4, element(4, new Uint8Array(31)))),
    ],
    ['a key of several primes', element(48, integer(1), ...new Array<Uint8Array>(9).fill(integer(5)))],
    ['too few numbers', element(48, integer(0), ...new Array<Uint8Array>(7).fill(integer(5)))],
  ])('refuses %s', async (_, der) => {
    expect(await rejectionOf(() => readPrivateKey(der))).toBe('DKIM_BAD_KEY')
  })
})

test('readRsaPublicKey, readPrivateKey: arbitrary octets, and a key with one changed, throw nothing else', async () => {
  const whole = spki([...RSA_OID, 5, 0], bare)
  const changed = fc
    .tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }))
    .map(([at, octet]) => whole.map((one, index) => (index === at ? octet : one)))
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), changed), async (der) => {
      expect(['none', 'DKIM_BAD_KEY']).toContain(await rejectionOf(() => readRsaPublicKey(der)))
      expect(['none', 'DKIM_BAD_KEY']).toContain(await rejectionOf(() => readPrivateKey(der)))
    }),
    { numRuns: 1000 },
  )
})
