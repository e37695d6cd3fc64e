import { decode, encode, type Answer as WireRecord } from '@dnsquery/dns-packet'
import { decodeBase64Url } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import { type DohFetch, type DohRequest, DohResolver } from '../src/doh.ts'
import type { RecordType } from '../src/index.ts'

const URL = 'https://dns.example/dns-query'
const TYPE = { 'content-type': 'application/dns-message' }
const RD = 0x0100
const AD = 0x0020

interface Reply {
  readonly rcode?: number
  readonly flags?: number
  readonly answers?: readonly object[]
  readonly authorities?: readonly object[]
  readonly question?: object
}

// What a server makes of a question.
function answering(reply: Reply, headers: Record<string, string> = TYPE) {
  const requests: (DohRequest & { url: string })[] = []
  const fetch: DohFetch = async (url, request) => {
    requests.push({ ...request, url })
    const question = decode(request.body ?? decodeBase64Url(new globalThis.URL(url).searchParams.get('dns')!))
    const message = encode({
      id: 0,
      type: 'response',
      flags: (reply.flags ?? 0) | (reply.rcode ?? 0),
      questions: [reply.question ?? question.questions![0]!] as never,
      answers: (reply.answers ?? []) as WireRecord[],
      authorities: (reply.authorities ?? []) as WireRecord[],
    })
    return new Response(Uint8Array.from(message), { headers }) as never
  }
  return { fetch, requests }
}

const ask = (reply: Reply, type: RecordType = 'A', name = 'a.example', options = {}) =>
  new DohResolver(URL, { ...answering(reply), ...options }).resolve(name, type)

const record = (type: string, data: unknown, name = 'a.example', ttl = 300) => ({ type, name, ttl, class: 'IN', data })

describe('DohResolver: records', () => {
  test.each<[RecordType, readonly object[], readonly unknown[]]>([
    ['A', [record('A', '192.0.2.1'), record('A', '192.0.2.2')], ['192.0.2.1', '192.0.2.2']],
    ['AAAA', [record('AAAA', '2001:db8::1')], ['2001:db8::1']],
    [
      'MX',
      [record('MX', { preference: 10, exchange: 'MX.a.example' })],
      [{ preference: 10, exchange: 'mx.a.example' }],
    ],
    ['MX', [record('MX', { preference: 0, exchange: '.' })], [{ preference: 0, exchange: '.' }]],
    ['TXT', [record('TXT', ['v=spf1 ', new Uint8Array([0x2d, 0xff])])], ['v=spf1 -\xff']],
    ['PTR', [record('PTR', 'Mail.Example')], ['mail.example']],
    ['CNAME', [record('CNAME', 'b.example')], ['b.example']],
    [
      'TLSA',
      [record('TLSA', new Uint8Array([3, 1, 1, 0xab, 0]))],
      [{ usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(0xab, 0) }],
    ],
  ])('DohResolver: %s [rfc8484 4.2]', async (type, answers, records) => {
    const expected = { status: 'found', name: 'a.example', records, ttl: 300, authenticated: false }
    expect(await ask({ answers }, type, 'A.Example.')).toEqual(expected)
  })

  test('DohResolver: follows aliases in any order, with the least time to live [rfc1034 3.6.2]', async () => {
    const answers = [
      record('A', '192.0.2.1', 'c.example', 200),
      record('CNAME', 'c.example', 'B.example', 100),
      record('CNAME', 'b.example'),
      record('A', '192.0.2.9', 'other.example'),
    ]
    const expected = { status: 'found', name: 'c.example', records: ['192.0.2.1'], ttl: 100, authenticated: true }
    expect(await ask({ answers, flags: AD })).toEqual(expected)
  })

  test('DohResolver: the age of a kept response is taken off [rfc8484 5.1]', async () => {
    const { fetch } = answering({ answers: [record('A', '192.0.2.1')] }, { ...TYPE, age: '250' })
    expect(await new DohResolver(URL, { fetch }).resolve('a.example', 'A')).toMatchObject({ ttl: 50 })
  })

  test('DohResolver: a time to live with the highest bit set is 0 [rfc2181 8]', async () => {
    expect(await ask({ answers: [record('A', '192.0.2.1', 'a.example', 0x80000000)] })).toMatchObject({ ttl: 0 })
  })
})

describe('DohResolver: absence', () => {
  const soa = record('SOA', { mname: 'ns.example', rname: 'h.example', minimum: 60 }, 'example', 300)
  test.each([
    ['no such name', { rcode: 3, authorities: [soa] }, { status: 'nxdomain', name: 'a.example', ttl: 60 }],
    ['no such record', { authorities: [soa] }, { status: 'nodata', name: 'a.example', ttl: 60 }],
    ['without a date', {}, { status: 'nodata', name: 'a.example', ttl: 0 }],
    [
      'behind an alias',
      { rcode: 3, answers: [record('CNAME', 'b.example', 'a.example', 30)], authorities: [soa] },
      { status: 'nxdomain', name: 'b.example', ttl: 30 },
    ],
  ])('DohResolver: %s [rfc2308 5]', async (_name, reply, expected) => {
    expect(await ask({ ...reply, flags: AD })).toEqual({ ...expected, authenticated: true })
  })
})

describe('DohResolver: what is no answer', () => {
  const loop = [record('CNAME', 'b.example'), record('CNAME', 'a.example', 'b.example')]
  test.each<[string, Reply]>([
    ['a failure of the server', { rcode: 2 }],
    ['a refusal', { rcode: 5 }],
    ['another question', { question: { name: 'b.example', type: 'A' }, answers: [record('A', '192.0.2.1')] }],
    ['another type', { question: { name: 'a.example', type: 'MX' } }],
    ['a message that was cut', { flags: 0x0200, answers: [record('A', '192.0.2.1')] }],
    ['aliases in a circle', { answers: loop }],
    ['an alias that is no name', { answers: [record('CNAME', 'a b.example')] }],
  ])('DohResolver: %s [rfc1035 4.1]', async (_name, reply) => {
    expect(await ask(reply)).toEqual({ status: 'servfail' })
  })

  test.each([
    ['another status', 500, TYPE],
    ['another type', 200, { 'content-type': 'text/html' }],
    ['no type', 200, {}],
  ])('DohResolver: %s of HTTP [rfc8484 4.2.1]', async (_name, status, headers) => {
    const fetch: DohFetch = async () => new Response(new Uint8Array(12), { status, headers: headers as never }) as never
    expect(await new DohResolver(URL, { fetch }).resolve('a.example', 'A')).toEqual({ status: 'servfail' })
  })

  test('DohResolver: a response without end is given up', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++
        controller.enqueue(new Uint8Array(10_000))
      },
    })
    const fetch: DohFetch = async () => new Response(body, { headers: TYPE }) as never
    expect(await new DohResolver(URL, { fetch }).resolve('a.example', 'A')).toEqual({ status: 'servfail' })
    expect(sent).toBeLessThan(12)
  })

  test('DohResolver: any octets are an answer of some kind', async () => {
    const head = fc.constantFrom(
      [],
      [0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 97, 7, 101, 120, 97, 109, 112, 108, 101, 0, 0, 1, 0, 1],
    )
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 60 }), async (start, rest) => {
        const fetch: DohFetch = async () =>
          new Response(Uint8Array.from([...start, ...rest]), { headers: TYPE }) as never
        const { status } = await new DohResolver(URL, { fetch }).resolve('a.example', 'A')
        expect(['found', 'nodata', 'nxdomain', 'servfail']).toContain(status)
      }),
    )
  })
})

describe('DohResolver: requests', () => {
  test.each(['GET', 'POST'] as const)(
    'DohResolver: %s, padded, with the AD bit [rfc8484 4.1, rfc8467 4.1]',
    async (method) => {
      const { fetch, requests } = answering({})
      await new DohResolver(`${URL}{?dns}`, { fetch, method }).resolve('_dmarc.a.example', 'TXT')
      const { url, body, headers, redirect } = requests[0]!
      const octets = body ?? decodeBase64Url(new globalThis.URL(url).searchParams.get('dns')!)
      expect(octets.length % 128).toBe(0)
      expect(decode(octets)).toMatchObject({
        id: 0,
        flags: RD | AD,
        questions: [{ name: '_dmarc.a.example', type: 'TXT' }],
      })
      expect([url.split('?')[0], redirect, headers['accept']]).toEqual([URL, 'error', 'application/dns-message'])
      expect(headers['content-type']).toBe(method === 'POST' ? 'application/dns-message' : undefined)
    },
  )

  test('DohResolver: a query that the URL has stays', async () => {
    const { fetch, requests } = answering({})
    await new DohResolver(`${URL}?key=1`, { fetch, method: 'GET' }).resolve('a.example', 'A')
    expect(requests[0]?.url).toMatch(/\?key=1&dns=[\w-]+$/)
  })

  test('DohResolver: the bit counts only from a server that is trusted, by HTTPS [rfc4035 3.2.3]', async () => {
    const reply = { flags: AD, answers: [record('A', '192.0.2.1')] }
    expect(await ask(reply)).toMatchObject({ authenticated: true })
    expect(await ask(reply, 'A', 'a.example', { trustAuthenticated: false })).toMatchObject({ authenticated: false })
    const plain = new DohResolver('http://127.0.0.1/dns-query', { ...answering(reply), unsafeHttp: true })
    expect(await plain.resolve('a.example', 'A')).toMatchObject({ authenticated: false })
  })

  test.each(['http://dns.example/', 'dns.example', 'file:///etc/hosts', ''])('DohResolver: refuses "%s"', (url) => {
    expect(failureOf(() => new DohResolver(url, answering({})))).toBe('DNS_BAD_URL')
  })
})

describe('DohResolver: waiting', () => {
  const never: DohFetch = () => new Promise(() => undefined)
  const clock = () => {
    const timers: { milliseconds: number; callback: () => void; cancelled: boolean }[] = []
    const startTimer = (milliseconds: number, callback: () => void) => {
      const timer = { milliseconds, callback, cancelled: false }
      timers.push(timer)
      return () => {
        timer.cancelled = true
      }
    }
    return { timers, platform: { startTimer } }
  }

  test('DohResolver: nothing in time is a time-out, and the request is ended', async () => {
    const { timers, platform } = clock()
    let signal: AbortSignal | undefined
    const fetch: DohFetch = (_url, request) => {
      signal = request.signal as never
      return never('', request)
    }
    const answer = new DohResolver(URL, { fetch, timeout: 700, platform }).resolve('a.example', 'A')
    expect(timers[0]?.milliseconds).toBe(700)
    timers[0]?.callback()
    expect(await answer).toEqual({ status: 'timeout' })
    expect(signal?.aborted).toBe(true)
  })

  test('DohResolver: a connection that fails is no answer in time, and the timer ends', async () => {
    const { timers, platform } = clock()
    const fetch: DohFetch = () => Promise.reject(new TypeError('fetch failed'))
    expect(await new DohResolver(URL, { fetch, platform }).resolve('a.example', 'A')).toEqual({ status: 'timeout' })
    expect(timers[0]?.cancelled).toBe(true)
  })

  test('DohResolver: the caller’s signal, before and while', async () => {
    const { platform } = clock()
    const resolver = new DohResolver(URL, { fetch: never, platform })
    const reason = new Error('given up')
    await expect(resolver.resolve('a.example', 'A', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const abort = new AbortController()
    const answer = resolver.resolve('a.example', 'A', { signal: abort.signal })
    abort.abort(reason)
    await expect(answer).rejects.toBe(reason)
    expect(await rejectionOf(() => resolver.resolve('a\0.example', 'A'))).toBe('DNS_BAD_NAME')
  })
})
