import { encodeUtf8 } from '@posthorn/core'
import { MemoryZone, type Resolver } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type AuthenticateOptions, authenticate } from '../src/index.ts'

const FROM = 'From: joe@victim.example\r\n'
const signature = (domain: string, selector: string) =>
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector}; h=from; bh=AAAA; b=AAAA\r\n`
const victimZone = () => new MemoryZone().add('_dmarc.victim.example', 'TXT', 'v=DMARC1; p=reject')
const found = (header: string, more: Partial<AuthenticateOptions> & { readonly resolver: Resolver }) =>
  authenticate(encodeUtf8(`${header}\r\nbody\r\n`), {
    clientAddress: '192.0.2.7',
    helo: 'evil.example',
    reversePath: 'x@evil.example',
    now: 0,
    ...more,
  })

// Ten mx of ten hosts each: what the worst record that is in order costs.
function worstZone(): MemoryZone {
  const zone = victimZone()
  const terms = Array.from({ length: 10 }, (_, term) => `mx:m${term}.evil.example`)
  zone.add('evil.example', 'TXT', `v=spf1 ${terms.join(' ')} -all`)
  for (let term = 0; term < 10; term++) {
    for (let host = 0; host < 10; host++) {
      zone.add(`m${term}.evil.example`, 'MX', { preference: host, exchange: `h${term}-${host}.evil.example` })
      zone.add(`h${term}-${host}.evil.example`, 'A', '198.51.100.1')
    }
  }
  return zone
}

test('authenticate: a thousand signatures are ten questions [rfc6376 8.4]', async () => {
  const resolver = victimZone()
  const many = Array.from({ length: 1000 }, (_, index) => signature('evil.example', `s${index}`)).join('')
  const one = await found(many + FROM, { resolver, authservId: 'mx.example' })
  expect(one.dkim.length).toBe(1000)
  // Ten keys, the SPF of a name that MAIL FROM and HELO share, and the policy.
  expect(resolver.queries.length).toBe(12)
  expect(one.notes).toEqual([{ mechanism: 'dkim', code: 'too-many-signatures' }])
  expect(one.authenticationResults?.results.filter(({ method }) => method === 'dkim').length).toBe(11)
  expect(one.authenticationResults?.results[12]).toEqual({
    method: 'dkim',
    result: 'neutral',
    reason: 'too-many-signatures: 990',
    properties: [],
  })
})

test('authenticate: the worst SPF record is evaluated once for both names [rfc7208 4.6.4]', async () => {
  const resolver = worstZone()
  const one = await found(FROM, { resolver })
  expect([one.spf.result, one.helo?.result, one.dmarc.result]).toEqual(['fail', 'fail', 'fail'])
  expect(resolver.queries.length).toBe(112)
})

test('authenticate: what SPF takes leaves enough for the policy of the author [rfc7208 11.1]', async () => {
  const resolver = worstZone()
  const one = await found(signature('evil.example', 's') + FROM, { resolver, maxQueries: 20 })
  expect([one.spf.result, one.spf.reason]).toEqual(['permerror', 'too-many-queries'])
  expect(one.dmarc.result).toBe('fail')
  expect(one.notes).toContainEqual({ mechanism: 'spf', code: 'query-limit' })
  expect([one.helo?.result, one.helo?.reason]).toEqual(['permerror', 'too-many-queries'])
  expect(resolver.queries.length).toBe(12 + 1 + 1)
})

test('authenticate: beyond the limit nothing is asked, and it is said [rfc8601 2.7.1]', async () => {
  const resolver = victimZone()
  const many = Array.from({ length: 5 }, (_, index) => signature('evil.example', `s${index}`)).join('')
  const one = await found(many + FROM, { resolver, maxQueries: 20, authservId: 'mx.example' })
  expect(one.dkim.map(({ result }) => result)).toEqual([
    'permerror',
    'permerror',
    'temperror',
    'temperror',
    'temperror',
  ])
  expect(one.notes).toEqual([{ mechanism: 'dkim', code: 'query-limit' }])
  expect(one.queries.filter(({ status }) => status === 'query-limit').length).toBe(3)
  expect(one.authenticationResults?.results.find(({ result }) => result === 'temperror')?.reason).toBe('query-limit')
  const none = await found(FROM, { resolver, maxQueries: 0 })
  expect([none.spf.result, none.dmarc.result]).toEqual(['permerror', 'temperror'])
  expect(none.notes.map(({ mechanism, code }) => `${mechanism} ${code}`)).toEqual([
    'dmarc query-limit',
    'spf query-limit',
    'helo query-limit',
  ])
})

test('authenticate: a walk for each of many names costs no more than its limit [rfc9989 4.10]', async () => {
  const resolver = victimZone().fail('_domainkey.victim.example', 'servfail')
  const domains = Array.from({ length: 10 }, (_, index) => `a.b.c.d.e.f.g${index}.victim.example`)
  for (const domain of domains) resolver.fail(`s._domainkey.${domain}`, 'servfail')
  const one = await found(domains.map((domain) => signature(domain, 's')).join('') + FROM, { resolver })
  expect(one.dmarc.result).toBe('temperror')
  expect(resolver.queries.filter(({ name }) => name.startsWith('_dmarc.')).length).toBeLessThanOrEqual(89)
  expect(resolver.queries.length).toBeLessThanOrEqual(200)
})

test('authenticate: when time is up the rest is a temporary error, and it is said [rfc7208 4.6.4]', async () => {
  const silent: Resolver = { resolve: () => new Promise(() => undefined) }
  let fire = () => undefined as unknown
  let isCancelled = false
  const platform = {
    startTimer(milliseconds: number, callback: () => void) {
      expect(milliseconds).toBe(5)
      fire = callback
      return () => {
        isCancelled = true
      }
    },
  }
  const wait = found(signature('evil.example', 's') + FROM, {
    resolver: silent,
    timeout: 5,
    platform,
    authservId: 'mx.example',
  })
  await new Promise((resolve) => setTimeout(resolve, 0))
  fire()
  const one = await wait
  expect([one.spf.result, one.helo?.result, one.dkim[0]?.result, one.dmarc.result]).toEqual(Array(4).fill('temperror'))
  expect(one.notes).toEqual([
    { mechanism: 'spf', code: 'time-limit' },
    { mechanism: 'dkim', code: 'time-limit' },
    { mechanism: 'dmarc', code: 'time-limit' },
  ])
  expect(one.authenticationResults?.results.map(({ reason }) => reason)).toEqual(Array(4).fill('time-limit'))
  expect(isCancelled).toBe(true)
})

test('authenticate: a signal ends all, before and while it waits [rfc7208 4.6.4]', async () => {
  const silent: Resolver = { resolve: () => new Promise(() => undefined) }
  const abort = new AbortController()
  const wait = found(FROM, { resolver: silent, signal: abort.signal })
  abort.abort('enough')
  await expect(wait).rejects.toBe('enough')
  await expect(found(FROM, { resolver: silent, signal: abort.signal })).rejects.toBe('enough')
})

test('authenticate: a source that breaks is told as it is, and let go of [rfc6376 6.1]', async () => {
  let isReturned = false
  async function* broken() {
    try {
      yield encodeUtf8(`${signature('evil.example', 's')}${FROM}\r\nbody`)
      throw new RangeError('lost')
    } finally {
      isReturned = true
    }
  }
  const options = { clientAddress: '192.0.2.7', helo: 'h.example', reversePath: '', now: 0, resolver: victimZone() }
  await expect(authenticate(broken(), options)).rejects.toBeInstanceOf(RangeError)
  expect(isReturned).toBe(true)
})

test('authenticate: what a resolver throws against its contract goes up [rfc7208 4.4]', async () => {
  const resolver: Resolver = { resolve: () => Promise.reject(new TypeError('broken')) }
  await expect(rejectionOf(() => found(FROM, { resolver }))).rejects.toBeInstanceOf(TypeError)
})
