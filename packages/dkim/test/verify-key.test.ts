import { decodeBase64, encodeBase64 } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { type VerifyDkimOptions, verifyDkim } from '../src/index.ts'
import {
  DOMAIN,
  ED25519_PUBLIC,
  ED25519_RECORD,
  ED25519_SIGNATURE,
  element,
  join,
  MESSAGE,
  octets,
  RSA_PUBLIC,
  RSA_RECORD,
  RSA_SIGNATURE,
  SIGNED_AT,
  SIGNED_MESSAGE,
  zoneOfExample,
} from './example.ts'
import { KEY_NAME, signed, tell, withRecord } from './verdicts.ts'

describe('verifyDkim: the key', () => {
  const ed = (tags: string) => `v=DKIM1; k=ed25519; ${tags}p=${ED25519_PUBLIC}`
  const message = `${ED25519_SIGNATURE}\r\n${MESSAGE}`

  test.each([
    ['plain', ed(''), 'pass', 'rfc8463 4'],
    ['for SHA-256', ed('h=sha1:sha256; '), 'pass', 'rfc6376 3.6.1'],
    ['for SHA-1 alone', ed('h=sha1; '), 'permerror key-mismatch', 'rfc6376 6.1.2'],
    ['for mail', ed('s=tlsrpt:email; '), 'pass', 'rfc6376 3.6.1'],
    ['for all services', ed('s=*; '), 'pass', 'rfc6376 3.6.1'],
    ['for another service', ed('s=tlsrpt; '), 'permerror key-not-for-mail', 'rfc6376 3.6.1'],
    ['for no subdomain, as is right', ed('t=s; '), 'pass', 'rfc6376 3.6.1'],
    ['with flags that are not known', ed('t=x; '), 'pass', 'rfc6376 3.6.1'],
    ['of another type', RSA_RECORD, 'permerror key-mismatch', 'rfc6376 6.1.2'],
    ['of no type, which is RSA', `p=${ED25519_PUBLIC}`, 'permerror key-mismatch', 'rfc6376 3.6.1'],
    ['revoked', 'v=DKIM1; k=ed25519; p=', 'permerror key-revoked', 'rfc6376 6.1.2'],
    ['malformed', 'v=DKIM1; k=ed25519', 'permerror key-malformed', 'rfc6376 6.1.2'],
    ['of another version', ed('').replace('DKIM1', 'DKIM2'), 'permerror key-malformed', 'rfc6376 6.1.2'],
    ['of another text', 'v=spf1 -all', 'permerror key-malformed', 'rfc6376 6.1.2'],
    [
      'of 31 octets',
      `k=ed25519; p=${encodeBase64(new Uint8Array(31).fill(9))}`,
      'permerror key-malformed',
      'rfc8463 4',
    ],
    [
      'of another owner',
      `k=ed25519; p=${encodeBase64(new Uint8Array(32).fill(9))}`,
      'fail signature-mismatch',
      'rfc8463 4',
    ],
    ['in a SubjectPublicKeyInfo', ed('').replace('p=', 'p=MCowBQYDK2VwAyEA'), 'permerror key-malformed', 'rfc8463 4'],
  ])('%s [$3]', async (_, record, expected) => {
    expect(await tell(message, { resolver: withRecord(record) })).toEqual([expected])
  })

  test('t=s refuses an identity below the domain, and nothing else does [rfc6376 3.6.1]', async () => {
    const below = await signed(MESSAGE, { identity: `joe@mail.${DOMAIN}` })
    expect(await tell(below, { resolver: withRecord(ed('')) })).toEqual(['pass'])
    expect(await tell(below, { resolver: withRecord(ed('t=s; ')) })).toEqual(['permerror key-not-for-identity'])
  })

  test('t=y is told, whether it passes or fails [rfc6376 3.6.1]', async () => {
    const options = { resolver: withRecord(ed('t=y:s; ')), now: SIGNED_AT }
    const [good] = await verifyDkim(octets(message), options)
    const [bad] = await verifyDkim(octets(message.replace('Hi.', 'Ho.')), options)
    expect([good?.result, good?.testing, bad?.result, bad?.testing]).toEqual(['pass', true, 'fail', true])
  })

  test.each<[string, (zone: MemoryZone) => unknown, string, string]>([
    ['does not exist', (zone) => zone, 'permerror key-nxdomain', 'rfc6376 6.1.2'],
    ['has no text', (zone) => zone.add(KEY_NAME, 'A', '192.0.2.1'), 'permerror key-nodata', 'rfc6376 6.1.2'],
    ['cannot be asked', (zone) => zone.fail(KEY_NAME, 'servfail'), 'temperror key-servfail', 'rfc6376 6.1.2'],
    ['does not answer', (zone) => zone.fail(KEY_NAME, 'timeout'), 'temperror key-timeout', 'rfc6376 6.1.2'],
    [
      'is another name',
      (zone) => zone.add(KEY_NAME, 'CNAME', 'k.example').add('k.example', 'TXT', ED25519_RECORD),
      'pass',
      'rfc6376 3.6.2',
    ],
    [
      'has a key and something else',
      (zone) => zone.add(KEY_NAME, 'TXT', 'v=spf1 -all').add(KEY_NAME, 'TXT', ED25519_RECORD),
      'pass',
      'tolerated',
    ],
    [
      'has two keys',
      (zone) => zone.add(KEY_NAME, 'TXT', RSA_RECORD).add(KEY_NAME, 'TXT', ED25519_RECORD),
      'permerror key-ambiguous',
      'rfc6376 3.6.2.2',
    ],
  ])('its name %s [$3]', async (_, prepare, expected) => {
    const resolver = new MemoryZone()
    prepare(resolver)
    expect(await tell(message, { resolver })).toEqual([expected])
  })

  test('is asked for once, however many signatures use it [rfc6376 6.1]', async () => {
    const resolver = zoneOfExample()
    expect(await tell(`${ED25519_SIGNATURE}\r\n${SIGNED_MESSAGE}`, { resolver })).toEqual(['pass', 'pass', 'pass'])
    expect(resolver.queries).toEqual([
      { name: KEY_NAME, type: 'TXT' },
      { name: `test._domainkey.${DOMAIN}`, type: 'TXT' },
    ])
  })

  test.each([
    ['0', 0, 0],
    ['1', 1, 0],
    ['p-1', 236, 255],
    ['p', 237, 255],
    ['p+1', 238, 255],
  ])('a point of low order with y = %s is refused, with either sign [security]', async (_, first, rest) => {
    for (const sign of [0, 128]) {
      const point = new Uint8Array(32).fill(rest)
      point[0] = first
      point[31] = (rest & 127) | sign
      // R is the neutral element and S is 0: good for any text where the key is of low order.
      const value = encodeBase64(join(octets('\x01'), new Uint8Array(63)))
      const forged = message.replace(/b=\/gCr[\s\S]*?==/, `b=${value}`)
      const resolver = withRecord(`k=ed25519; p=${encodeBase64(point)}`)
      expect(await tell(forged, { resolver })).toEqual(['permerror key-malformed'])
    }
  })

  test.each([
    ['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ])('the point of order eight %s is refused [security]', async (hex) => {
    const point = Uint8Array.from(hex.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))
    const resolver = withRecord(`k=ed25519; p=${encodeBase64(point)}`)
    expect(await tell(message, { resolver })).toEqual(['permerror key-malformed'])
  })
})

describe('verifyDkim: RSA keys', () => {
  const message = `${RSA_SIGNATURE}\r\n${MESSAGE}`
  const publish = (key: Uint8Array) =>
    new MemoryZone().add(`test._domainkey.${DOMAIN}`, 'TXT', `v=DKIM1; p=${encodeBase64(key)}`)

  test('a bare RSAPublicKey is as good as a SubjectPublicKeyInfo [rfc6376 3.6.1]', async () => {
    // SubjectPublicKeyInfo = 3 octets of head, 15 of algorithm, 4 of head, RSAPublicKey
    expect(await tell(message, { resolver: publish(decodeBase64(RSA_PUBLIC).subarray(22)) })).toEqual(['pass'])
  })

  /** An RSAPublicKey whose modulus has as many octets; `high` is the first of them. */
  function keyOf(length: number, exponent: readonly number[] = [1, 0, 1], high = 255): Uint8Array {
    const modulus = [...(high > 127 ? [0] : []), high, ...new Array<number>(length - 1).fill(1)]
    return element(48, element(2, modulus), element(2, exponent))
  }

  test.each<[string, Uint8Array, Partial<VerifyDkimOptions>, string, string]>([
    ['512 bits', keyOf(64), {}, 'policy key-too-short', 'rfc8301 3.2'],
    ['1,023 bits', keyOf(128, [3], 127), {}, 'policy key-too-short', 'rfc8301 3.2'],
    ['1,024 bits', keyOf(128, [3], 128), {}, 'fail signature-mismatch', 'rfc8301 3.2'],
    ['4,096 bits', keyOf(512), {}, 'fail signature-mismatch', 'rfc8301 3.2'],
    ['8,192 bits', keyOf(1024), {}, 'fail signature-mismatch', 'limit'],
    ['8,193 bits', keyOf(1025, [3], 1), {}, 'policy key-too-long', 'limit'],
    ['512 bits, which are taken', keyOf(64), { minRsaBits: 512 }, 'fail signature-mismatch', 'option'],
    ['2,048 bits, which are too many', keyOf(256), { maxRsaBits: 1024 }, 'policy key-too-long', 'option'],
    ['a modulus of zero', element(48, element(2, [0]), element(2, [3])), {}, 'policy key-too-short', 'security'],
    ['the exponent 1', keyOf(128, [1]), {}, 'permerror key-malformed', 'security'],
    ['an even exponent', keyOf(128, [4]), {}, 'permerror key-malformed', 'security'],
    ['the exponent 0', keyOf(128, [0]), {}, 'permerror key-malformed', 'security'],
    ['an exponent of nine octets', keyOf(128, new Array<number>(9).fill(5)), {}, 'permerror key-malformed', 'security'],
    ['no key at all', octets('key'), {}, 'permerror key-malformed', 'rfc6376 6.1.2'],
  ])('%s [$4]', async (_, key, options, expected) => {
    expect(await tell(message, { resolver: publish(key), ...options })).toEqual([expected])
  })

  test('the least length is an option [rfc8301 3.2]', async () => {
    expect(await tell(message, { minRsaBits: 1024 })).toEqual(['pass'])
    expect(await tell(message, { minRsaBits: 1025 })).toEqual(['policy key-too-short'])
  })
})
