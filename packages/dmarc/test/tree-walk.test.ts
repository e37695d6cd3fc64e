import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '../../../test/property.ts'
import { rejectionOf } from '../../../test/failure.ts'
import { discoverPolicy, evaluateDmarc, findOrganizationalDomain } from '../src/index.ts'
import { walkDomains } from '../src/tree-walk.ts'

const label = fc.constantFrom('a', 'b', 'c')
const domains = fc.array(label, { minLength: 1, maxLength: 12 }).map((labels) => labels.join('.'))
const psds = fc.constantFrom('', '; psd=y', '; psd=n')
const zones = fc.array(fc.tuple(domains, psds), { maxLength: 6 }).map((records) => {
  const zone = new MemoryZone()
  for (const [domain, psd] of records) zone.add(`_dmarc.${domain}`, 'TXT', `v=DMARC1; p=reject${psd}`)
  return zone
})

describe('walkDomains', () => {
  test.each([
    ['example', ['example']],
    ['a.b.example', ['a.b.example', 'b.example', 'example']],
    [
      '1.2.3.4.5.6.7.8',
      ['1.2.3.4.5.6.7.8', '2.3.4.5.6.7.8', '3.4.5.6.7.8', '4.5.6.7.8', '5.6.7.8', '6.7.8', '7.8', '8'],
    ],
  ])('gives the names for %s [rfc9989 4.10]', (domain, expected) => {
    expect(walkDomains(domain)).toEqual(expected)
  })

  test('gives no more than eight, however deep [property]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (count) => {
        const labels = Array.from({ length: count }, () => 'a')
        expect(walkDomains(labels.join('.')).length).toBe(Math.min(count, 8))
      }),
    )
  })
})

describe('findOrganizationalDomain', () => {
  test('gives the domain or one above it, with eight questions at most [property]', async () => {
    await fc.assert(
      fc.asyncProperty(domains, zones, async (domain, zone) => {
        const found = await findOrganizationalDomain(domain, { resolver: zone })
        expect(domain === found || domain.endsWith(`.${found}`)).toBe(true)
        expect(zone.queries.length).toBeLessThanOrEqual(8)
      }),
    )
  })

  test('finds the organizational domain of an organizational domain to be itself [property]', async () => {
    const plain = fc.array(label, { minLength: 1, maxLength: 7 }).map((labels) => labels.join('.'))
    await fc.assert(
      fc.asyncProperty(plain, zones, async (domain, zone) => {
        const found = (await findOrganizationalDomain(domain, { resolver: zone }))!
        expect(await findOrganizationalDomain(found, { resolver: zone })).toBe(found)
      }),
    )
  })

  test('gives nothing when the DNS does not answer [rfc9989 5.3.6]', async () => {
    const zone = new MemoryZone().fail('_dmarc.example', 'servfail')
    expect(await findOrganizationalDomain('a.example', { resolver: zone })).toBeUndefined()
  })

  test.each(['', 'a..b', 'a\0.b', 'bücher.example', '[192.0.2.1]'])('refuses %j [rfc1035 2.3.4]', async (domain) => {
    const resolver = new MemoryZone()
    expect(await rejectionOf(() => findOrganizationalDomain(domain, { resolver }))).toBe('DMARC_BAD_DOMAIN')
    expect(await rejectionOf(() => discoverPolicy(domain, { resolver }))).toBe('DMARC_BAD_DOMAIN')
    expect(resolver.queries).toEqual([])
  })
})

describe('discoverPolicy', () => {
  const lastTwo = (domain: string) => domain.split('.').slice(-2).join('.')

  test('asks the domain and the one that is injected, and nothing else [rfc7489 6.6.3]', async () => {
    const zone = new MemoryZone().add('_dmarc.b.example', 'TXT', 'v=DMARC1; p=reject')
    const found = await discoverPolicy('x.a.b.example', { resolver: zone, organizationalDomain: lastTwo })
    expect(found).toMatchObject({ status: 'found', domain: 'b.example', source: 'organizational', policy: 'reject' })
    expect(zone.queries.map(({ name }) => name)).toEqual(['_dmarc.x.a.b.example', '_dmarc.b.example'])
  })

  test.each([
    ['nothing', () => undefined],
    ['a stranger', () => 'other.test'],
    ['no name', () => 'a b'],
    ['a name that only ends alike', () => 'b.example'],
  ])('takes the domain itself when %s is injected [rfc9989 4.10.2]', async (_, organizationalDomain) => {
    const zone = new MemoryZone().add('_dmarc.b.example', 'TXT', 'v=DMARC1; p=reject')
    expect((await discoverPolicy('ab.example', { resolver: zone, organizationalDomain })).status).toBe('none')
    expect(zone.queries.map(({ name }) => name)).toEqual(['_dmarc.ab.example'])
  })

  test('rejects with the reason of the signal', async () => {
    const resolver = new MemoryZone()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(discoverPolicy('a.example', { resolver, signal })).rejects.toThrow('enough')
  })
})

describe('evaluateDmarc', () => {
  const lastTwo = (domain: string) => domain.split('.').slice(-2).join('.')

  test('aligns by what is injected [rfc7489 3.2]', async () => {
    const resolver = new MemoryZone().add('_dmarc.b.example', 'TXT', 'v=DMARC1; p=reject')
    const dkim = [{ domain: 'y.b.example', result: 'pass' }]
    const options = { resolver, organizationalDomain: lastTwo }
    const verdict = await evaluateDmarc({ authorDomains: ['x.b.example'], dkim }, options)
    expect(verdict).toMatchObject({ result: 'pass', discovery: 'injected', organizationalDomain: 'b.example' })
    expect(verdict.queries.map(({ name }) => name)).toEqual(['_dmarc.x.b.example', '_dmarc.b.example'])
  })

  test.each([0, 1, 3, 10])('walks for %i domains at most [security]', async (maxWalks) => {
    const zone = new MemoryZone().add('_dmarc.d.example', 'TXT', 'v=DMARC1; p=reject')
    zone.add('_dmarc.n.d.example', 'TXT', 'v=DMARC1; p=none; psd=n')
    const dkim = Array.from({ length: 1000 }, (_, index) => ({ domain: `${index}.n.d.example`, result: 'pass' }))
    const verdict = await evaluateDmarc({ authorDomains: ['d.example'], dkim }, { resolver: zone, maxWalks })
    expect(verdict.result).toBe('fail')
    expect(zone.queries.length).toBe(2 + (maxWalks === 0 ? 0 : maxWalks + 1))
    expect(verdict.reasons.filter(({ code }) => code === 'walk-limit').length).toBe(1000 - maxWalks)
  })

  test('passes for the author domain, whatever the tree looks like, and never for a stranger [property]', async () => {
    await fc.assert(
      fc.asyncProperty(domains, domains, zones, async (author, other, zone) => {
        zone.add(`_dmarc.${author}`, 'TXT', 'v=DMARC1; p=reject')
        const evaluate = (domain: string) =>
          evaluateDmarc({ authorDomains: [author], dkim: [{ domain, result: 'pass' }] }, { resolver: zone })
        const own = await evaluate(author)
        // A record that was there already makes two, so that there is none.
        if (own.policy?.domain === author) expect(own.result).toBe('pass')
        const [mine, theirs] = [
          await findOrganizationalDomain(author, { resolver: zone }),
          await findOrganizationalDomain(other, { resolver: zone }),
        ]
        const verdict = await evaluate(other)
        if (verdict.policy && author !== other) expect(verdict.result).toBe(mine === theirs ? 'pass' : 'fail')
      }),
    )
  })

  test('gives a value that survives JSON [property]', async () => {
    const texts = fc
      .oneof(
        fc.string({ unit: 'binary-ascii' }),
        fc.string().map((rest) => `v=DMARC1;${rest}`),
      )
      .filter((text) => /^[\0-\xff]*$/.test(text))
    await fc.assert(
      fc.asyncProperty(texts, fc.string(), async (text, domain) => {
        const resolver = new MemoryZone().add('_dmarc.d.example', 'TXT', text)
        const dkim = [{ domain, result: 'pass' }]
        const verdict = await evaluateDmarc({ authorDomains: ['d.example'], dkim }, { resolver })
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict)
        expect(verdict.result).not.toBe('pass')
      }),
    )
  })
})
