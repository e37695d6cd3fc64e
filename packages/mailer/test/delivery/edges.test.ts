import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import type { Answer, RecordType, Resolver } from '@posthorn/dns'
import { TlsReportCollector } from '@posthorn/policy'
import type { Connection, TranscriptEntry } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../../test/failure.ts'
import { createDeliverer, type DelivererOptions, deliver, type StsFetch } from '../../src/deliver.ts'
import { memoryStsStore } from '../../src/delivery/sts-store.ts'
import { defaultPlatform } from '../../src/platform.ts'
import { certificates, MESSAGE, mailTo, Network, saying } from './network.ts'

const GOOD = certificates(['a.example.net'])

const oneHost = (options = {}) => new Network(options).domain('example.net', '10 a 192.0.2.1')
const twoHosts = () => new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2')

function optionsOf(network: Network, more: Partial<DelivererOptions> = {}): DelivererOptions {
  return { connect: network.connect, resolver: network.zone, domain: 'mail.example.org', ...more }
}

describe('hosts', () => {
  test('deliver: an address that does not answer is not tried again for another host', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.1')
    await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(network.tried).toEqual(['192.0.2.1'])
  })

  test('deliver: a refusal for good after a host that did not answer is not final [rfc7504 3]', async () => {
    const network = twoHosts().host('192.0.2.2', { onConnect: () => ({ code: 521, lines: ['No mail'] }) })
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(recipients).toMatchObject([{ status: 'deferred', reply: { code: 451 } }])
  })

  test('deliver: a name in the DNS that is none is passed over', async () => {
    const network = oneHost().host('192.0.2.1')
    const resolver: Resolver = {
      async resolve<T extends RecordType>(name: string, type: T, options = {}): Promise<Answer<T>> {
        const answer = await network.zone.resolve(name, type, options)
        if (type !== 'MX' || answer.status !== 'found') return answer
        const bad = { preference: 1, exchange: 'a b' }
        return { ...answer, records: [bad, ...answer.records] } as unknown as Answer<T>
      },
    }
    const { type, domains } = await deliver(mailTo('b@example.net'), optionsOf(network, { resolver }))
    expect(type).toBe('accepted')
    expect(domains[0]?.passedOver).toEqual([{ host: 'a b', preference: 1, reason: 'bad-name' }])
  })

  test('deliver: names too long to stand below have neither policy nor TLSA records', async () => {
    const label = 'x'.repeat(61)
    const domain = `${label}.${label}.${label}.${label}.net`
    const network = new Network({ authenticated: true }).host('192.0.2.1')
    network.zone.add(domain, 'A', '192.0.2.1')
    const fetch: StsFetch = () => Promise.reject(new Error('asked'))
    const { type, domains } = await deliver(mailTo(`b@${domain}`), optionsOf(network, { fetch }))
    expect(type).toBe('accepted')
    expect(domains[0]).not.toHaveProperty('stsFailure')
  })

  test('createDeliverer: a host that takes the connection and says nothing is tried last, too', async () => {
    const network = twoHosts()
      .host('192.0.2.2')
      .host('192.0.2.1', { speak: () => new Promise(() => undefined) })
    const deliverer = createDeliverer(optionsOf(network, { deadline: () => 5 }))
    await deliverer.deliver(mailTo('b@example.net'))
    await deliverer.deliver(mailTo('b@example.net'))
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.2'])
  })

  test('createDeliverer: of addresses that do not answer only some are remembered', async () => {
    const network = twoHosts().domain('example.net', '30 c 192.0.2.3').host('192.0.2.3')
    const deliverer = createDeliverer(optionsOf(network, { maxQuiet: 1 }))
    await deliverer.deliver(mailTo('b@example.net'))
    network.requests.length = 0
    await deliverer.deliver(mailTo('b@example.net'))
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.3'])
  })

  test('deliver: a connection that comes too late is ended', async () => {
    let arrive: (connection: Connection) => void = () => undefined
    const reasons: unknown[] = []
    const connect = () => new Promise<Connection>((resolve) => (arrive = resolve))
    await deliver(mailTo('b@example.net'), optionsOf(oneHost(), { connect, connectTimeout: 5 }))
    arrive({ abort: (reason: unknown) => reasons.push(reason) } as unknown as Connection)
    await expect.poll(() => reasons).toMatchObject([{ code: 'MAILER_CONNECT_FAILED' }])
  })
})

describe('time', () => {
  // The clock stands until a timer is waited for; then it goes on to it.
  function clock() {
    let now = 0
    const pending = new Set<{ readonly at: number; readonly fire: () => void }>()
    const platform: DelivererOptions['platform'] = {
      ...defaultPlatform,
      now: () => now,
      startTimer(milliseconds, fire) {
        const timer = { at: now + milliseconds, fire }
        pending.add(timer)
        return () => pending.delete(timer)
      },
    }
    const advance = (milliseconds: number): void => {
      now += milliseconds
      for (const timer of [...pending].filter(({ at }) => at <= now)) {
        pending.delete(timer)
        timer.fire()
      }
    }
    return { platform, advance, timers: () => pending.size }
  }

  test('deliver: a domain that takes too long is deferred, and no further host is tried', async () => {
    const { platform, advance, timers } = clock()
    const network = twoHosts().host('192.0.2.1', { silent: true }).host('192.0.2.2')
    const going = deliver(mailTo('b@example.net'), optionsOf(network, { platform, domainTimeout: 20_000 }))
    await expect.poll(() => network.tried).toEqual(['192.0.2.1'])
    advance(20_000)
    const { recipients, domains } = await going
    expect(network.tried).toEqual(['192.0.2.1'])
    expect(recipients).toMatchObject([
      { status: 'deferred', retry: 'later', reply: { code: 451, enhanced: { class: 4, subject: 4, detail: 7 } } },
    ])
    expect(domains[0]?.error).toEqual({
      code: 'MAILER_TIMEOUT',
      message: 'Cannot deliver to the domain: it took longer than 20000 ms',
    })
    expect(timers()).toBe(0)
  })

  test.each([
    ['the greeting', [], 'greeting'],
    ['EHLO', ['220 mx.example.net'], 'EHLO'],
    ['MAIL', ['220 mx.example.net', '250 mx.example.net'], 'envelope'],
  ])('deliver: a session that waits for the reply to %s is ended in time', async (_, lines, phase) => {
    const { platform, advance, timers } = clock()
    const heard: string[] = []
    const speak = async (far: Connection): Promise<void> => {
      for (const line of lines) {
        await far.write(encodeUtf8(`${line}\r\n`))
        heard.push(decodeUtf8((await far.read()) ?? new Uint8Array(0)))
      }
      heard.push('waits')
      while (await far.read());
    }
    const network = twoHosts().host('192.0.2.1', { speak }).host('192.0.2.2')
    const going = deliver(mailTo('b@example.net'), optionsOf(network, { platform, domainTimeout: 1000 }))
    await expect.poll(() => heard).toContain('waits')
    advance(1000)
    const { recipients, domains } = await going
    const error = { code: 'MAILER_TIMEOUT' }
    expect(domains[0]).toMatchObject({ attempts: [{ phase, error }], error })
    expect(recipients).toMatchObject([{ status: 'deferred', retry: 'later' }])
    expect(timers()).toBe(0)
  })

  test('deliver: a message that is being sent when the time is over goes on [rfc1047]', async () => {
    const { platform, advance, timers } = clock()
    const network = twoHosts().host('192.0.2.1', { onMessage: () => advance(1000) })
    const outcome = await deliver(mailTo('b@example.net'), optionsOf(network, { platform, domainTimeout: 1000 }))
    expect(outcome).toMatchObject({ type: 'accepted', domains: [{ attempts: [{ phase: 'done' }] }] })
    expect(outcome.domains[0]).not.toHaveProperty('error')
    expect(timers()).toBe(0)
  })

  test('createDeliverer: a time limit that is none is refused', async () => {
    const action = async () => createDeliverer(optionsOf(twoHosts(), { domainTimeout: 0 }))
    expect(await rejectionOf(action)).toBe('MAILER_BAD_OPTION')
  })
})

describe('envelopes', () => {
  test('deliver: parameters that all recipients share are left off too where DSN is not offered [rfc3461 5.2.2]', async () => {
    const envelope = {
      reversePath: '',
      forwardPaths: ['b@example.net'],
      recipientParameters: { notify: ['FAILURE'] as const },
    }
    const outcome = await deliver({ envelope, message: MESSAGE }, optionsOf(oneHost().host('192.0.2.1')))
    expect(outcome.recipients).toMatchObject([{ status: 'accepted', withoutDsn: true }])
  })

  test.each([[{ parameters: { envid: 'ü' } }], [{ recipientParameters: { orcpt: { type: 'r f c', address: 'x' } } }]])(
    'deliver: what cannot stand in a command is refused before anything is asked: %j',
    async (more) => {
      const network = oneHost()
      const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'], ...more }
      const action = () => deliver({ envelope: envelope as never, message: MESSAGE }, optionsOf(network))
      expect(await rejectionOf(action)).toMatch(/^COMMAND_/)
      expect(network.zone.queries).toEqual([])
    },
  )
})

describe('TLS', () => {
  // Raises TLS where it is asked to, then hears EHLO and says this, or closes.
  const afterTls = (line?: string) => async (far: Connection) => {
    const say = (text: string) => far.write(encodeUtf8(`${text}\r\n`))
    await say('220 a')
    await far.read()
    await say('250-a\r\n250 STARTTLS')
    if (decodeUtf8((await far.read()) ?? new Uint8Array(0)) === 'STARTTLS\r\n') {
      await say('220 go')
      await far.startTls({})
      await far.read()
      if (line !== undefined) await say(line)
    }
    await far.close()
  }

  test('deliver: a host that vanishes behind the handshake is tried in the clear [rfc7435 4]', async () => {
    const network = oneHost().host('192.0.2.1', { speak: afterTls(), presents: GOOD })
    const { domains } = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(domains[0]?.attempts.map(({ asked }) => asked)).toEqual(['opportunistic', 'none'])
  })

  test('deliver: one that refuses behind the handshake is not', async () => {
    const network = oneHost().host('192.0.2.1', { speak: afterTls('421 busy'), presents: GOOD })
    const { domains } = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(domains[0]?.attempts).toMatchObject([{ asked: 'opportunistic', reply: { code: 421 } }])
  })

  test('deliver: where nothing is asked nobody is said to have verified the certificate', async () => {
    const entries: TranscriptEntry[] = []
    const network = oneHost().host('192.0.2.1', { presents: GOOD })
    await deliver(mailTo('b@example.net'), optionsOf(network, { record: () => (entry) => void entries.push(entry) }))
    expect(entries.find(({ type }) => type === 'tls')).toMatchObject({ info: { verifiedBy: 'nobody' } })
  })

  test('deliver: a carrier that shows no certificates delivers to no host with DANE [rfc7672 2.2]', async () => {
    const network = oneHost({ authenticated: true }).host('192.0.2.1', { tls: true })
    const record = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) }
    network.zone.add('_25._tcp.a.example.net', 'TLSA', record)
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(network, { certificates: 'carrier' }))
    expect(recipients).toMatchObject([
      {
        status: 'deferred',
        reply: { enhanced: { class: 4, subject: 7, detail: 5 }, lines: ['TLS with the host failed'] },
      },
    ])
    expect(network.taken).toEqual([])
  })

  test('deliver: where the MX answer alone is not authenticated no TLSA record is asked for [rfc7672 2.2.1]', async () => {
    const network = oneHost({ authenticated: true }).host('192.0.2.1')
    const resolver: Resolver = {
      async resolve(name, type, options) {
        const answer = await network.zone.resolve(name, type, options)
        return type === 'MX' ? { ...answer, authenticated: false } : answer
      },
    }
    expect((await deliver(mailTo('b@example.net'), optionsOf(network, { resolver }))).type).toBe('accepted')
    expect(network.zone.queries.map(({ type }) => type)).not.toContain('TLSA')
  })

  test('deliver: a session that ended before EHLO says nothing of TLS [rfc8460 4.3]', async () => {
    const tlsReports = new TlsReportCollector()
    const network = oneHost().host('192.0.2.1', { speak: saying('554 no', 'close') })
    await deliver(mailTo('b@example.net'), optionsOf(network, { tlsReports }))
    const facts = { organizationName: 'x', contactInfo: 'x', start: 'x', end: 'x', reportId: () => 'x' }
    expect(tlsReports.reports(facts)).toEqual([])
  })
})

describe('policies', () => {
  const network = () => {
    const net = oneHost().host('192.0.2.1')
    net.zone.add('_mta-sts.example.net', 'TXT', 'v=STSv1; id=1;')
    return net
  }

  // A response whose body never ends by itself.
  const endless = (status: number, heard: string[]): StsFetch => {
    return async () => ({
      status,
      headers: { get: () => 'text/plain' },
      body: new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => controller.enqueue(new Uint8Array(10_000).fill(120)),
          cancel: async () => void heard.push('cancelled'),
        },
        { highWaterMark: 0 },
      ),
    })
  }

  test.each([
    [200, 'too-large'],
    [404, 'status'],
    [301, 'redirect'],
  ])(
    'deliver: an endless response of status %i is read no further than it must be [rfc8461 3.3]',
    async (status, reason) => {
      const heard: string[] = []
      const { type, domains } = await deliver(
        mailTo('b@example.net'),
        optionsOf(network(), { fetch: endless(status, heard) }),
      )
      expect([type, domains[0]?.stsFailure, heard]).toEqual(['accepted', reason, ['cancelled']])
    },
  )

  test('deliver: what says `TLS-Required: No` asks for no policy [rfc8689 3]', async () => {
    const net = network()
    const options = optionsOf(net, { fetch: endless(200, []) })
    await deliver(mailTo('b@example.net'), { ...options, requireTls: 'waived' })
    expect(net.zone.queries.map(({ type }) => type)).not.toContain('TXT')
  })

  test('createDeliverer: a policy that has expired is forgotten once its record is gone [rfc8461 5.1]', async () => {
    const states: unknown[] = []
    const entry = {
      id: '1',
      policy: { mode: 'enforce', mx: ['x.example'], maxAge: 1, extensions: [] },
      fetchedAt: 0,
    } as const
    const stsStore = { get: () => ({ entry }), set: (_: string, state: unknown) => void states.push(state) }
    const platform = { ...defaultPlatform, now: () => 5000 }
    const options = optionsOf(oneHost().host('192.0.2.1'), { fetch: endless(200, []), stsStore, platform })
    expect((await deliver(mailTo('b@example.net'), options)).type).toBe('accepted')
    expect(states).toEqual([{}])
  })

  test('memoryStsStore: the domain that was kept first makes room', () => {
    const store = memoryStsStore(2)
    for (const domain of ['a', 'b', 'a', 'c']) store.set(domain, { failure: { id: domain, at: 0 } })
    expect(['a', 'b', 'c'].map((domain) => store.get(domain) !== undefined)).toEqual([true, false, true])
  })
})
