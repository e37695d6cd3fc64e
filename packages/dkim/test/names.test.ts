import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import { describe, expect, test, vi } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { parseArcMessageSignature, parseArcSeal, sealArc, validateArc } from '../src/arc.ts'
import { type SignDkimOptions, signDkim, verifyDkim } from '../src/index.ts'
import { ED25519_RECORD } from './example.ts'
import { keys } from './verdicts.ts'

// Names with U-labels from the options of a signer to the verdict: RFC 8616 section 5, RFC 8617 section 4.1.4.
const DOMAIN = 'xn--bcher-kva.example'
const SIGNER = { domain: 'bücher.example', selector: 'ключ.1', key: keys['ed25519-sha256'] }
const ASCII = encodeUtf8(`From: ann@${DOMAIN}\r\n\r\nHi\r\n`)
const UTF8 = encodeUtf8('From: änn@bücher.example\r\n\r\nHi\r\n')

const zone = (record = ED25519_RECORD) => new MemoryZone().add(`xn--j1ac0b1a.1._domainkey.${DOMAIN}`, 'TXT', record)

const tagsOf = (field: string) =>
  Object.fromEntries([...field.matchAll(/[:;]\s*([dis])=\s*([^;\s]*)/g)].map(([, name, value]) => [name, value]))

async function sign(message: Uint8Array, options: Partial<SignDkimOptions> = {}) {
  const field = await signDkim(message, { ...SIGNER, ...options })
  const [verdict] = await verifyDkim(concatBytes([field, message]), { resolver: zone(), now: 0 })
  return { tags: tagsOf(decodeUtf8(field)), verdict }
}

describe('signDkim and verifyDkim', () => {
  test.each([
    { name: 'A-labels, if nothing else is said', message: UTF8, options: {}, d: DOMAIN, s: 'xn--j1ac0b1a.1' },
    { name: 'U-labels when asked', message: UTF8, options: { unicode: true }, d: 'bücher.example', s: 'ключ.1' },
    {
      name: 'U-labels of A-labels when asked',
      message: UTF8,
      options: { unicode: true, domain: DOMAIN, selector: 'xn--j1ac0b1a.1' },
      d: 'bücher.example',
      s: 'ключ.1',
    },
    {
      name: 'A-labels in a header that is US-ASCII',
      message: ASCII,
      options: { unicode: true },
      d: DOMAIN,
      s: 'xn--j1ac0b1a.1',
    },
  ])('$name [rfc8616 5]', async ({ message, options, d, s }) => {
    const { tags, verdict } = await sign(message, options)
    expect(tags).toEqual({ d, s })
    expect(verdict).toMatchObject({
      result: 'pass',
      signature: { domain: DOMAIN, selector: 'xn--j1ac0b1a.1', identity: `@${DOMAIN}` },
    })
  })

  test.each([
    { name: 'an identity in A-labels', identity: '@post.bücher.example', message: ASCII, i: `@post.${DOMAIN}` },
    {
      name: 'an identity in U-labels when asked',
      identity: `@post.${DOMAIN}`,
      message: UTF8,
      unicode: true,
      i: '@post.bücher.example',
    },
    { name: 'UTF-8 before the at sign', identity: 'änn@bücher.example', message: UTF8, i: `änn@${DOMAIN}` },
  ])('$name [rfc8616 5]', async ({ message, i, ...options }) => {
    const { tags, verdict } = await sign(message, options)
    expect(tags.i).toBe(i)
    expect(verdict?.result).toBe('pass')
  })

  test.each([
    ['a domain in NFD', { domain: 'bu\u0308cher.example' }, 'DKIM_BAD_LABEL'],
    ['a selector with a full-width dot', { selector: 'a．b' }, 'DKIM_BAD_LABEL'],
    ['an identity that is no U-label', { identity: '@ｂücher.example' }, 'DKIM_BAD_LABEL'],
    ['an identity of another domain', { identity: '@bücherr.example' }, 'DKIM_BAD_IDENTITY'],
    ['an identity with a line separator', { identity: 'a\u2028@bücher.example' }, 'DKIM_BAD_IDENTITY'],
    ['half of a surrogate pair in an identity', { identity: '\ud800@bücher.example' }, 'DKIM_BAD_IDENTITY'],
  ] as const)('refuses %s [rfc8616 5]', async (_, options, code) => {
    expect(await rejectionOf(() => sign(UTF8, options))).toBe(code)
  })

  test('refuses UTF-8 in the identity of a header that is US-ASCII [rfc6376 3.5]', async () => {
    expect(await rejectionOf(() => sign(ASCII, { identity: 'änn@bücher.example' }))).toBe('DKIM_BAD_IDENTITY')
  })

  test.each(['d=ｂank.example; s=s', 'd=bank。example; s=s', 'd=bank.example; s=s; i=@b\u0430nk\u200b.example'])(
    '%s is refused without a question [rfc8616 5]',
    async (tags) => {
      const field = `DKIM-Signature: v=1; a=ed25519-sha256; ${tags}; h=from; bh=AAAA; b=AAAA\r\n`
      const resolver = zone()
      const verdicts = await verifyDkim(concatBytes([encodeUtf8(field), UTF8]), { resolver, now: 0 })
      expect(verdicts).toEqual([{ result: 'permerror', reason: 'bad-label', testing: false }])
      expect(resolver.queries).toEqual([])
    },
  )

  test('t=s is held against names in one form [rfc6376 3.6.1]', async () => {
    const strict = zone(`${ED25519_RECORD}; t=s`)
    const reasons = async (identity: string) => {
      const field = await signDkim(UTF8, { ...SIGNER, unicode: true, identity })
      const [verdict] = await verifyDkim(concatBytes([field, UTF8]), { resolver: strict, now: 0 })
      return verdict?.reason
    }
    expect(await reasons(`ann@${DOMAIN}`)).toBeUndefined()
    expect(await reasons('ann@post.bücher.example')).toBe('key-not-for-identity')
  })
})

test.each(['d', 's', 'i'])('verifyDkim: %s= of many U-labels costs few URLs [rfc1035 2.3.4]', async (tag) => {
  const tags = {
    d: 'bücher.example',
    s: 's',
    i: '@bücher.example',
    [tag]: `${tag === 'i' ? '@' : ''}${'ü.'.repeat(20_000)}ü`,
  }
  const list = Object.entries(tags).map(([name, value]) => `${name}=${value}; `)
  const field = `DKIM-Signature: v=1; a=ed25519-sha256; ${list.join('')}h=from; bh=AAAA; b=AAAA\r\n`
  const made = vi.spyOn(globalThis, 'URL')
  const [verdict] = await verifyDkim(concatBytes([encodeUtf8(field), UTF8]), { resolver: zone(), now: 0 })
  const count = made.mock.calls.length
  made.mockRestore()
  expect(verdict?.reason).toMatch(/^bad-(?:domain|label)$/)
  expect(count).toBeLessThan(10)
})

describe('sealArc and validateArc', () => {
  const options = {
    ...SIGNER,
    validation: { result: 'none', sets: [], nextInstance: 1 },
    authenticationResults: 'bücher.example; none',
  } as const

  test.each([
    { unicode: false, d: DOMAIN, s: 'xn--j1ac0b1a.1' },
    { unicode: true, d: 'bücher.example', s: 'ключ.1' },
  ])('names in both fields, with unicode: $unicode [rfc8617 4.1.4]', async ({ unicode, d, s }) => {
    const set = (await sealArc(UTF8, { ...options, unicode }))!
    const [seal, signature] = splitMessage(set).fields.map(({ bytes }) => decodeUtf8(bytes))
    expect([tagsOf(seal!), tagsOf(signature!)]).toEqual([
      { d, i: '1', s },
      { d, i: '1', s },
    ])
    expect(parseArcSeal(seal!)).toMatchObject({ domain: DOMAIN, selector: 'xn--j1ac0b1a.1' })
    expect(parseArcMessageSignature(signature!)).toMatchObject({ domain: DOMAIN, selector: 'xn--j1ac0b1a.1' })
    const verdict = await validateArc(concatBytes([set, UTF8]), { resolver: zone(), now: 0 })
    expect(verdict).toMatchObject({ result: 'pass', sets: [{ seal: { domain: DOMAIN } }] })
  })

  test('a name that is no U-label is told, and nothing is asked [rfc8617 4.1.4]', async () => {
    const set = decodeUtf8((await sealArc(UTF8, { ...options, unicode: true }))!)
    const resolver = zone()
    const broken = encodeUtf8(set.replace('d=bücher.', 'd=bücher．') + decodeUtf8(UTF8))
    expect(await validateArc(broken, { resolver, now: 0 })).toMatchObject({
      result: 'fail',
      reason: 'bad-label',
      field: 'seal',
    })
    expect(resolver.queries).toEqual([])
  })
})
