import { encodeBase64 } from '@posthorn/core'
import type { Answer, RecordType, Resolver } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifyDkim } from '../src/index.ts'
import { appendValue, formatUnsigned } from '../src/signature.ts'
import { signedHeader } from '../src/signed-data.ts'
import {
  DOMAIN,
  ED25519_SIGNATURE,
  hashBody,
  MESSAGE,
  octets,
  RSA_SIGNATURE,
  SIGNED_AT,
  SIGNED_MESSAGE,
  zoneOfExample,
} from './example.ts'
import { stubBuiltins } from './runtime.ts'
import { ALGORITHMS, FORMS, KEY_NAME, keys, records, signed, tell, withRecord } from './verdicts.ts'

describe('verifyDkim: the example of RFC 8463', () => {
  test('both signatures pass, and say who signed [rfc8463 A.3]', async () => {
    const verdicts = await verifyDkim(octets(SIGNED_MESSAGE), { resolver: zoneOfExample(), now: SIGNED_AT })
    expect(verdicts).toMatchObject([
      { result: 'pass', testing: false, keyBits: 256, unsignedOctets: 0, signature: { selector: 'brisbane' } },
      { result: 'pass', testing: false, keyBits: 1024, unsignedOctets: 0, signature: { selector: 'test' } },
    ])
    expect(verdicts.every((verdict) => !('reason' in verdict))).toBe(true)
  })

  test.each([
    ['an octet of the body', 'hungry', 'hungrY', 'fail body-hash-mismatch'],
    ['an octet of a signed field', 'dinner', 'Dinner', 'fail signature-mismatch'],
    ['a line added to the body', 'Joe.\r\n', 'Joe.\r\nPS\r\n', 'fail body-hash-mismatch'],
    ['a signed field taken away', 'To: Suzie Q <suzie@shopping.example.net>\r\n', '', 'fail signature-mismatch'],
    ['a second Subject', 'To:', 'Subject: other\r\nTo:', 'fail signature-mismatch'],
    ['a field that was signed as absent', 'To:', 'Date: x\r\nTo:', 'fail signature-mismatch'],
    ['a name in the signature', 'h=from', 'h=From', 'fail signature-mismatch'],
    ['a tag added to the signature', 't=1528637909;', 't=1528637909; z=a;', 'fail signature-mismatch'],
  ])('%s changed is told [rfc6376 6.1.3]', async (_, from, to, expected) => {
    expect(await tell(SIGNED_MESSAGE.replaceAll(from, to))).toEqual([expected, expected])
  })

  test.each([
    ['a field that is not signed', 'Date:', 'X-Spam: no\r\nDate:'],
    ['white space', 'dinner ready', 'dinner \t ready'],
    ['folding', 'dinner ready', 'dinner\r\n ready'],
    ['the case of a field name', 'Subject: Is', 'SUBJECT: Is'],
    ['white space at the end of a line', 'Hi.\r\n', 'Hi. \t\r\n'],
    ['empty lines at the end', 'Joe.\r\n', 'Joe.\r\n\r\n\r\n'],
  ])('%s changed is forgiven [rfc6376 3.4]', async (_, from, to) => {
    expect(await tell(SIGNED_MESSAGE.replace(from, to))).toEqual(['pass', 'pass'])
  })

  test('one octet anywhere of the value is enough', async () => {
    const at = ED25519_SIGNATURE.indexOf('b=/gCr') + 3
    for (const shift of [0, 10, 40]) {
      const field = `${ED25519_SIGNATURE.slice(0, at + shift)}X${ED25519_SIGNATURE.slice(at + shift + 1)}`
      expect(await tell(`${field}\r\n${MESSAGE}`)).toEqual(['fail signature-mismatch'])
    }
  })
})

describe.each(ALGORITHMS)('verifyDkim: %s by signDkim', (algorithm) => {
  const resolver = withRecord(records[algorithm])
  const key = keys[algorithm]

  test.each(FORMS)('%s passes, whatever the body is', async (canonicalization) => {
    const piece = fc.constantFrom('\r\n', ' ', '\t', 'a', '.', '\xff', '\r\n\r\n', 'Subject: x\r\n')
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const message = await signed(`From: a@${DOMAIN}\r\nSUBJECT:  b\r\n\tc \r\n\r\n${pieces.join('')}`, {
          key,
          canonicalization,
        })
        expect(await tell(message, { resolver })).toEqual(['pass'])
      }),
      { numRuns: 30 },
    )
  })

  test.each(FORMS)('%s: what was changed is told', async (canonicalization) => {
    const message = await signed(MESSAGE, { key, canonicalization, now: SIGNED_AT })
    const changes: readonly [string, string, string][] = [
      ['hungry', 'hungrY', 'fail body-hash-mismatch'],
      ['dinner', 'Dinner', 'fail signature-mismatch'],
      ['\r\nFrom:', '\r\nFrom: other@example.net\r\nFrom:', 'fail signature-mismatch'],
      ['\r\nFrom:', '\r\nCc: other@example.net\r\nFrom:', 'fail signature-mismatch'],
      ['\r\nFrom:', '\r\nContent-Type: text/html\r\nFrom:', 'fail signature-mismatch'],
      ['t=1528637909', 't=1528637908', 'fail signature-mismatch'],
    ]
    for (const [from, to, expected] of changes) {
      expect(message).toContain(from)
      expect(await tell(message.replace(from, to), { resolver })).toEqual([expected])
    }
  })

  test('spacing breaks simple and not relaxed [rfc6376 3.4]', async () => {
    const results = await Promise.all(
      FORMS.map(async (canonicalization) => {
        const message = await signed(MESSAGE, { key, canonicalization })
        const refolded = message.replace('Is dinner', 'Is  dinner')
        return [await tell(refolded, { resolver }), await tell(message.replace('Hi.', 'Hi. '), { resolver })].flat()
      }),
    )
    expect(results).toEqual([
      ['fail signature-mismatch', 'fail body-hash-mismatch'],
      ['fail signature-mismatch', 'pass'],
      ['pass', 'fail body-hash-mismatch'],
      ['pass', 'pass'],
    ])
  })
})

describe('verifyDkim: l=', () => {
  /** The example signed with `l=`, which signDkim does not do. */
  async function partly(bodyLength: number): Promise<string> {
    const { fields, body } = splitMessage(octets(MESSAGE))
    const unsigned = {
      algorithm: 'rsa-sha256',
      canonicalization: 'relaxed/relaxed',
      domain: DOMAIN,
      selector: 'test',
      identity: `@${DOMAIN}`,
      signedFields: ['from'],
      copiedFields: [],
      queryMethods: ['dns/txt'],
      bodyHash: (await hashBody(body, 'relaxed', bodyLength)).hash,
      bodyLength,
      signedAt: undefined,
      expiresAt: undefined,
    }
    const data = signedHeader(fields, ['from'], octets(formatUnsigned(unsigned)), 'relaxed')
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', keys['rsa-sha256'] as never, data as never)
    const value = encodeBase64(new Uint8Array(signature))
    return `${appendValue(formatUnsigned(unsigned), value)}\r\n${MESSAGE}`
  }
  const whole = 'Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n'.length

  test.each([
    ['all', whole, '', 'pass', 0],
    ['all, and more was added', whole, 'added\r\n', 'pass', 7],
    ['a part', 10, '', 'pass', whole - 10],
    ['nothing', 0, '', 'pass', whole],
    ['more than there is', whole + 1, '', 'fail body-too-short', undefined],
  ])('covers %s [rfc6376 3.5]', async (_, length, added, expected, unsignedOctets) => {
    // A length beyond the body is hashed like the body: the length alone is at fault.
    const [verdict] = await verifyDkim(octets((await partly(length)) + added), { resolver: zoneOfExample(), now: 0 })
    expect([verdict?.result, verdict?.reason].filter(Boolean).join(' ')).toBe(expected)
    expect(verdict?.unsignedOctets).toBe(unsignedOctets)
  })

  test('what it covers may not change', async () => {
    expect(await tell((await partly(10)).replace('Hi.', 'Ho.'))).toEqual(['fail body-hash-mismatch'])
    expect(await tell((await partly(10)).replace('Joe.', 'Ann.'))).toEqual(['pass'])
  })
})

describe('verifyDkim: limits', () => {
  test('no signature, no verdict', async () => {
    expect(await tell(MESSAGE)).toEqual([])
    expect(await tell('')).toEqual([])
  })

  test('signatures beyond the limit are told, and cost no query', async () => {
    const message = `${`${RSA_SIGNATURE.replace('s=test', 's=gone')}\r\n`.repeat(9)}${SIGNED_MESSAGE}`
    const resolver = zoneOfExample()
    const told = await tell(message, { resolver })
    expect(told).toEqual([...new Array(9).fill('permerror key-nxdomain'), 'pass', 'neutral too-many-signatures'])
    expect(resolver.queries.length).toBe(2)
    expect(await tell(message, { maxSignatures: 0 })).toEqual(new Array(11).fill('neutral too-many-signatures'))
    expect((await tell(message, { maxSignatures: 11 })).slice(9)).toEqual(['pass', 'pass'])
  })

  test.each([
    ['a line that is no field', `no field\r\n${SIGNED_MESSAGE}`, {}],
    ['a header over the limit', SIGNED_MESSAGE, { maxHeaderLength: 100 }],
  ])('%s is one verdict', async (_, message, options) => {
    const resolver = zoneOfExample()
    const verdicts = await verifyDkim(octets(message), { resolver, now: SIGNED_AT, ...options })
    expect(verdicts).toEqual([{ result: 'permerror', reason: 'bad-message', testing: false }])
  })

  test('bare LFs make it another message, not the same [rfc6376 2.8]', async () => {
    const told = await tell(SIGNED_MESSAGE.replaceAll('\r\n', '\n'))
    expect(told.every((one) => one.startsWith('permerror'))).toBe(true)
  })

  test('the order of the verdicts is that of the fields, whoever answers first', async () => {
    const zone = zoneOfExample()
    const slowFirst: Resolver = {
      async resolve<T extends RecordType>(name: string, type: T): Promise<Answer<T>> {
        if (name === KEY_NAME) await new Promise((done) => setTimeout(done, 20))
        return zone.resolve(name, type)
      },
    }
    const verdicts = await verifyDkim(octets(SIGNED_MESSAGE), { resolver: slowFirst, now: SIGNED_AT })
    expect(verdicts.map(({ signature }) => signature?.selector)).toEqual(['brisbane', 'test'])
  })

  test("the caller's signal reaches the resolver, and its reason the caller", async () => {
    const controller = new AbortController()
    controller.abort('enough')
    const options = { resolver: zoneOfExample(), now: SIGNED_AT, signal: controller.signal }
    await expect(verifyDkim(octets(SIGNED_MESSAGE), options)).rejects.toBe('enough')
  })

  test('any octets get verdicts, and nothing is thrown', async () => {
    const changed = fc
      .tuple(fc.nat({ max: SIGNED_MESSAGE.length - 1 }), fc.nat({ max: 255 }))
      .map(([at, octet]) => octets(SIGNED_MESSAGE).map((one, index) => (index === at ? octet : one)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), changed), async (message) => {
        const verdicts = await verifyDkim(message, { resolver: zoneOfExample(), now: SIGNED_AT })
        expect(verdicts.every(({ result, reason }) => (result === 'pass') === (reason === undefined))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('verifyDkim: where the runtime cannot verify', () => {
  beforeEach(() => stubBuiltins(undefined))
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  test('a value of another length is not shown to it, as some throw at one', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const short = SIGNED_MESSAGE.replace(/b=\/gCr[\s\S]*?==/, `b=${encodeBase64(new Uint8Array(63))}`)
    expect(await tell(short)).toEqual(['fail signature-mismatch', 'pass'])
    expect(verify).toHaveBeenCalledTimes(1)
  })

  test.each(['importKey', 'verify'] as const)('%s that throws is no failure of the message', async (method) => {
    vi.spyOn(crypto.subtle, method).mockRejectedValue(Object.assign(new Error('no'), { name: 'NotSupportedError' }))
    expect(await tell(SIGNED_MESSAGE)).toEqual(['neutral unsupported-algorithm', 'neutral unsupported-algorithm'])
  })
})
