import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '../../../test/property.ts'
import { discoverPolicy, evaluateDmarc, findOrganizationalDomain } from '../src/index.ts'
import { findRegistrableDomain } from '../src/psl.ts'

describe('findRegistrableDomain', () => {
  test.each([
    { name: 'a suffix of one label', domain: 'a.b.example.com', expected: 'example.com' },
    { name: 'a suffix of two', domain: 'mail.example.co.uk', expected: 'example.co.uk' },
    { name: 'a suffix of which all below are one', domain: 'a.b.c.kobe.jp', expected: 'b.c.kobe.jp' },
    { name: 'an exception of such a one', domain: 'a.city.kobe.jp', expected: 'city.kobe.jp' },
    { name: 'upper case and a final dot', domain: 'Mail.EXAMPLE.com.', expected: 'example.com' },
    { name: 'A-labels', domain: 'www.xn--85x722f.xn--fiqs8s', expected: 'xn--85x722f.xn--fiqs8s' },
    { name: 'underscored labels', domain: '_dmarc.a.example.com', expected: 'example.com' },
    { name: 'a top-level domain that is not listed', domain: 'a.b.example', expected: 'b.example' },
    { name: 'a suffix itself', domain: 'co.uk', expected: undefined },
    { name: 'a private suffix itself', domain: 'github.io', expected: undefined },
    { name: 'one label', domain: 'example', expected: undefined },
    { name: 'nothing', domain: '', expected: undefined },
    { name: 'a leading dot', domain: '.example.com', expected: undefined },
    { name: 'an empty label', domain: 'a..example.com', expected: undefined },
    { name: 'U-labels', domain: 'www.食狮.中国', expected: undefined },
    { name: 'a URL', domain: 'https://a.example.com/', expected: undefined },
    { name: 'a name that a NUL cuts', domain: 'a.example.com\0.example.net', expected: undefined },
  ])('takes $name [rfc7489 3.2]', ({ domain, expected }) => {
    expect(findRegistrableDomain(domain)).toBe(expected)
  })

  test('tells customers of one company apart unless told not to [rfc7489 A.6.1]', () => {
    expect(findRegistrableDomain('a.b.github.io')).toBe('b.github.io')
    expect(findRegistrableDomain('a.b.github.io', { privateSuffixes: false })).toBe('github.io')
  })

  test('gives nothing, or a name that ends the domain and stays the same [property]', () => {
    const suffix = fc.constantFrom('com', 'co.uk', 'kobe.jp', 'github.io', 'example', 'uk.com', 'ck')
    const labels = fc.array(fc.constantFrom('a', 'b-c', 'www', 'city'), { maxLength: 5 })
    fc.assert(
      fc.property(labels, suffix, fc.boolean(), (above, end, privateSuffixes) => {
        const domain = [...above, end].join('.')
        const found = findRegistrableDomain(domain, { privateSuffixes })
        if (found === undefined) return
        expect(`.${domain}`.endsWith(`.${found}`)).toBe(true)
        expect(findRegistrableDomain(found, { privateSuffixes })).toBe(found)
      }),
    )
  })

  test('never throws [property]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        findRegistrableDomain(text)
      }),
    )
  })
})

describe('with findRegistrableDomain as organizationalDomain', () => {
  const options = (resolver: MemoryZone) => ({ resolver, organizationalDomain: findRegistrableDomain })

  test('discoverPolicy: asks the domain and the one that was registered, and nothing between [rfc7489 6.6.3]', async () => {
    const zone = new MemoryZone().add('_dmarc.example.co.uk', 'TXT', 'v=DMARC1; p=reject; sp=quarantine')
    const found = await discoverPolicy('a.b.example.co.uk', options(zone))
    expect(found).toMatchObject({ status: 'found', domain: 'example.co.uk', tag: 'sp', policy: 'quarantine' })
    expect(found.queries.map(({ name }) => name)).toEqual(['_dmarc.a.b.example.co.uk', '_dmarc.example.co.uk'])
  })

  test('findOrganizationalDomain: gives a suffix for itself [rfc7489 3.2]', async () => {
    expect(await findOrganizationalDomain('co.uk', options(new MemoryZone()))).toBe('co.uk')
  })

  test.each([
    { name: 'one customer signs for itself', signer: 'shop.github.io', result: 'pass' },
    { name: 'another customer does not', signer: 'other.github.io', result: 'fail' },
    { name: 'nor does the company', signer: 'github.io', result: 'fail' },
  ])('evaluateDmarc: $name [rfc7489 3.1.1]', async ({ signer, result }) => {
    const zone = new MemoryZone().add('_dmarc.shop.github.io', 'TXT', 'v=DMARC1; p=reject')
    const identities = { authorDomains: ['a.shop.github.io'], dkim: [{ domain: signer, result: 'pass' }] }
    expect((await evaluateDmarc(identities, options(zone))).result).toBe(result)
  })
})
