import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkHost, type SpfLimits } from '../src/index.ts'

const zoneOf = (record: string) => new MemoryZone().add('a.example', 'TXT', record)
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

async function check(resolver: MemoryZone, limits?: SpfLimits, reversePath = 'joe@a.example') {
  const verdict = await checkHost({
    clientAddress: '192.0.2.7',
    helo: 'h.example',
    reversePath,
    resolver,
    ...(limits && { limits }),
  })
  return {
    result: verdict.result,
    reason: verdict.reason,
    asked: resolver.queries.length,
    counts: verdict.counts,
    verdict,
  }
}

describe('checkHost: amplification', () => {
  function manyHosts(terms: number, hosts: number): MemoryZone {
    const zone = zoneOf(
      `v=spf1 ${numbers(terms)
        .map((term) => `mx:m${term}.example`)
        .join(' ')} -all`,
    )
    for (const term of numbers(terms)) {
      for (const host of numbers(hosts)) {
        zone.add(`m${term}.example`, 'MX', { preference: host, exchange: `h${host}.m${term}.example` })
        zone.add(`h${host}.m${term}.example`, 'A', '198.51.100.1')
      }
    }
    return zone
  }

  test('ten mx of ten hosts cost 111 questions, one family alone [rfc7208 4.6.4]', async () => {
    expect(await check(manyHosts(10, 10))).toMatchObject({ result: 'fail', asked: 111, counts: { terms: 10, mx: 100 } })
  })

  test('an mx of eleven hosts costs two [rfc7208 4.6.4]', async () => {
    expect(await check(manyHosts(1, 11))).toMatchObject({ result: 'permerror', reason: 'too-many-mx', asked: 2 })
  })

  test('an eleventh term is not asked for [rfc7208 4.6.4]', async () => {
    expect(await check(manyHosts(11, 1))).toMatchObject({ result: 'permerror', reason: 'too-many-terms', asked: 21 })
  })

  test('a limit of questions ends it sooner', async () => {
    const { reason, asked } = await check(manyHosts(10, 10), { queries: 20 })
    expect([reason, asked]).toEqual(['too-many-queries', 20])
  })

  test('the same term again costs a term, and no question', async () => {
    const zone = zoneOf(`v=spf1${' a:b.example'.repeat(10)} -all`).add('b.example', 'A', '198.51.100.1')
    expect(await check(zone)).toMatchObject({ result: 'fail', asked: 2, counts: { terms: 10 } })
  })

  test('a hundred names of the client: ten are looked at, only where they could match [rfc7208 4.6.4]', async () => {
    const zone = zoneOf('v=spf1 ptr ptr:b.example ptr:c.example -all')
    for (const name of numbers(100)) zone.add('7.2.0.192.in-addr.arpa', 'PTR', `h${name}.b.example`)
    expect(await check(zone)).toMatchObject({ result: 'fail', asked: 12, counts: { terms: 3, ptr: 10, voids: 0 } })
    const other = zoneOf(`v=spf1${' ptr'.repeat(10)} -all`)
    for (const name of numbers(100)) other.add('7.2.0.192.in-addr.arpa', 'PTR', `h${name}.b.example`)
    expect(await check(other)).toMatchObject({ result: 'fail', asked: 2, counts: { terms: 10 } })
  })

  test('%{p} in many terms validates the names once [rfc7208 7.2]', async () => {
    const zone = zoneOf('v=spf1 exists:1.%{p}.z.example exists:2.%{p}.z.example -all')
    for (const name of numbers(100)) zone.add('7.2.0.192.in-addr.arpa', 'PTR', `h${name}.b.example`)
    expect(await check(zone)).toMatchObject({ asked: 14, counts: { voids: 2 } })
  })
})

describe('checkHost: loops and storms', () => {
  test.each([
    ['an include of itself', 'v=spf1 include:a.example', 1],
    ['a redirect to itself', 'v=spf1 redirect=a.example', 1],
    ['an include by macro', 'v=spf1 include:%{d}', 1],
  ])('%s ends at the limit, with one question [rfc7208 4.6.4]', async (_, record, asked) => {
    expect(await check(zoneOf(record))).toMatchObject({ reason: 'too-many-terms', asked, counts: { terms: 10 } })
  })

  test('a tree of includes has one budget [rfc7208 4.6.4]', async () => {
    const children = (name: string) => `v=spf1 include:1.${name} include:2.${name} include:3.${name} ?all`
    const zone = zoneOf(children('a.example'))
    for (const one of [1, 2, 3]) {
      zone.add(`${one}.a.example`, 'TXT', children(`${one}.a.example`))
      for (const two of [1, 2, 3]) zone.add(`${two}.${one}.a.example`, 'TXT', 'v=spf1 ?all')
    }
    expect(await check(zone)).toMatchObject({ reason: 'too-many-terms', asked: 11 })
    expect(await check(zone, { terms: 12 })).toMatchObject({ result: 'neutral' })
  })

  test('a third void lookup is an error, wherever the first two were [rfc7208 4.6.4]', async () => {
    const zone = zoneOf('v=spf1 a:1.b.example include:c.example exists:4.b.example +all')
    zone.add('c.example', 'TXT', 'v=spf1 mx:2.b.example a:3.b.example ?all')
    expect(await check(zone)).toMatchObject({ reason: 'too-many-voids', asked: 5, counts: { voids: 3 } })
    expect(await check(zone, { voids: 4 })).toMatchObject({ result: 'pass', counts: { voids: 4 } })
  })

  test('the absence of the other family is not void [rfc7208 4.6.4]', async () => {
    const zone = zoneOf('v=spf1 a:1.b.example a:2.b.example a:3.b.example -all')
    for (const host of [1, 2, 3]) zone.add(`${host}.b.example`, 'A', '198.51.100.1')
    expect(await check(zone)).toMatchObject({ result: 'fail', counts: { voids: 0 } })
  })

  test('a name that cannot be asked for is neither asked nor void', async () => {
    const long = 'x'.repeat(64)
    const zone = zoneOf(`v=spf1 a:${long}.example mx:b..example exists:%{l} ptr:${long}.example -all`)
    expect(await check(zone)).toMatchObject({ result: 'fail', asked: 1, counts: { terms: 4, voids: 0 } })
  })
})

describe('checkHost: size', () => {
  test('a record of 65 kB in thousands of terms is evaluated', async () => {
    const zone = zoneOf(`v=spf1${' ip4:198.51.100.1'.repeat(3800)} -all`)
    const { result, asked, verdict } = await check(zone)
    expect([result, asked, verdict.trace.length]).toEqual(['fail', 1, 3803])
  })

  test('answers of more octets than allowed end it', async () => {
    const zone = zoneOf('v=spf1 include:b.example -all').add('b.example', 'TXT', `v=spf1 x=${'y'.repeat(1000)}`)
    expect(await check(zone, { octets: 1000 })).toMatchObject({
      result: 'permerror',
      reason: 'too-many-octets',
      asked: 2,
    })
    const many = zoneOf('v=spf1 -all')
    for (const text of numbers(500)) many.add('a.example', 'TXT', `other ${text} ${'z'.repeat(300)}`)
    expect(await check(many)).toMatchObject({ reason: 'too-many-octets' })
  })

  test.each([
    ['a macro bomb in a name', `exists:${'%{s}'.repeat(16_000)}.example`, 253],
    ['a long literal', `exists:${'a.'.repeat(32_000)}example`, 253],
  ])('%s is no longer than a name [rfc7208 7.3]', async (_, term, most) => {
    const zone = zoneOf(`v=spf1 ${term} -all`)
    const { result } = await check(zone, {}, `${'j.'.repeat(100)}e@a.example`)
    expect(result).toBe('fail')
    for (const { name } of zone.queries) expect(name.length).toBeLessThanOrEqual(most)
  })

  test('macros that vanish do not multiply a long local-part', async () => {
    const zone = zoneOf(`v=spf1 exists:${'%{l1}'.repeat(12_000)}.example -all`)
    expect(await check(zone, {}, `${'.'.repeat(100_000)}@a.example`)).toMatchObject({ result: 'fail', asked: 1 })
  })

  test('a macro bomb in an explanation is cut', async () => {
    const zone = zoneOf('v=spf1 -all exp=e.example').add('e.example', 'TXT', '%{s}'.repeat(16_000))
    expect((await check(zone)).verdict.explanation).toHaveLength(400)
  })
})

describe('checkHost: properties', () => {
  const piece = fc.constantFrom(
    'a',
    'mx',
    'ptr',
    'include:',
    'exists:',
    'redirect=',
    'exp=',
    'a.example',
    'b.example',
    '%{p}',
    '%{s1r-}',
    '%{d2}',
    '.x',
    ' ',
    ' ',
    '-all',
    ' +all ',
    ' exists:b.example ',
    ' +all ',
    ' exists:b.example ',
    '/24',
    'ip4:192.0.2.0',
    '%',
    'é',
    '\0',
  )
  const record = fc.array(piece, { maxLength: 16 }).map((pieces) => `v=spf1 ${pieces.join('')}`)
  const text = fc.string({ unit: 'binary', maxLength: 20 })

  test('whatever is published and whoever asks, there is a verdict within the limits', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        record,
        record,
        fc.oneof(fc.constant('joe@a.example'), text),
        fc.oneof(fc.constant('b.example'), text),
        async (one, two, reversePath, helo) => {
          const resolver = new MemoryZone({ maxCnames: 2 })
          for (const [name, published] of [
            ['a.example', one],
            ['b.example', two],
          ] as const) {
            resolver
              .add(name, 'TXT', published)
              .add(name, 'A', '198.51.100.1')
              .add(name, 'MX', { preference: 1, exchange: 'b.example' })
          }
          resolver.add('7.2.0.192.in-addr.arpa', 'PTR', 'b.example')
          const verdict = await checkHost({ clientAddress: '192.0.2.7', helo, reversePath, resolver })
          seen.add(verdict.result)
          expect(verdict.counts.terms).toBeLessThanOrEqual(10)
          expect(verdict.counts.voids).toBeLessThanOrEqual(3)
          expect(new Set(resolver.queries.map(({ name, type }) => `${type} ${name}`)).size).toBe(
            resolver.queries.length,
          )
          expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict)
          expect(verdict.explanation ?? ' ').toMatch(/^[\x20-\x7e]+$/)
        },
      ),
      { numRuns: 2000 },
    )
    expect([...seen].sort()).toEqual(['fail', 'neutral', 'none', 'pass', 'permerror'])
  })
})

test('%{p}: the domain itself, then a name below it, then any; else unknown [rfc7208 7.2]', async () => {
  const names = ['z.example', 'x.a.example', 'a.example']
  const nameFor = async (valid: readonly string[]) => {
    const zone = zoneOf('v=spf1 exists:%{p}.l.example -all')
    for (const name of names) zone.add('7.2.0.192.in-addr.arpa', 'PTR', name)
    for (const name of valid) zone.add(name, 'A', '192.0.2.7')
    await check(zone)
    return zone.queries.at(-1)?.name
  }
  expect(await nameFor(names)).toBe('a.example.l.example')
  expect(await nameFor(['z.example', 'x.a.example'])).toBe('x.a.example.l.example')
  expect(await nameFor(['z.example'])).toBe('z.example.l.example')
  expect(await nameFor([])).toBe('unknown.l.example')
})
