import { encodeUtf8, MailError } from '@posthorn/core'
import { MemoryZone, type Resolver } from '@posthorn/dns'
import { TlsReportCollector } from '@posthorn/policy'
import { describe, expect, test } from 'vitest'
import { createDeliverer, type DelivererOptions, type DeliverOptions, deliver } from '../../src/deliver.ts'
import { certificates, type Host, mailTo, Network, saying } from './network.ts'

const GOOD = certificates(['a.example.net'])
const OTHER = certificates(['other.example'])
const LEAF = { usage: 3, selector: 0, matchingType: 0, data: GOOD.chain[0]! }
const ISSUER = { usage: 2, selector: 0, matchingType: 0, data: GOOD.chain[1]! }
const WRONG = { usage: 3, selector: 0, matchingType: 0, data: new Uint8Array([1]) }
const UNUSABLE = { usage: 1, selector: 1, matchingType: 1, data: new Uint8Array(32) }
const FACTS = {
  organizationName: 'Sender',
  contactInfo: 'tls@sender.example',
  start: '2026-01-01T00:00:00Z',
  end: '2026-01-01T23:59:59Z',
  reportId: () => '1',
}

interface Case {
  readonly host?: Host
  readonly network?: Network
  readonly more?: Partial<DelivererOptions & DeliverOptions>
}

// One host, and what a delivery to it gives.
async function deliverTo({ host = {}, network = oneHost(), more = {} }: Case) {
  network.host('192.0.2.1', host)
  const tlsReports = new TlsReportCollector()
  const options = { connect: network.connect, resolver: network.zone, domain: 'mail.example.org', tlsReports, ...more }
  const outcome = await deliver(mailTo('b@example.net'), options)
  const [delivery] = outcome.domains
  const policies = tlsReports.reports(FACTS).flatMap(({ report }) => report.policies)
  return {
    outcome,
    delivery: delivery!,
    attempts: delivery!.attempts,
    recipient: outcome.recipients[0]!,
    secured: network.taken.map(({ secured }) => secured),
    told: policies.flatMap(({ policyType, successfulSessions: well, failures }) => [
      ...(well > 0 ? [`${policyType} ok`] : []),
      ...failures.map(({ resultType }) => `${policyType} ${resultType}`),
    ]),
    policies,
  }
}

const oneHost = (options = {}) => new Network(options).domain('example.net', '10 a 192.0.2.1')

function withTlsa(...records: readonly (typeof LEAF)[]): Network {
  const network = oneHost({ authenticated: true })
  for (const record of records) network.zone.add('_25._tcp.a.example.net', 'TLSA', record)
  return network
}

describe('opportunistic TLS [rfc7435 4]', () => {
  test('deliver: any certificate will do where nothing is asked', async () => {
    const { secured, attempts, told } = await deliverTo({
      host: { presents: certificates([], { untrusted: 'expired' }) },
    })
    expect(secured).toEqual([true])
    expect(attempts).toMatchObject([
      { asked: 'opportunistic', reason: 'no-policy', certificate: 'expired', tls: { protocol: 'memory' } },
    ])
    expect(told).toEqual(['no-policy-found ok'])
  })

  test('deliver: without STARTTLS mail goes in the clear [rfc3207 4]', async () => {
    const { secured, attempts, told } = await deliverTo({})
    expect(secured).toEqual([false])
    expect(attempts[0]).not.toHaveProperty('tls')
    expect(told).toEqual(['no-policy-found starttls-not-supported'])
  })

  test('deliver: where STARTTLS is refused the session goes on in the clear [rfc3207 4]', async () => {
    const speak = saying(
      '220 a',
      '250-a\r\n250 STARTTLS',
      '454 no',
      '250 ok',
      '250 ok',
      '354 go',
      '250 taken',
      '221 bye',
    )
    const { outcome, attempts, told } = await deliverTo({ host: { speak } })
    expect(outcome.type).toBe('accepted')
    expect(attempts).toHaveLength(1)
    expect(told).toEqual(['no-policy-found starttls-not-supported'])
  })

  test('deliver: where the handshake fails mail goes once more in the clear, over a new connection', async () => {
    const { secured, attempts, told } = await deliverTo({ host: { tls: true } })
    expect(secured).toEqual([false])
    expect(attempts).toMatchObject([
      { asked: 'opportunistic', phase: 'handshake', address: '192.0.2.1', error: { code: 'SMTP_TLS_UNAVAILABLE' } },
      { asked: 'none', phase: 'done', address: '192.0.2.1' },
    ])
    expect(told).toEqual(['no-policy-found validation-failure'])
  })

  test('deliver: a carrier that checks by itself is not asked for certificates', async () => {
    const { secured } = await deliverTo({ host: { tls: true }, more: { certificates: 'carrier' } })
    expect(secured).toEqual([true])
  })

  test('deliver: `TLS-Required: No` leaves policies aside [rfc8689 3]', async () => {
    const { secured, attempts } = await deliverTo({ network: withTlsa(WRONG), more: { requireTls: 'waived' } })
    expect(secured).toEqual([false])
    expect(attempts).toMatchObject([{ reason: 'waived' }])
  })
})

describe('DANE', () => {
  test.each([
    [
      'DANE-EE, whatever the name and the dates [rfc7672 3.1.1]',
      LEAF,
      certificates([], { untrusted: 'expired' }),
      'dane-ee',
    ],
    [
      'DANE-TA, with the name of the host [rfc7672 3.1.2]',
      ISSUER,
      certificates(['a.example.net'], { untrusted: 'not-trusted' }),
      'dane-ta',
    ],
    ['DANE-TA, with the name of the domain [rfc7672 3.2.2]', ISSUER, certificates(['example.net']), 'dane-ta'],
  ])('deliver: a certificate that is named by %s', async (_, record, presents, certificate) => {
    const { secured, attempts, told, policies } = await deliverTo({ network: withTlsa(record), host: { presents } })
    expect(secured).toEqual([true])
    expect(attempts).toMatchObject([{ asked: 'dane', certificate, phase: 'done' }])
    expect(told).toEqual(['tlsa ok'])
    expect(policies[0]).toMatchObject({
      policyDomain: 'a.example.net',
      policyString: [expect.stringMatching(/^[23] 0 0 3001/)],
    })
  })

  test.each([
    ['no record names it', WRONG, GOOD, 'tlsa-mismatch', 'tlsa-invalid'],
    ['DANE-TA, and another name', ISSUER, OTHER, 'host-mismatch', 'certificate-host-mismatch'],
    [
      'DANE-TA, and no chain',
      ISSUER,
      certificates(['a.example.net'], { leadsTo: 9 }),
      'not-trusted',
      'certificate-not-trusted',
    ],
    [
      'DANE-TA, and a chain out of date',
      ISSUER,
      certificates([], { leadsTo: 9, untrusted: 'expired' }),
      'expired',
      'certificate-expired',
    ],
  ])('deliver: no mail is sent where %s [rfc7672 3]', async (_, record, presents, certificate, type) => {
    const { secured, attempts, recipient, told } = await deliverTo({ network: withTlsa(record), host: { presents } })
    expect(secured).toEqual([])
    expect(attempts).toMatchObject([
      { asked: 'dane', certificate, phase: 'handshake', error: { code: 'MAILER_BAD_CERTIFICATE' } },
    ])
    expect(recipient).toMatchObject({ status: 'deferred', reply: { enhanced: { class: 4, subject: 7, detail: 5 } } })
    expect(told).toEqual([`tlsa ${type}`])
  })

  test('deliver: without STARTTLS no mail is sent [rfc7672 2.2]', async () => {
    const { secured, recipient, told } = await deliverTo({ network: withTlsa(LEAF) })
    expect(secured).toEqual([])
    expect(recipient).toMatchObject({ status: 'deferred', reply: { enhanced: { class: 4, subject: 7, detail: 10 } } })
    expect(told).toEqual(['tlsa starttls-not-supported'])
  })

  test('deliver: the next host is tried', async () => {
    const network = withTlsa(WRONG).domain('example.net', '20 b 192.0.2.2').host('192.0.2.2')
    const { outcome, attempts } = await deliverTo({ network, host: { presents: GOOD } })
    expect(outcome.type).toBe('accepted')
    expect(attempts.map(({ host, asked }) => `${host} ${asked}`)).toEqual([
      'a.example.net dane',
      'b.example.net opportunistic',
    ])
  })

  test('deliver: records that cannot be used ask for TLS, and nothing of the certificate [rfc7672 2.2]', async () => {
    const { secured, attempts } = await deliverTo({ network: withTlsa(UNUSABLE), host: { presents: OTHER } })
    expect(secured).toEqual([true])
    expect(attempts).toMatchObject([{ asked: 'encrypted', reason: 'dane-unusable', certificate: 'host-mismatch' }])
    expect((await deliverTo({ network: withTlsa(UNUSABLE) })).secured).toEqual([])
  })

  test('deliver: without DNSSEC no TLSA record is asked for [rfc7672 2.2.1]', async () => {
    const network = oneHost()
    network.zone.add('_25._tcp.a.example.net', 'TLSA', WRONG)
    const { secured } = await deliverTo({ network })
    expect(secured).toEqual([false])
    expect(network.zone.queries.map(({ type }) => type)).not.toContain('TLSA')
  })

  test('deliver: a host whose TLSA records nobody knows is not tried [rfc7672 2.1.2]', async () => {
    const network = withTlsa(LEAF)
    network.zone.fail('_25._tcp.a.example.net', 'servfail')
    const { attempts, delivery, recipient, told } = await deliverTo({ network, host: { presents: GOOD } })
    expect(attempts).toEqual([])
    expect(delivery.passedOver).toMatchObject([{ reason: 'dane-deferred' }])
    expect(recipient).toMatchObject({ status: 'deferred', reply: { enhanced: { class: 4, subject: 4, detail: 3 } } })
    expect(told).toEqual(['tlsa dnssec-invalid'])
  })

  test('deliver: the records of what an alias leads to count first, for its name [rfc7672 2.2.2]', async () => {
    const network = new Network({ authenticated: true }).host('192.0.2.1', { presents: GOOD })
    network.zone.add('example.net', 'MX', { preference: 10, exchange: 'alias.example.net' })
    network.zone.add('alias.example.net', 'CNAME', 'a.example.net').add('a.example.net', 'A', '192.0.2.1')
    network.zone.add('_25._tcp.alias.example.net', 'TLSA', WRONG).add('_25._tcp.a.example.net', 'TLSA', ISSUER)
    const { secured, policies } = await deliverTo({ network, host: { presents: GOOD } })
    expect(secured).toEqual([true])
    // RFC 8460 section 1.1: the policy domain of DANE is the TLSA base domain.
    expect(policies).toMatchObject([{ policyType: 'tlsa', policyDomain: 'a.example.net' }])
  })

  test('deliver: an authenticated alias to a host that is not lets its own records count [rfc7672 2.2.2]', async () => {
    const network = new Network({ authenticated: true }).host('192.0.2.1', { presents: GOOD })
    network.zone.add('example.net', 'MX', { preference: 10, exchange: 'alias.example.net' })
    network.zone.add('alias.example.net', 'CNAME', 'a.example.net').add('a.example.net', 'A', '192.0.2.1')
    network.zone.add('_25._tcp.alias.example.net', 'TLSA', WRONG)
    const resolver: Resolver = {
      async resolve(name, type, options) {
        const answer = await network.zone.resolve(name, type, options)
        return 'name' in answer && answer.name === 'a.example.net' ? { ...answer, authenticated: false } : answer
      },
    }
    const { secured, attempts } = await deliverTo({ network, host: { presents: GOOD }, more: { resolver } })
    expect(secured).toEqual([])
    expect(attempts).toMatchObject([{ asked: 'dane' }])
  })

  test('deliver: the records are those of the port', async () => {
    const network = oneHost({ authenticated: true })
    network.zone.add('_2525._tcp.a.example.net', 'TLSA', LEAF)
    const { attempts } = await deliverTo({ network, host: { presents: GOOD }, more: { port: 2525 } })
    expect(attempts).toMatchObject([{ asked: 'dane', port: 2525 }])
  })
})

describe('REQUIRETLS', () => {
  const offered = { presents: GOOD, extensions: [{ keyword: 'REQUIRETLS' }] }
  const more = { requireTls: 'required' } as const
  const secureHost = () => oneHost({ authenticated: true })

  test('deliver: a host that offers it over verified TLS gets the mail, and the parameter [rfc8689 4.2.1]', async () => {
    const seen: unknown[] = []
    const host = { ...offered, onMail: (_: unknown, parameters: unknown) => void seen.push(parameters) }
    const { secured, attempts } = await deliverTo({ network: secureHost(), host, more })
    expect(secured).toEqual([true])
    expect(attempts).toMatchObject([{ asked: 'required', certificate: 'trusted' }])
    expect(seen).toMatchObject([{ requireTls: true }])
  })

  test.each([
    ['that does not offer it', { presents: GOOD }, '5.7.30'],
    ['without STARTTLS', {}, '5.7.10'],
    ['with a certificate for another name', { ...offered, presents: OTHER }, '5.7.30'],
    [
      'with a certificate that nobody trusts',
      { ...offered, presents: certificates(['a.example.net'], { untrusted: 'not-trusted' }) },
      '5.7.30',
    ],
  ])('deliver: a host %s does not, and the mail is returned [rfc8689 4.2.1]', async (_, host, status) => {
    const { secured, recipient } = await deliverTo({ network: secureHost(), host, more })
    expect(secured).toEqual([])
    const [, subject, detail] = status.split('.').map(Number)
    expect(recipient).toMatchObject({ status: 'rejected', reply: { enhanced: { class: 5, subject, detail } } })
  })

  test('deliver: as long as a host does not answer it is deferred', async () => {
    const network = secureHost().domain('example.net', '20 b 192.0.2.2')
    expect((await deliverTo({ network, host: { presents: GOOD }, more })).recipient.status).toBe('deferred')
  })

  test('deliver: a host whose name nothing vouches for is not tried [rfc8689 4.2.1]', async () => {
    const { attempts, recipient } = await deliverTo({ host: offered, more })
    expect(attempts).toEqual([])
    expect(recipient).toMatchObject({ status: 'rejected', reply: { enhanced: { class: 5, subject: 7, detail: 30 } } })
  })
})

describe('MTA-STS', () => {
  const policy = (mode: string, mx = 'a.example.net') =>
    `version: STSv1\r\nmode: ${mode}\r\nmx: ${mx}\r\nmax_age: 86400\r\n`

  function stsNetwork(): Network {
    const network = oneHost()
    network.zone.add('_mta-sts.example.net', 'TXT', 'v=STSv1; id=1;')
    return network
  }

  function fetching(text: string | Error, asked: string[] = []) {
    return async (url: string) => {
      asked.push(url)
      if (text instanceof Error) throw text
      const body = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          controller.enqueue(encodeUtf8(text))
          controller.close()
        },
        cancel: async () => undefined,
      })
      return { status: 200, headers: { get: () => 'text/plain' }, body }
    }
  }

  test('deliver: an enforced policy asks for TLS and a certificate of the host [rfc8461 4.1]', async () => {
    const asked: string[] = []
    const more = { fetch: fetching(policy('enforce'), asked) }
    const { secured, attempts, delivery, told, policies } = await deliverTo({
      network: stsNetwork(),
      host: { presents: GOOD },
      more,
    })
    expect(asked).toEqual(['https://mta-sts.example.net/.well-known/mta-sts.txt'])
    expect(secured).toEqual([true])
    expect(attempts).toMatchObject([{ asked: 'sts', reason: 'sts-enforce', certificate: 'trusted' }])
    expect(delivery.sts).toEqual({ mode: 'enforce', id: '1' })
    expect(told).toEqual(['sts ok'])
    expect(policies[0]).toMatchObject({
      policyString: ['version: STSv1', 'mode: enforce', 'mx: a.example.net', 'max_age: 86400'],
      mxHosts: ['a.example.net'],
    })
  })

  test.each([
    ['no STARTTLS', {}, 'starttls-not-supported'],
    ['a certificate for another name', { presents: OTHER }, 'certificate-host-mismatch'],
    ['one out of date', { presents: certificates(['a.example.net'], { untrusted: 'expired' }) }, 'certificate-expired'],
    [
      'one of no trusted root',
      { presents: certificates(['a.example.net'], { untrusted: 'not-trusted' }) },
      'certificate-not-trusted',
    ],
    ['a handshake that fails', { tls: true }, 'validation-failure'],
  ])(
    'deliver: an enforced policy keeps mail from a host with %s; one in testing only tells [rfc8461 5]',
    async (_, host: Host, type) => {
      const enforced = await deliverTo({ network: stsNetwork(), host, more: { fetch: fetching(policy('enforce')) } })
      expect(enforced.secured).toEqual([])
      expect(enforced.recipient.status).toBe('deferred')
      expect(enforced.told).toEqual([`sts ${type}`])
      const testing = await deliverTo({ network: stsNetwork(), host, more: { fetch: fetching(policy('testing')) } })
      expect(testing.outcome.type).toBe('accepted')
      expect(testing.told).toEqual([`sts ${type}`])
    },
  )

  test('deliver: a host that an enforced policy does not name is not tried; in testing it is told [rfc8461 4.1]', async () => {
    const enforced = await deliverTo({
      network: stsNetwork(),
      host: { presents: GOOD },
      more: { fetch: fetching(policy('enforce', 'other.example')) },
    })
    expect(enforced.attempts).toEqual([])
    expect(enforced.delivery.passedOver).toMatchObject([{ reason: 'sts-mismatch' }])
    expect(enforced.recipient).toMatchObject({
      status: 'deferred',
      reply: { enhanced: { class: 4, subject: 7, detail: 5 } },
    })
    expect(enforced.told).toEqual(['sts validation-failure'])
    const testing = await deliverTo({
      network: stsNetwork(),
      host: { presents: GOOD },
      more: { fetch: fetching(policy('testing', 'other.example')) },
    })
    expect(testing.secured).toEqual([true])
    expect(testing.told).toEqual(['sts validation-failure'])
  })

  test.each([
    ['20 b 192.0.2.2', ['sts ok']],
    ['5 b 192.0.2.2', ['sts ok', 'sts validation-failure']],
  ])(
    'deliver: of a host that is not named, %s, it is told where it would have been its turn',
    async (line, expected) => {
      const network = stsNetwork().domain('example.net', line)
      const { told } = await deliverTo({
        network,
        host: { presents: GOOD },
        more: { fetch: fetching(policy('enforce')) },
      })
      expect(told).toEqual(expected)
    },
  )

  test('deliver: DANE comes before the policy [rfc8461 2]', async () => {
    const network = withTlsa(LEAF)
    network.zone.add('_mta-sts.example.net', 'TXT', 'v=STSv1; id=1;')
    const more = { fetch: fetching(policy('enforce', 'other.example')) }
    const { attempts } = await deliverTo({ network, host: { presents: OTHER }, more })
    expect(attempts).toMatchObject([{ asked: 'dane', certificate: 'dane-ee' }])
  })

  const certificateError = new TypeError('fetch failed')
  certificateError.cause = Object.assign(new Error('x'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  test.each([
    ['cannot be fetched', new Error('refused'), 'unreachable', 'sts-policy-fetch-error'],
    ['comes with a bad certificate', certificateError, 'certificate', 'sts-webpki-invalid'],
    ['is none', 'mode: enforce\r\n', 'malformed', 'sts-policy-invalid'],
    ['is endless', 'x'.repeat(70_000), 'too-large', 'sts-policy-invalid'],
  ])(
    'deliver: a policy that %s does not keep mail back, and is told [rfc8461 5.1, rfc8460 4.3.2.2]',
    async (_, text, reason, type) => {
      const { outcome, delivery, told } = await deliverTo({ network: stsNetwork(), more: { fetch: fetching(text) } })
      expect(outcome.type).toBe('accepted')
      expect(delivery.stsFailure).toBe(reason)
      expect(told).toContain(`sts ${type}`)
    },
  )

  test('deliver: a policy that takes too long is given up [rfc8461 3.3]', async () => {
    const more = { fetch: () => new Promise<never>(() => undefined), stsTimeout: 5 }
    const { outcome, delivery } = await deliverTo({ network: stsNetwork(), more })
    expect([outcome.type, delivery.stsFailure]).toEqual(['accepted', 'unreachable'])
  })

  test('createDeliverer: a policy is fetched once, holds without its record, and again with a new id [rfc8461 5.1]', async () => {
    const asked: string[] = []
    const network = stsNetwork().host('192.0.2.1', { presents: OTHER })
    let resolver: Resolver = network.zone
    const deliverer = createDeliverer({
      connect: network.connect,
      resolver: { resolve: (name, type, options) => resolver.resolve(name, type, options) },
      domain: 'mail.example.org',
      fetch: fetching(policy('enforce'), asked),
    })
    const status = async () => (await deliverer.deliver(mailTo('b@example.net'))).recipients[0]!.status
    expect([await status(), await status(), asked.length]).toEqual(['deferred', 'deferred', 1])
    resolver = oneHost().zone
    expect([await status(), asked.length]).toEqual(['deferred', 1])
    const next = oneHost().zone
    resolver = next.add('_mta-sts.example.net', 'TXT', 'v=STSv1; id=2;')
    expect([await status(), asked.length]).toEqual(['deferred', 2])
  })

  test('createDeliverer: deliveries at once wait for one fetch, and a store keeps what came', async () => {
    const asked: string[] = []
    const network = stsNetwork().host('192.0.2.1', { presents: GOOD })
    const kept = new Map<string, object>()
    const deliverer = createDeliverer({
      connect: network.connect,
      resolver: network.zone,
      domain: 'mail.example.org',
      fetch: fetching(policy('enforce'), asked),
      stsStore: { get: async (domain) => kept.get(domain), set: async (domain, state) => void kept.set(domain, state) },
    })
    await Promise.all([deliverer.deliver(mailTo('b@example.net')), deliverer.deliver(mailTo('c@example.net'))])
    expect(asked).toHaveLength(1)
    expect(JSON.parse(JSON.stringify(kept.get('example.net')))).toMatchObject({
      entry: { id: '1', policy: { mode: 'enforce' } },
    })
  })

  test('createDeliverer: a fetch that nobody waits for any longer is ended, and is no failure', async () => {
    const network = stsNetwork().host('192.0.2.1', { presents: GOOD })
    const [first, second] = [new AbortController(), new AbortController()]
    const heard: string[] = []
    const kept: object[] = []
    const deliverer = createDeliverer({
      connect: network.connect,
      resolver: network.zone,
      domain: 'mail.example.org',
      fetch: (_, { signal }) => {
        heard.push('fetch')
        signal.addEventListener('abort', () => heard.push('end'), { once: true })
        return new Promise(() => undefined)
      },
      stsStore: { get: () => undefined, set: (_, state) => void kept.push(state) },
    })
    const one = deliverer.deliver(mailTo('b@example.net'), { signal: first.signal })
    const two = deliverer.deliver(mailTo('b@example.net'), { signal: second.signal })
    await expect.poll(() => heard).toEqual(['fetch'])
    first.abort()
    expect((await one).domains[0]?.error?.code).toBe('MAILER_ABORTED')
    expect(heard).toEqual(['fetch'])
    second.abort()
    expect((await two).recipients[0]?.status).toBe('deferred')
    expect([heard, kept]).toEqual([['fetch', 'end'], []])
  })

  test('createDeliverer: a store that breaks defers, since the policy is not known', async () => {
    const network = stsNetwork().host('192.0.2.1', { presents: GOOD })
    const stsStore = { get: () => Promise.reject(new MailError('STORE', 'Cannot read')), set: () => undefined }
    const more = { fetch: fetching(policy('enforce')), stsStore }
    const { recipient, delivery } = await deliverTo({ network, more })
    expect([recipient.status, delivery.error?.code]).toEqual(['deferred', 'STORE'])
  })

  test('createDeliverer: a policy in use is fetched anew after a day, beside the delivery [rfc8461 10.2]', async () => {
    const asked: string[] = []
    let now = 0
    const { defaultPlatform } = await import('../../src/platform.ts')
    const network = stsNetwork().host('192.0.2.1', { presents: GOOD })
    const deliverer = createDeliverer({
      connect: network.connect,
      resolver: network.zone,
      domain: 'mail.example.org',
      fetch: fetching(policy('enforce'), asked),
      platform: { ...defaultPlatform, now: () => now },
    })
    await deliverer.deliver(mailTo('b@example.net'))
    now = 86_400_000
    expect((await deliverer.deliver(mailTo('b@example.net'))).type).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  test('deliver: without fetch no policy is asked for', async () => {
    const network = stsNetwork()
    await deliverTo({ network })
    expect(network.zone).toBeInstanceOf(MemoryZone)
    expect(network.zone.queries.map(({ name }) => name)).not.toContain('_mta-sts.example.net')
  })
})
