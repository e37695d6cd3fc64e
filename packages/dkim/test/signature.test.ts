import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type DkimSignature, parseDkimSignature } from '../src/index.ts'
import { appendValue, formatUnsigned, isFieldName } from '../src/signature.ts'
import { ED25519_SIGNATURE, RSA_SIGNATURE, SIGNED_AT } from './example.ts'

const REQUIRED = { v: '1', a: 'rsa-sha256', d: 'example.com', s: 'mail', h: 'from', bh: 'AAAA', b: 'BBBB' }

/** A field with the required tags, some of them changed, added, or with `undefined` left out. */
function fieldWith(tags: Record<string, string | undefined> = {}): string {
  const all = Object.entries<string | undefined>({ ...REQUIRED, ...tags }).filter(([, value]) => value !== undefined)
  return `DKIM-Signature: ${all.map(([name, value]) => `${name}=${value}`).join('; ')}`
}

describe('parseDkimSignature', () => {
  test('reads the example [rfc8463 A.3]', () => {
    expect(parseDkimSignature(ED25519_SIGNATURE)).toEqual({
      algorithm: 'ed25519-sha256',
      canonicalization: 'relaxed/relaxed',
      copiedFields: [],
      domain: 'football.example.com',
      selector: 'brisbane',
      identity: '@football.example.com',
      signedFields: ['from', 'to', 'subject', 'date', 'message-id', 'from', 'subject', 'date'],
      queryMethods: ['dns/txt'],
      bodyHash: '2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=',
      value: '/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
      bodyLength: undefined,
      signedAt: SIGNED_AT,
      expiresAt: undefined,
    })
    expect(parseDkimSignature(RSA_SIGNATURE).algorithm).toBe('rsa-sha256')
  })

  test.each<[string, Record<string, string>, Partial<DkimSignature>, string]>([
    ['no c=', {}, { canonicalization: 'simple/simple' }, 'rfc6376 3.5'],
    ['c= for the header alone', { c: 'relaxed' }, { canonicalization: 'relaxed/simple' }, 'rfc6376 3.5'],
    ['both forms of c=', { c: 'simple/relaxed' }, { canonicalization: 'simple/relaxed' }, 'rfc6376 3.5'],
    ['a form of c= that is not known', { c: 'nowsp' }, { canonicalization: 'nowsp/simple' }, 'rfc6376 3.5'],
    ['an algorithm that is not known', { a: 'dsa-sha3' }, { algorithm: 'dsa-sha3' }, 'rfc6376 3.5'],
    ['no i=', {}, { identity: '@example.com' }, 'rfc6376 3.5'],
    ['i= of a user', { i: 'joe@mail.example.com' }, { identity: 'joe@mail.example.com' }, 'rfc6376 3.5'],
    ['i= in its quoting', { i: 'joe=3Bx@example.com' }, { identity: 'joe=3Bx@example.com' }, 'rfc6376 2.11'],
    ['i= that is folded', { i: 'joe\r\n @example.com' }, { identity: 'joe@example.com' }, 'rfc6376 2.11'],
    ['d= in upper case', { d: 'EXAMPLE.Com' }, { domain: 'example.com', identity: '@example.com' }, 'rfc5890'],
    ['s= of two labels with underscores', { s: 'a_1.b' }, { selector: 'a_1.b' }, 'tolerated'],
    ['h= with white space', { h: 'From :\r\n To:Cc' }, { signedFields: ['From', 'To', 'Cc'] }, 'rfc6376 3.5'],
    ['q= with several', { q: 'x/y:dns/txt' }, { queryMethods: ['x/y', 'dns/txt'] }, 'rfc6376 3.5'],
    ['l=', { l: '0' }, { bodyLength: 0 }, 'rfc6376 3.5'],
    ['l= of 76 digits', { l: '9'.repeat(76) }, { bodyLength: 1e76 }, 'rfc6376 3.5'],
    ['t= and x=', { t: '1', x: '2' }, { signedAt: 1000, expiresAt: 2000 }, 'rfc6376 3.5'],
    ['t= of 12 digits', { t: '999999999999' }, { signedAt: 999_999_999_999_000 }, 'rfc6376 3.5'],
    ['folded Base64', { b: 'AA\r\n\tA A' }, { value: 'AAAA' }, 'rfc6376 3.5'],
    ['a tag that is not known', { zz: 'any thing' }, {}, 'rfc6376 3.2'],
  ])('takes %s [$3]', (_, tags, expected) => {
    expect(parseDkimSignature(fieldWith(tags))).toMatchObject(expected)
  })

  test('takes a field name in any case, with white space after it, and no space after the colon', () => {
    const field = fieldWith().slice('DKIM-Signature: '.length)
    expect(parseDkimSignature(`dkim-signature \t:${field}`)).toEqual(parseDkimSignature(fieldWith()))
  })

  test.each<[string, Record<string, string | undefined>, string, string]>([
    ...Object.keys(REQUIRED).map(
      (name) => [`no ${name}=`, { [name]: undefined }, 'DKIM_MISSING_TAG', 'rfc6376 3.5'] as never,
    ),
    ['v=2', { v: '2' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['v=01', { v: '01' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['V= for v=', { v: undefined, V: '1' }, 'DKIM_MISSING_TAG', 'rfc6376 3.2'],
    ['a= without a hash', { a: 'rsa' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty a=', { a: '' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['c= of three', { c: 'a/b/c' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['c= that ends in a slash', { c: 'simple/' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty d=', { d: '' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['d= of one label', { d: 'com' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['d= with a final dot', { d: 'example.com.' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['d= with an underscore', { d: '_a.example.com' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['d= with a space', { d: 'a example.com' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['d= with quotes', { d: '"a".example.com' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['d= with a parenthesis', { d: 'attacker.example(.victim.example' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['d= in NFD', { d: 'bu\u0308cher.example' }, 'DKIM_BAD_LABEL', 'rfc5891 4.2.1'],
    ['d= with a Kelvin sign', { d: 'ban\u212a.example' }, 'DKIM_BAD_LABEL', 'rfc5891 4.2.1'],
    ['d= with a full-width dot', { d: 'bank．example' }, 'DKIM_BAD_LABEL', 'rfc5895 2'],
    ['d= too long in A-labels', { d: `${'bücher.'.repeat(20)}example` }, 'DKIM_BAD_LABEL', 'rfc1035 2.3.4'],
    ['d= of one U-label', { d: 'рф' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['s= with an underscore among letters of a U-label', { s: 'ü_a' }, 'DKIM_BAD_LABEL', 'rfc5890 2.3.1'],
    ['s= too long before d= in A-labels', { s: `${'ü.'.repeat(30)}a` }, 'DKIM_BAD_DOMAIN', 'rfc1035 2.3.4'],
    ['i= with full-width letters', { i: 'joe@ｅxample.com' }, 'DKIM_BAD_LABEL', 'rfc5892 2.2'],
    ['NUL in s=', { s: 'a.attacker.example\0.x' }, 'DKIM_BAD_TAG_LIST', 'security'],
    ['a backslash in s=', { s: 'a\\000' }, 'DKIM_BAD_DOMAIN', 'security'],
    ['an empty s=', { s: '' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['s= with an empty label', { s: 'a..b' }, 'DKIM_BAD_DOMAIN', 'rfc6376 3.5'],
    ['a name of over 253 octets', { s: `${'a.'.repeat(120)}a` }, 'DKIM_BAD_DOMAIN', 'rfc1035 2.3.4'],
    ['i= without @', { i: 'example.com' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['i= without a domain', { i: 'joe@' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty h=', { h: '' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty name in h=', { h: 'from::to' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['a colon at the end of h=', { h: 'from:' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['a space within a name in h=', { h: 'fr om' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['l= below zero', { l: '-1' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['l= of 77 digits', { l: '1'.repeat(77) }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty l=', { l: '' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['t= of 13 digits', { t: '1'.repeat(13) }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['t= with a fraction', { t: '1.5' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['x= not after t=', { t: '5', x: '5' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['x= in hexadecimal', { x: '0xff' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['an empty b=', { b: '' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['a stray character in b=', { b: 'BB*B' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['a cut bh=', { bh: 'AAA' }, 'DKIM_BAD_TAG', 'rfc6376 3.5'],
    ['b= twice', { b: 'BBBB; b=CCCC' }, 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
    ['a tag without a value', { b: 'BBBB; x' }, 'DKIM_BAD_TAG_LIST', 'rfc6376 3.2'],
  ])('refuses %s [$3]', async (_, tags, code) => {
    expect(await rejectionOf(() => parseDkimSignature(fieldWith(tags)))).toBe(code)
  })

  test.each([
    ['another field', 'ARC-Seal: v=1'],
    ['the value alone', fieldWith().slice('DKIM-Signature: '.length)],
    ['nothing', ''],
    ['a line before it', `X: y\r\n${fieldWith()}`],
  ])('refuses %s', async (_, field) => {
    expect(await rejectionOf(() => parseDkimSignature(field))).toBe('DKIM_BAD_FIELD')
  })

  test.each([
    { d: 'bücher.example', s: 'ключ.2026', i: 'jörg@post.bücher.example' },
    { d: 'xn--bcher-kva.example', s: 'xn--j1ac0b1a.2026', i: 'jörg@post.bücher.example' },
    { d: 'BÜCHER.Example', s: 'ключ.2026', i: 'jörg@post.xn--bcher-kva.example' },
  ])('gives names in A-labels: %j [rfc8616 5]', (tags) => {
    expect(parseDkimSignature(fieldWith(tags))).toMatchObject({
      domain: 'xn--bcher-kva.example',
      selector: 'xn--j1ac0b1a.2026',
      identity: 'jörg@post.xn--bcher-kva.example',
    })
  })

  test('any tags are refused by a code, or read', async () => {
    const value = fc.string({
      unit: fc.constantFrom('a', '.', '@', '-', '/', ':', ' ', '=', '1', 'é', ';', '\0', '\r\n '),
    })
    const tags = fc.dictionary(fc.constantFrom('v', 'a', 'b', 'bh', 'c', 'd', 'h', 'i', 'l', 'q', 's', 't', 'x'), value)
    await fc.assert(
      fc.asyncProperty(tags, async (changed) => {
        expect(await rejectionOf(() => parseDkimSignature(fieldWith(changed)))).toMatch(
          /^(?:none|DKIM_(?:BAD_(?:TAG|TAG_LIST|DOMAIN|LABEL)|MISSING_TAG))$/,
        )
      }),
    )
  })
})

describe('formatUnsigned and appendValue', () => {
  const format = (signature: DkimSignature): string => appendValue(formatUnsigned(signature), signature.value)
  const name = fc.constantFrom('from', 'to', 'subject', 'list-unsubscribe-post', 'x'.repeat(70))
  const base64 = fc.stringMatching(/^(?:[A-Za-z0-9+/]{4}){1,200}$/)
  const seconds = fc.integer({ min: 0, max: 4e11 }).map((time) => time * 1000)
  const signature: fc.Arbitrary<DkimSignature> = fc.record({
    algorithm: fc.constantFrom('rsa-sha256', 'ed25519-sha256'),
    canonicalization: fc.constantFrom('simple/simple', 'relaxed/simple'),
    domain: fc.constantFrom('example.com', `${'a'.repeat(60)}.${'b'.repeat(60)}.example`),
    selector: fc.constantFrom('mail', `${'s'.repeat(60)}`),
    identity: fc.constantFrom('@example.com', 'joe@mail.example.com'),
    signedFields: fc.array(name, { minLength: 1, maxLength: 40 }),
    copiedFields: fc.array(
      fc
        .string({ unit: fc.constantFrom('a', ' ', '\r\n\t', '|', '=', ';', 'é', ':') })
        .map((value) => `Subject:${value}`),
    ),
    queryMethods: fc.constant(['dns/txt']),
    bodyHash: fc.constant('2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8='),
    value: base64,
    bodyLength: fc.option(fc.nat(), { nil: undefined }),
    signedAt: fc.option(seconds, { nil: undefined }),
    expiresAt: fc.option(
      seconds.map((time) => time + 5e14),
      { nil: undefined },
    ),
  })

  test('what it writes is read as the same', () => {
    fc.assert(
      fc.property(signature, (value) => {
        expect(parseDkimSignature(format(value))).toEqual(value)
      }),
    )
  })

  test('lines have 78 columns at most, where no name is longer [rfc5322 2.1.1]', () => {
    fc.assert(
      fc.property(signature, (value) => {
        const lines = format({ ...value, domain: 'example.com' }).split('\r\n')
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78)
        expect(lines.slice(1).every((line) => /^ [^ ]/.test(line))).toBe(true)
      }),
    )
  })

  test('the value is the last tag', () => {
    fc.assert(
      fc.property(signature, (value) => {
        expect(formatUnsigned(value).endsWith(' b=')).toBe(true)
      }),
    )
  })
})

test.each([
  ['From', true],
  ['X-Odd!#$%/=~', true],
  ['', false],
  ['a:b', false],
  ['a;b', false],
  ['a b', false],
  ['a\r\n', false],
  ['é', false],
])('isFieldName: %j is %s [rfc5322 3.6.8]', (text, expected) => {
  expect(isFieldName(text)).toBe(expected)
})
