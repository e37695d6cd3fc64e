import { MemoryZone, type Resolver } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type CheckHostOptions, checkHost, type SpfVerdict } from '../src/index.ts'

type Given = Partial<CheckHostOptions> & { readonly resolver: Resolver }

const check = (given: Given): Promise<SpfVerdict> =>
  checkHost({ clientAddress: '192.0.2.7', helo: 'mail.a.example', reversePath: 'joe@a.example', ...given })

const zoneOf = (record: string) => new MemoryZone().add('a.example', 'TXT', record)
const questions = (zone: MemoryZone) => zone.queries.map(({ name, type }) => `${type} ${name}`)

describe('checkHost: identity', () => {
  const zone = () => zoneOf('v=spf1 -all').add('mail.a.example', 'TXT', 'v=spf1 +all')

  test.each<[string, Partial<CheckHostOptions>, Partial<SpfVerdict>, string]>([
    ['the reverse-path', {}, { result: 'fail', sender: 'joe@a.example', domain: 'a.example' }, 'rfc7208 2.4'],
    [
      'the null reverse-path',
      { reversePath: '' },
      { result: 'pass', sender: 'postmaster@mail.a.example' },
      'rfc7208 2.4',
    ],
    [
      'HELO, by wish',
      { identity: 'helo' },
      { result: 'pass', identity: 'helo', domain: 'mail.a.example' },
      'rfc7208 2.3',
    ],
    ['no local-part', { reversePath: '@a.example' }, { result: 'fail', sender: 'postmaster@a.example' }, 'rfc7208 4.3'],
    ['a domain alone', { reversePath: 'a.example' }, { result: 'fail', sender: 'postmaster@a.example' }, 'rfc7208 4.3'],
    ['a quoted at sign', { reversePath: '"a@b"@a.example' }, { result: 'fail', domain: 'a.example' }, 'rfc5321 4.1.2'],
    ['another domain', { domain: 'Mail.A.example.' }, { result: 'pass', domain: 'mail.a.example' }, 'rfc7208 4.1'],
  ])('%s [$3]', async (_, given, expected) => {
    expect(await check({ resolver: zone(), ...given })).toMatchObject(expected)
  })

  test.each([
    ['a single label', 'joe@localhost'],
    ['an address literal', 'joe@[192.0.2.7]'],
    ['an address', 'joe@192.0.2.7'],
    ['an empty label', 'joe@a..example'],
    ['a label of 64 octets', `joe@${'a'.repeat(64)}.example`],
    ['a NUL', 'joe@a.example\0.b.example'],
    ['a space', 'joe@a b.example'],
    ['nothing behind the at sign', 'joe@'],
    ['a name of 254 octets', `joe@${'a.'.repeat(124)}example`],
    ['U-labels that have no A-label', 'joe@ｅvil.example'],
  ])('%s is no domain, and nothing is asked [rfc7208 4.3]', async (_, reversePath) => {
    const resolver = zone()
    expect(await check({ resolver, reversePath })).toMatchObject({ result: 'none', reason: 'bad-domain' })
    expect(resolver.queries).toEqual([])
  })

  test('U-labels are asked for as A-labels, a non-ASCII local-part matches nothing [rfc8616 4]', async () => {
    const resolver = new MemoryZone()
      .add(
        'xn--bcher-kva.example',
        'TXT',
        'v=spf1 exists:%{l}.%{d} include:%{l}.%{d} exists:%{o}.b.example -all exp=%{l}.x.example',
      )
      .add('xn--bcher-kva.example.b.example', 'A', '127.0.0.2')
    const verdict = await check({ resolver, reversePath: 'jörg@Bücher.example' })
    expect(verdict).toMatchObject({
      result: 'pass',
      domain: 'xn--bcher-kva.example',
      sender: 'jörg@xn--bcher-kva.example',
    })
    expect(questions(resolver)).toEqual(['TXT xn--bcher-kva.example', 'A xn--bcher-kva.example.b.example'])
  })

  test('an address that is none is an error of the caller', async () => {
    expect(await rejectionOf(() => check({ resolver: zone(), clientAddress: '192.0.2' }))).toBe('SPF_BAD_ADDRESS')
  })
})

describe('checkHost: verdict', () => {
  test.each<[string, Partial<SpfVerdict>, string]>([
    ['v=spf1 a -all', { result: 'pass', reason: 'matched', detail: 'a of a.example matches' }, 'rfc7208 5.3'],
    ['v=spf1 ~all', { result: 'softfail' }, 'rfc7208 4.6.2'],
    ['v=spf1 ?all', { result: 'neutral', reason: 'matched' }, 'rfc7208 4.6.2'],
    ['v=spf1', { result: 'neutral', reason: 'no-match' }, 'rfc7208 4.7'],
    ['v=spf1 mx -all', { result: 'pass' }, 'rfc7208 5.4'],
    ['v=spf1 ptr:host.example -all', { result: 'pass' }, 'rfc7208 5.5'],
    ['v=spf1 exists:%{ir}.l.example -all', { result: 'pass' }, 'rfc7208 5.7'],
    [
      'v=spf1 redirect=b.example',
      { result: 'softfail', match: { domain: 'b.example', term: { type: 'all', qualifier: '~' }, text: '~all' } },
      'rfc7208 6.1',
    ],
    ['v=spf1 include:b.example -all', { result: 'fail' }, 'rfc7208 5.2'],
    ['v=spf1 include:none.example -all', { result: 'permerror', reason: 'include-none' }, 'rfc7208 5.2'],
    ['v=spf1 redirect=none.example', { result: 'permerror', reason: 'redirect-none' }, 'rfc7208 6.1'],
    ['v=spf1 redirect=%{l}', { result: 'permerror', reason: 'redirect-none' }, 'rfc7208 6.1'],
    [
      'v=spf1 +all moo',
      {
        result: 'permerror',
        reason: 'bad-record',
        detail: 'Cannot take "moo" as a mechanism, at 12 in the record of a.example',
      },
      'rfc7208 4.6',
    ],
    ['v=spf1 a:slow.example +all', { result: 'temperror', reason: 'timeout' }, 'rfc7208 5'],
    ['v=spf1 exists:broken.example +all', { result: 'temperror', reason: 'servfail' }, 'rfc7208 5'],
    ['v=spf1 include:slow.example +all', { result: 'temperror', reason: 'timeout' }, 'rfc7208 5.2'],
    ['v=spf1 a:a%%b.example:%{d} -all', { result: 'fail' }, 'a name that the resolver refuses'],
    ['v=spf1 a:%{l} -all', { result: 'fail' }, 'rfc7208 4.8'],
  ])('%s gives $1.result [$2]', async (record, expected) => {
    const resolver = zoneOf(record)
      .add('a.example', 'A', '192.0.2.7')
      .add('a.example', 'MX', { preference: 0, exchange: '.' })
      .add('a.example', 'MX', { preference: 1, exchange: 'a.example' })
      .add('b.example', 'TXT', 'v=spf1 ~all')
      .add('none.example', 'TXT', 'v=spf2 all')
      .add('7.2.0.192.in-addr.arpa', 'PTR', 'mx.host.example')
      .add('mx.host.example', 'A', '192.0.2.7')
      .add('7.2.0.192.l.example', 'A', '127.0.0.2')
      .fail('slow.example', 'timeout')
      .fail('broken.example', 'servfail')
    expect(await check({ resolver })).toMatchObject(expected)
  })

  test('several records are an error, other texts are not [rfc7208 4.5]', async () => {
    const resolver = zoneOf('v=spf1 +all').add('a.example', 'TXT', 'v=spf10').add('a.example', 'TXT', '\xff')
    expect((await check({ resolver })).result).toBe('pass')
    const twice = await check({ resolver: zoneOf('v=spf1 +all').add('a.example', 'TXT', 'V=SPF1') })
    expect(twice).toMatchObject({ result: 'permerror', reason: 'multiple-records' })
  })

  test('tells each step, and what it took', async () => {
    const resolver = zoneOf('v=spf1 include:b.example -all').add('b.example', 'TXT', 'v=spf1 mx')
    const { trace, counts } = await check({ resolver })
    expect(trace).toEqual([
      { type: 'query', name: 'a.example', recordType: 'TXT', status: 'found', records: 1 },
      { type: 'record', domain: 'a.example', text: 'v=spf1 include:b.example -all', depth: 0 },
      { type: 'query', name: 'b.example', recordType: 'TXT', status: 'found', records: 1 },
      { type: 'record', domain: 'b.example', text: 'v=spf1 mx', depth: 1 },
      { type: 'query', name: 'b.example', recordType: 'MX', status: 'nodata', records: 0 },
      { type: 'term', domain: 'b.example', text: 'mx', matched: false, target: 'b.example' },
      { type: 'term', domain: 'b.example', text: 'default', matched: true },
      { type: 'term', domain: 'a.example', text: 'include:b.example', matched: false, target: 'b.example' },
      { type: 'term', domain: 'a.example', text: '-all', matched: true },
    ])
    expect(counts).toEqual({ terms: 2, voids: 1, queries: 3, mx: 0, ptr: 0, octets: 38 })
  })

  test('an IPv6 client asks for AAAA alone, a mapped one for A [rfc7208 5]', async () => {
    const zone = zoneOf('v=spf1 a -all').add('a.example', 'AAAA', '2001:db8::7').add('a.example', 'A', '192.0.2.7')
    expect((await check({ resolver: zone, clientAddress: '2001:DB8::7' })).result).toBe('pass')
    const mapped = await check({ resolver: zone, clientAddress: '::ffff:192.0.2.7' })
    expect(mapped).toMatchObject({ result: 'pass', clientAddress: '192.0.2.7' })
    expect(questions(zone)).toEqual(['TXT a.example', 'AAAA a.example', 'TXT a.example', 'A a.example'])
  })
})

describe('checkHost: explanation', () => {
  const explained = (text: string, more: Partial<CheckHostOptions> = {}) =>
    check({ resolver: zoneOf('v=spf1 -all exp=e.example').add('e.example', 'TXT', text), ...more })

  test.each<[string, string | undefined, Partial<CheckHostOptions>, string]>([
    ['See %{c} %{r} %{o}', 'See 192.0.2.7 mx.b.example a.example', { receiver: 'mx.b.example' }, 'rfc7208 6.2'],
    ['At %{t}', 'At 1700000000', { now: 1_700_000_000_999 }, 'rfc7208 7.2'],
    ['At %{t}', undefined, {}, 'rfc7208 7.2'],
    ['Not %{x}', undefined, {}, 'rfc7208 6.2'],
    ['Nö', undefined, {}, 'rfc7208 6.2'],
    ['a\r\n250 ok', undefined, {}, 'security'],
    ['%{l}', undefined, { reversePath: '"a\r\nb"@a.example' }, 'security'],
    ['%{h}', undefined, { helo: 'a\r\nb' }, 'security'],
    ['%{l}', undefined, { reversePath: 'jörg@a.example' }, 'rfc8616 4'],
    ['x'.repeat(1000), 'x'.repeat(400), {}, 'bounded'],
    ['', undefined, {}, 'rfc7208 6.2'],
  ])('%j is %j [$3]', async (text, explanation, more) => {
    const verdict = await explained(text, more)
    expect(verdict.result).toBe('fail')
    expect(verdict.explanation).toBe(explanation)
  })

  test('of the record that failed, and of no included one [rfc7208 6.2]', async () => {
    const resolver = zoneOf('v=spf1 include:b.example exp=e1.example redirect=c.example')
      .add('b.example', 'TXT', 'v=spf1 -all exp=e2.example')
      .add('c.example', 'TXT', 'v=spf1 -all exp=e3.example')
      .add('e3.example', 'TXT', '%{d}')
    const { explanation } = await check({ resolver })
    expect(explanation).toBe('c.example')
    expect(questions(resolver)).toEqual(['TXT a.example', 'TXT b.example', 'TXT c.example', 'TXT e3.example'])
  })

  test('is not asked for unless the result is fail, and its absence is not void [rfc7208 4.6.4]', async () => {
    const soft = zoneOf('v=spf1 ~all exp=e.example')
    await check({ resolver: soft })
    expect(questions(soft)).toEqual(['TXT a.example'])
    const hard = await check({ resolver: zoneOf('v=spf1 -all exp=e.example'), limits: { voids: 0 } })
    expect(hard).toMatchObject({ result: 'fail', counts: { voids: 0, queries: 2 } })
  })
})

describe('checkHost: time', () => {
  const silent: Resolver = { resolve: () => new Promise(() => undefined) }

  test('a deadline is a temporary error, also over a resolver that does not listen [rfc7208 4.6.4]', async () => {
    const controller = new AbortController()
    const verdict = check({ resolver: silent, deadline: controller.signal })
    controller.abort()
    expect(await verdict).toMatchObject({ result: 'temperror', reason: 'timed-out', counts: { queries: 1 } })
    expect(await check({ resolver: silent, deadline: AbortSignal.abort() })).toMatchObject({ reason: 'timed-out' })
  })

  test('a resolver that rejects with the reason of the deadline is no exception', async () => {
    const controller = new AbortController()
    const slow: Resolver = {
      resolve: (_name, _type, options) =>
        new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))
        }),
    }
    const verdict = check({ resolver: slow, deadline: controller.signal })
    controller.abort()
    expect(await verdict).toMatchObject({ result: 'temperror', reason: 'timed-out' })
  })

  test('a signal rejects with its reason', async () => {
    const reason = new Error('gone')
    const controller = new AbortController()
    const verdict = check({ resolver: silent, signal: controller.signal })
    controller.abort(reason)
    await expect(verdict).rejects.toBe(reason)
  })

  test('what a resolver throws against its contract is no verdict', async () => {
    const broken: Resolver = { resolve: () => Promise.reject(new Error('broken')) }
    await expect(check({ resolver: broken })).rejects.toThrow('broken')
  })
})
