import { MailError } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatArcAuthenticationResults,
  formatArcMessageSignature,
  formatArcSeal,
  parseArcAuthenticationResults,
  parseArcMessageSignature,
  parseArcSeal,
} from '../../src/arc.ts'

const SEAL = 'i=1; cv=none; a=rsa-sha256; d=Lists.Example; s=arc; t=12345; b=AA\r\n AA'
const SIGNATURE = 'i=2; a=rsa-sha256; c=relaxed/simple; d=lists.example; s=arc; h=From : to; bh=AAAA; b=AAAA'

const parsers = { seal: parseArcSeal, signature: parseArcMessageSignature, results: parseArcAuthenticationResults }
const names = { seal: 'ARC-Seal', signature: 'ARC-Message-Signature', results: 'ARC-Authentication-Results' }

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

test('parseArcSeal: what each tag says [rfc8617 4.1.3]', () => {
  expect(parseArcSeal(`ARC-Seal: ${SEAL}`)).toEqual({
    instance: 1,
    chainStatus: 'none',
    algorithm: 'rsa-sha256',
    domain: 'lists.example',
    selector: 'arc',
    value: 'AAAA',
    signedAt: 12_345_000,
  })
})

test('parseArcMessageSignature: what each tag says [rfc8617 4.1.2]', () => {
  expect(parseArcMessageSignature(`arc-message-signature : ${SIGNATURE}; l=3; v=2; q=dns/txt; x=5; t=4`)).toEqual({
    instance: 2,
    algorithm: 'rsa-sha256',
    canonicalization: 'relaxed/simple',
    domain: 'lists.example',
    selector: 'arc',
    signedFields: ['From', 'to'],
    queryMethods: ['dns/txt'],
    bodyHash: 'AAAA',
    value: 'AAAA',
    bodyLength: 3,
    signedAt: 4000,
    expiresAt: 5000,
  })
})

test.each([
  { name: 'empty', h: '', expected: [] },
  { name: 'empty names', h: ' from::to : ', expected: ['from', 'to'] },
  { name: 'other fields of ARC', h: 'arc-authentication-results', expected: ['arc-authentication-results'] },
])('parseArcMessageSignature: h= with $name', ({ h, expected }) => {
  const field = `ARC-Message-Signature: ${SIGNATURE.replace('From : to', h)}`
  expect(parseArcMessageSignature(field).signedFields).toEqual(expected)
})

test('parseArcMessageSignature: without c= it is relaxed', () => {
  const field = `ARC-Message-Signature: ${SIGNATURE.replace(/c=[^;]*;/, '')}`
  expect(parseArcMessageSignature(field).canonicalization).toBe('relaxed/relaxed')
})

test.each([
  { text: 'i=1; mx.example; spf=pass', instance: 1, authservId: 'mx.example', results: 'mx.example; spf=pass' },
  {
    text: ' (a (b) \\) ) i (c) = (d) 50 (e); "m\\"x" 1 ; none',
    instance: 50,
    authservId: 'm"x',
    results: '"m\\"x" 1 ; none',
  },
  {
    text: 'i=3;\r\n\t(c) mx.example (d) 1 (e); a=b',
    instance: 3,
    authservId: 'mx.example',
    results: '(c) mx.example (d) 1 (e); a=b',
  },
  { text: 'i=3; spf=pass', instance: 3, authservId: undefined, results: 'spf=pass' },
  { text: 'i=3; mx.example', instance: 3, authservId: undefined, results: 'mx.example' },
  { text: 'i=3; (mx.example;', instance: 3, authservId: undefined, results: '(mx.example;' },
])('parseArcAuthenticationResults: $text [rfc8617 4.1.1]', ({ text, ...expected }) => {
  expect(parseArcAuthenticationResults(`ARC-Authentication-Results: ${text}`)).toEqual(expected)
})

describe.each([
  ['seal', SEAL, 'i=1'],
  ['signature', SIGNATURE, 'i=2'],
  ['results', 'i=1; mx.example; none', 'i=1'],
] as const)('%s', (kind, text, instance) => {
  test.each(['i=0', 'i=51', 'i=100', 'i=x', 'i=1x', 'i=', 'I=1', 'i=-1', 'j=1'])(
    '%s: no number of a set [rfc8617 4.2.1]',
    (wrong) => {
      const code = codeOf(() => parsers[kind](`${names[kind]}: ${text.replace(instance, wrong)}`))
      const untagged = kind !== 'results' && /^[Ij]/.test(wrong)
      expect(code).toBe(untagged ? 'DKIM_MISSING_TAG' : 'ARC_BAD_INSTANCE')
    },
  )

  test('another field is refused', () => {
    expect(codeOf(() => parsers[kind](`DKIM-Signature: ${text}`))).toBe('ARC_BAD_FIELD')
    expect(codeOf(() => parsers[kind](text))).toBe('ARC_BAD_FIELD')
  })

  test('arbitrary text throws nothing but MailError', () => {
    fc.assert(fc.property(fc.string(), (rest) => void codeOf(() => parsers[kind](`${names[kind]}:${rest}`))))
    fc.assert(fc.property(fc.string(), (rest) => void codeOf(() => parsers[kind](`${names[kind]}:${text}${rest}`))))
  })
})

test.each([
  { name: 'names fields', from: 's=arc', to: 's=arc; h=from', code: 'ARC_FORBIDDEN_TAG' },
  { name: 'cv in another case', from: 'cv=none', to: 'cv=None', code: 'DKIM_BAD_TAG' },
  { name: 'no cv', from: 'cv=none;', to: '', code: 'DKIM_MISSING_TAG' },
  { name: 'a tag twice', from: 'cv=none', to: 'cv=none; cv=none', code: 'DKIM_BAD_TAG_LIST' },
  { name: 'a NUL in the selector', from: 's=arc', to: 's=a\0c', code: 'DKIM_BAD_TAG_LIST' },
  { name: 'a selector that is no name', from: 's=arc', to: 's=a..c', code: 'DKIM_BAD_DOMAIN' },
  { name: 'a domain of one label', from: 'Lists.Example', to: 'example', code: 'DKIM_BAD_DOMAIN' },
  { name: 'a time that is none', from: 't=12345', to: 't=now', code: 'DKIM_BAD_TAG' },
  { name: 'no value', from: /b=.*/s, to: 'b=', code: 'DKIM_BAD_TAG' },
])('parseArcSeal: refuses $name', ({ from, to, code }) => {
  expect(codeOf(() => parseArcSeal(`ARC-Seal: ${SEAL.replace(from, to)}`))).toBe(code)
})

test.each([
  { name: 'of the seal', from: 'From', to: 'ARC-Seal', code: 'ARC_FORBIDDEN_FIELD' },
  { name: 'without h=', from: /h=[^;]*;/, to: '', code: 'DKIM_MISSING_TAG' },
  { name: 'of what is no name', from: 'From', to: 'a b', code: 'DKIM_BAD_TAG' },
  { name: 'without bh=', from: 'bh=AAAA;', to: '', code: 'DKIM_MISSING_TAG' },
  { name: 'with an empty c=', from: 'relaxed/simple', to: '', code: 'DKIM_BAD_TAG' },
])('parseArcMessageSignature: refuses one $name', ({ from, to, code }) => {
  expect(codeOf(() => parseArcMessageSignature(`ARC-Message-Signature: ${SIGNATURE.replace(from, to)}`))).toBe(code)
})

test('parseArcAuthenticationResults: refuses a set without results, or with controls', () => {
  for (const results of ['', ' ', 'mx.example; \0', '\r\n\r\n mx.example; none', 'mx.example; \r']) {
    expect(codeOf(() => parseArcAuthenticationResults(`ARC-Authentication-Results: i=1;${results}`))).toBe(
      'ARC_BAD_RESULTS',
    )
  }
})

test.each(['', 'spf=pass', 'mx.example; a\r\nBcc: b', 'mx.example; \0', 'mx.example'])(
  'formatArcAuthenticationResults: refuses %j',
  (results) => {
    expect(codeOf(() => formatArcAuthenticationResults({ instance: 1, results }))).toBe('ARC_BAD_RESULTS')
  },
)

const hex = fc
  .string({ unit: fc.constantFrom(...'ABCD'), minLength: 1, maxLength: 200 })
  .map((text) => `${text}${text}${text}${text}`)
const time = fc.option(
  fc.integer({ min: 0, max: 1e9 }).map((seconds) => seconds * 1000),
  { nil: undefined },
)
const signer = {
  instance: fc.integer({ min: 1, max: 50 }),
  algorithm: fc.constantFrom('rsa-sha256', 'ed25519-sha256'),
  domain: fc.constantFrom('a.example', `${'b'.repeat(60)}.example`),
  selector: fc.constantFrom('s', 'x.y'),
  value: hex,
  signedAt: time,
}
const options = fc.record({ lineLength: fc.constantFrom(78, 100, 998) })

test('formatArcSeal: is read again as the same, in lines as long as wanted', () => {
  const seals = fc.record({ ...signer, chainStatus: fc.constantFrom('none', 'pass', 'fail') })
  fc.assert(
    fc.property(seals, options, (seal, how) => {
      const text = formatArcSeal(seal, how)
      expect(parseArcSeal(text)).toEqual(seal)
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(how.lineLength)
    }),
  )
})

test('formatArcMessageSignature: is read again as the same, in lines as long as wanted', () => {
  const signatures = fc.record({
    ...signer,
    canonicalization: fc.constantFrom('simple/simple', 'relaxed/relaxed'),
    signedFields: fc.array(fc.constantFrom('from', 'list-unsubscribe-post', 'x')),
    queryMethods: fc.constantFrom(['dns/txt'], ['x', 'dns/txt']),
    bodyHash: hex.map((text) => text.slice(0, 40)),
    bodyLength: fc.option(fc.nat(), { nil: undefined }),
    expiresAt: fc.option(fc.constant(2e12), { nil: undefined }),
  })
  fc.assert(
    fc.property(signatures, options, (signature, how) => {
      const text = formatArcMessageSignature(signature, how)
      expect(parseArcMessageSignature(text)).toEqual(signature)
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(how.lineLength)
    }),
  )
})

test('formatArcAuthenticationResults: is read again as the same', () => {
  const results = `mx.example; ${Array.from({ length: 40 }, (_, index) => `dkim=pass header.i=@d${index}.example`).join('; ')}`
  const text = formatArcAuthenticationResults({ instance: 7, results })
  expect(parseArcAuthenticationResults(text)).toEqual({ instance: 7, authservId: 'mx.example', results })
  expect(text.split('\r\n').every((line) => line.length <= 78)).toBe(true)
})
