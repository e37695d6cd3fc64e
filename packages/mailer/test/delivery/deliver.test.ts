import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../../test/failure.ts'
import { createDeliverer, type DelivererOptions, deliver } from '../../src/deliver.ts'
import { defaultPlatform } from '../../src/platform.ts'
import { MESSAGE, mailTo, Network, saying } from './network.ts'

const DOMAIN = 'mail.example.org'

function optionsOf(network: Network, more: Partial<DelivererOptions> = {}): DelivererOptions {
  return { connect: network.connect, resolver: network.zone, domain: DOMAIN, ...more }
}

function said(text: string) {
  const [code = '', status = '', ...words] = text.split(' ')
  const [kind, subject, detail] = status.split('.').map(Number)
  return { code: Number(code), enhanced: { class: kind, subject, detail }, lines: [words.join(' ')] }
}

const refusing = (code: number, text: string) => ({ onRecipient: () => ({ code, lines: [text] }) })

describe('hosts of a domain', () => {
  test('deliver: the lowest preference comes first, and one host is enough [rfc5321 5.1]', async () => {
    const network = new Network().domain('example.net', '20 b 192.0.2.2', '10 a 192.0.2.1')
    network.host('192.0.2.1').host('192.0.2.2')
    const outcome = await deliver(mailTo('b@example.net', 'c@EXAMPLE.net'), optionsOf(network))
    expect(outcome.type).toBe('accepted')
    expect(network.taken).toEqual([
      {
        address: '192.0.2.1',
        to: ['b@example.net', 'c@EXAMPLE.net'],
        text: 'Subject: hi\r\n\r\nHello\r\n',
        secured: false,
      },
    ])
    expect(network.requests[0]).toMatchObject({ host: 'a.example.net', port: 25, addresses: ['192.0.2.1'] })
    expect(outcome.domains[0]?.attempts).toMatchObject([
      { host: 'a.example.net', preference: 10, asked: 'opportunistic', phase: 'done', recipients: 2, accepted: 2 },
    ])
    expect(outcome.recipients[0]?.host).toBe('a.example.net')
  })

  test('deliver: hosts of one preference are taken in random order [rfc5321 5.1]', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '10 b 192.0.2.2')
    network.host('192.0.2.1').host('192.0.2.2')
    const first = async (octet: number) => {
      const platform = { ...defaultPlatform, random: (length: number) => new Uint8Array(length).fill(octet) }
      await deliver(mailTo('b@example.net'), optionsOf(network, { platform }))
      return network.tried.at(-1)
    }
    expect(await first(0)).toBe('192.0.2.2')
    expect(await first(255)).toBe('192.0.2.1')
  })

  test('deliver: a domain without MX is its own host [rfc5321 5.1]', async () => {
    const network = new Network().host('2001:db8::1').host('192.0.2.1')
    network.zone.add('example.net', 'A', '192.0.2.1').add('example.net', 'AAAA', '2001:db8::1')
    expect((await deliver(mailTo('b@example.net'), optionsOf(network))).type).toBe('accepted')
    expect(network.tried).toEqual(['2001:db8::1'])
    await deliver(mailTo('b@example.net'), optionsOf(network, { addressFamily: 'ipv4' }))
    expect(network.tried.at(-1)).toBe('192.0.2.1')
  })

  test('deliver: all addresses of a host come before the next host, families in turn [rfc5321 5.1]', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1 192.0.2.2 2001:db8::1', '20 b 192.0.2.3')
    network.host('192.0.2.3')
    expect((await deliver(mailTo('b@example.net'), optionsOf(network))).type).toBe('accepted')
    expect(network.tried).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2', '192.0.2.3'])
    network.requests.length = 0
    await deliver(mailTo('b@example.net'), optionsOf(network, { maxAddresses: 2 }))
    expect(network.tried).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.3'])
  })

  test('deliver: more hosts than the limit are passed over', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2')
    const { recipients, domains } = await deliver(mailTo('b@example.net'), optionsOf(network, { maxHosts: 1 }))
    expect(network.tried).toEqual(['192.0.2.1'])
    expect(domains[0]?.passedOver).toEqual([{ host: 'b.example.net', preference: 20, reason: 'too-many' }])
    expect(recipients[0]).toMatchObject({
      status: 'deferred',
      retry: 'later',
      reply: said('451 4.4.1 The host does not answer'),
    })
  })

  test.each([
    ['[192.0.2.9]', '192.0.2.9'],
    ['[IPv6:2001:DB8::9]', '2001:db8::9'],
  ])('deliver: mail to %s goes there, and the DNS is not asked [rfc5321 4.1.3]', async (domain, address) => {
    const network = new Network().host(address)
    expect((await deliver(mailTo(`b@${domain}`), optionsOf(network))).type).toBe('accepted')
    expect(network.tried).toEqual([address])
    expect(network.zone.queries).toEqual([])
  })

  test('deliver: U-labels and A-labels are one domain [rfc5891 5]', async () => {
    const network = new Network().domain('xn--bcher-kva.example', '10 a 192.0.2.1').host('192.0.2.1')
    const { type } = await deliver(mailTo('b@Bücher.example', 'c@xn--bcher-kva.example'), optionsOf(network))
    expect(type).toBe('accepted')
    expect(network.taken.map(({ to }) => to.length)).toEqual([2])
  })
})

describe('domains that take no mail', () => {
  test.each([
    ['a null MX [rfc7505 4]', ['0 .'], said('556 5.1.10 The domain takes no mail')],
    ['hosts without addresses [rfc5321 5.1]', ['10 a'], said('550 5.4.4 No host of the domain has an address')],
    ['none of that name [rfc3463 3.2]', [], said('550 5.1.2 The domain does not exist')],
  ])('deliver: %s', async (_, hosts, reply) => {
    const network = new Network().domain('example.net', ...hosts)
    if (hosts[0] === '10 a') network.zone.add('a.example.net', 'TXT', 'x')
    const outcome = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(outcome.type).toBe('refused')
    expect(outcome.recipients).toMatchObject([{ status: 'rejected', retry: 'never', reply }])
    expect(outcome.recipients[0]).not.toHaveProperty('host')
    expect(network.requests).toEqual([])
  })

  test('deliver: where the DNS fails mail is deferred [rfc5321 5.1]', async () => {
    const network = new Network()
    network.zone.fail('example.net', 'servfail')
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(recipients).toMatchObject([{ status: 'deferred', retry: 'later', reply: { code: 451 } }])
  })

  test('deliver: the postmaster of no domain has no way [rfc5321 4.5.1]', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1').host('192.0.2.1')
    const outcome = await deliver(mailTo('Postmaster', 'b@example.net'), optionsOf(network))
    expect(outcome.type).toBe('partial')
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['rejected', 'accepted'])
    expect(outcome.recipients[0]?.reply).toEqual(said('501 5.1.3 The postmaster of which domain is not said'))
  })
})

describe('loops', () => {
  const network = () =>
    new Network()
      .domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2', '20 c 192.0.2.3', '30 d 192.0.2.4')
      .host('192.0.2.3')
      .host('192.0.2.4')

  test.each([
    ['its name', { domain: 'b.example.net' }],
    ['another name', { localHosts: ['B.example.net.'] }],
    ['an address', { localHosts: ['::ffff:192.0.2.2'] }],
  ])('deliver: behind this host, known by %s, none is tried [rfc5321 5.1]', async (_, more) => {
    const net = network()
    const { recipients, domains } = await deliver(mailTo('b@example.net'), optionsOf(net, more))
    expect(net.tried).toEqual(['192.0.2.1'])
    expect(domains[0]?.passedOver.map(({ host, reason }) => `${host[0]} ${reason}`).sort()).toEqual([
      'b loop',
      'c loop',
      'd loop',
    ])
    expect(recipients[0]?.status).toBe('deferred')
  })

  test('deliver: where this host is the best there is a loop [rfc5321 5.1]', async () => {
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(network(), { localHosts: ['192.0.2.1'] }))
    expect(recipients).toMatchObject([{ status: 'rejected', reply: LOOP }])
  })

  const LOOP = said('554 5.4.6 The mail would come back to this host')

  test.each([
    ['its name', 'MAIL.example.org', {}],
    ['another of its names', 'out.example.org', { localHosts: ['out.example.org'] }],
  ])('deliver: a host that greets with %s is this host: the next is tried [rfc5321 6.3]', async (_, hostname, more) => {
    const net = network().host('192.0.2.1', { hostname }).host('192.0.2.2')
    const { recipients, domains } = await deliver(mailTo('b@example.net'), optionsOf(net, more))
    const [first, second] = domains[0]!.attempts
    expect(first).toMatchObject({ host: 'a.example.net', accepted: 0, error: { code: 'MAILER_LOOP' } })
    expect(second).toMatchObject({ phase: 'done', accepted: 1 })
    expect(recipients[0]?.status).toBe('accepted')
    expect(net.taken.map(({ address }) => address)).not.toContain('192.0.2.1')
  })

  test('deliver: where every host greets with the name of this one the mail is returned [rfc5321 6.3]', async () => {
    const net = new Network().domain('example.net', '10 a 192.0.2.1').host('192.0.2.1', { hostname: DOMAIN })
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(net))
    expect(recipients).toMatchObject([{ status: 'rejected', retry: 'never', reply: LOOP }])
  })

  test('deliver: an address literal of this host is a loop', async () => {
    const { recipients } = await deliver(mailTo('b@[192.0.2.1]'), optionsOf(network(), { localHosts: ['192.0.2.1'] }))
    expect(recipients[0]?.reply?.code).toBe(554)
  })
})

describe('what a host says', () => {
  const two = () => new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2').host('192.0.2.2')

  test.each([
    ['refuses the connection', undefined],
    ['greets with 554 [rfc5321 3.1]', { onConnect: () => ({ code: 554, lines: ['No'] }) }],
    ['greets with 421 [rfc5321 3.8]', { onConnect: () => ({ code: 421, lines: ['Busy'] }) }],
    ['greets with 521 [rfc7504 3]', { onConnect: () => ({ code: 521, lines: ['No mail'] }) }],
    ['says 421 to RCPT [rfc5321 3.8]', { onRecipient: () => ({ code: 421, lines: ['Going down'] }) }],
    ['closes at once', { speak: saying('close') }],
    ['closes after EHLO', { speak: saying('220 a', 'close') }],
    ['refuses EHLO and HELO', { speak: saying('220 a', '550 no', '550 no', 'close') }],
    ['closes after MAIL', { speak: saying('220 a', '250 a', 'close') }],
  ])('deliver: the next host is tried when one %s', async (_, host) => {
    const network = two()
    if (host) network.host('192.0.2.1', host)
    const outcome = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(outcome.type).toBe('accepted')
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(outcome.domains[0]?.attempts[0]?.accepted).toBe(0)
    expect(network.open).toBe(0)
  })

  test.each([
    ['is greylisted [rfc6647 2]', 451, 'Greylisted, come back later', 'deferred', 'later'],
    ['is full [rfc5321 4.2.1]', 452, 'Mailbox full', 'deferred', 'later'],
    ['is unknown [rfc5321 4.2.1]', 550, 'No such user', 'rejected', 'never'],
  ])('deliver: no other host is tried for a recipient that %s', async (_, code, text, status, retry) => {
    const network = two().host('192.0.2.1', refusing(code, text))
    const { recipients } = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(network.tried).toEqual(['192.0.2.1'])
    expect(recipients).toMatchObject([{ status, retry, host: 'a.example.net', reply: { code, lines: [text] } }])
  })

  test('deliver: only those go to the next host whom it concerns', async () => {
    const speak = saying('220 a', '250 a', '250 ok', '550 unknown', '451 greylisted', '421 bye', 'close')
    const network = two().host('192.0.2.1', { speak })
    const { recipients } = await deliver(mailTo('x@example.net', 'y@example.net', 'z@example.net'), optionsOf(network))
    expect(recipients.map(({ status, host }) => `${status} ${host?.[0]}`)).toEqual([
      'rejected a',
      'deferred a',
      'accepted b',
    ])
    expect(network.taken.flatMap(({ to }) => to)).toEqual(['z@example.net'])
  })

  test('deliver: what all hosts refuse for good at the greeting is returned, else it is deferred [rfc7504 3]', async () => {
    const no = { onConnect: () => ({ code: 521, lines: ['No mail'] }) }
    const all = two().host('192.0.2.1', no).host('192.0.2.2', no)
    expect((await deliver(mailTo('b@example.net'), optionsOf(all))).recipients).toMatchObject([
      { status: 'rejected', host: 'b.example.net', reply: { code: 521 } },
    ])
    const one = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2').host('192.0.2.1', no)
    expect((await deliver(mailTo('b@example.net'), optionsOf(one))).recipients[0]?.status).toBe('deferred')
  })

  test('deliver: after the final dot a lost connection is final [rfc1047]', async () => {
    const network = two().host('192.0.2.1', { speak: saying('220 a', '250 a', '250 ok', '250 ok', '354 go', 'close') })
    const outcome = await deliver(mailTo('b@example.net'), optionsOf(network))
    expect(outcome.type).toBe('unknown')
    expect(outcome.recipients).toMatchObject([{ status: 'unknown', retry: 'may-duplicate' }])
    expect(network.tried).toEqual(['192.0.2.1'])
    expect(outcome.domains[0]?.attempts).toMatchObject([{ phase: 'message', error: { code: 'SMTP_CLOSED' } }])
  })

  test('deliver: MAILMAX takes further sessions with the same host [rfc9422 4.1]', async () => {
    const network = two().host('192.0.2.1', { maxRecipients: 2, maxTransactions: 1 })
    const to = ['b', 'c', 'd', 'e', 'f'].map((local) => `${local}@example.net`)
    const outcome = await deliver(mailTo(...to), optionsOf(network))
    expect(outcome.type).toBe('accepted')
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1'])
    expect(network.taken.flatMap((one) => one.to)).toEqual(to)
  })

  test.each([
    ['8-bit content [rfc6152 3]', '8BITMIME', 'ü', said('550 5.6.3 The host takes no 8-bit content')],
    [
      'more octets than SIZE says [rfc1870 6.1]',
      'x',
      'x'.repeat(99),
      said('550 5.3.4 The message is larger than the host takes'),
    ],
  ])('deliver: what no host can take is returned: %s', async (_, __, body, reply) => {
    const speak = saying('220 a', '250-a\r\n250 SIZE 50', '221 bye', 'close')
    const network = two().host('192.0.2.1', { speak }).host('192.0.2.2', { speak })
    const message = new TextEncoder().encode(`Subject: hi\r\n\r\n${body}\r\n`)
    const { recipients } = await deliver({ ...mailTo('b@example.net'), message }, optionsOf(network))
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(recipients).toMatchObject([{ status: 'rejected', reply }])
  })

  test('deliver: DSN is left off where it is not offered, and that is told [rfc3461 5.2.2]', async () => {
    const envelope = {
      reversePath: 'a@example.org',
      forwardPaths: [{ forwardPath: 'b@example.net', parameters: { notify: ['SUCCESS'] as const } }, 'c@example.net'],
      parameters: { envid: 'x' },
    }
    const network = two().host('192.0.2.1')
    const { recipients } = await deliver({ envelope, message: MESSAGE }, optionsOf(network))
    expect(recipients).toMatchObject([{ status: 'accepted', withoutDsn: true }, { status: 'accepted' }])
    const seen: unknown[] = []
    const knows = two().host('192.0.2.1', {
      extensions: [{ keyword: 'DSN' }],
      onRecipient: (_, parameters) => void seen.push(parameters),
    })
    const told = await deliver({ envelope, message: MESSAGE }, optionsOf(knows))
    expect(told.recipients[0]).not.toHaveProperty('withoutDsn')
    expect(seen).toEqual([{ notify: ['SUCCESS'] }, {}])
  })
})

describe('messages, domains and memory', () => {
  test('deliver: each domain has its outcome, and is delivered to beside the others', async () => {
    const network = new Network().host('192.0.2.1').host('192.0.2.2', refusing(550, 'No'))
    network.domain('one.example', '10 a 192.0.2.1').domain('two.example', '10 a 192.0.2.2')
    const outcome = await deliver(mailTo('b@two.example', 'c@one.example', 'd@two.example'), optionsOf(network))
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['rejected', 'accepted', 'rejected'])
    expect(outcome.domains.map(({ domain }) => domain)).toEqual(['two.example', 'one.example'])
    expect(outcome.type).toBe('partial')
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome)
  })

  test('deliver: no more domains at a time than the limit', async () => {
    const network = new Network()
    let most = 0
    const domains = ['one', 'two', 'three', 'four', 'five'].map((name, at) => {
      network.domain(`${name}.example`, `10 a 192.0.2.${at}`)
      network.host(`192.0.2.${at}`, {
        onRecipient: async () => {
          most = Math.max(most, network.open)
          await new Promise((resolve) => setTimeout(resolve, 0))
        },
      })
      return `b@${name}.example`
    })
    expect((await deliver(mailTo(...domains), optionsOf(network, { concurrency: 2 }))).type).toBe('accepted')
    expect(most).toBe(2)
  })

  const stream = () =>
    new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        controller.enqueue(MESSAGE)
        controller.close()
      },
      cancel: async () => undefined,
    })

  test('deliver: a stream that can be read once goes to no further host after it was begun', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2', '30 c 192.0.2.3')
    network.host('192.0.2.2', { speak: saying('220 b', '250 b', '250 ok', '421 bye', 'close') }).host('192.0.2.3')
    const passedOn = await deliver({ ...mailTo('b@example.net'), message: stream() }, optionsOf(network))
    expect(passedOn.type).toBe('accepted')
    network.host('192.0.2.2', { onMessage: () => ({ code: 421, lines: ['Bye'] }) })
    network.requests.length = 0
    const spent = await deliver({ ...mailTo('b@example.net'), message: stream() }, optionsOf(network))
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(spent.recipients).toMatchObject([{ status: 'deferred', retry: 'later', reply: { code: 421 } }])
  })

  test('deliver: a stream that can be read once goes to one domain: MAILER_READ_ONCE', async () => {
    const network = new Network()
    const mail = { ...mailTo('b@one.example', 'c@two.example'), message: stream() }
    expect(await rejectionOf(() => deliver(mail, optionsOf(network)))).toBe('MAILER_READ_ONCE')
    expect(network.zone.queries).toEqual([])
  })

  test.each([
    ['SMTP_NO_RECIPIENTS', mailTo(), {}],
    ['COMMAND_BAD_PATH', mailTo('b@@example.net'), {}],
    [
      'COMMAND_BAD_PATH',
      { ...mailTo('b@example.net'), envelope: { reversePath: 'a b', forwardPaths: ['b@example.net'] } },
      {},
    ],
    ['MAILER_BAD_OPTION', mailTo('b@example.net'), { domain: 'localhost' }],
    ['MAILER_BAD_OPTION', mailTo('b@example.net'), { maxHosts: 0 }],
  ])('deliver: %s before anything is asked', async (code, message, more) => {
    const network = new Network()
    expect(await rejectionOf(() => deliver(message, optionsOf(network, more)))).toBe(code)
    expect(network.zone.queries).toEqual([])
  })

  test('createDeliverer: an address that did not answer is tried last for a while', async () => {
    let now = 0
    const platform = { ...defaultPlatform, now: () => now }
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2').host('192.0.2.2')
    const deliverer = createDeliverer(optionsOf(network, { platform, quietTime: 1000 }))
    const tried = async () => {
      network.requests.length = 0
      await deliverer.deliver(mailTo('b@example.net'))
      return network.tried
    }
    expect(await tried()).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(await tried()).toEqual(['192.0.2.2'])
    now = 1000
    expect(await tried()).toEqual(['192.0.2.1', '192.0.2.2'])
    network.host('192.0.2.2', { onConnect: () => ({ code: 554, lines: ['No'] }) }).host('192.0.2.1')
    expect(await tried()).toEqual(['192.0.2.2', '192.0.2.1'])
    network.host('192.0.2.2')
    expect(await tried()).toEqual(['192.0.2.1'])
  })

  test('deliver: a connection that takes too long is given up [rfc5321 5.1]', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2').host('192.0.2.2')
    network.host('192.0.2.1', { silent: true })
    const outcome = await deliver(mailTo('b@example.net'), optionsOf(network, { connectTimeout: 5 }))
    expect(outcome.domains[0]?.attempts).toMatchObject([
      { phase: 'connect', error: { code: 'MAILER_CONNECT_FAILED' } },
      { phase: 'done' },
    ])
  })

  test('deliver: listeners hear of each attempt, and what they throw is dropped', async () => {
    const network = new Network().domain('example.net', '10 a 192.0.2.1', '20 b 192.0.2.2').host('192.0.2.2')
    const heard: string[] = []
    const outcome = await deliver(mailTo('b@example.net'), {
      ...optionsOf(network),
      onAttempt: ({ host, phase }) => {
        heard.push(`${host} ${phase}`)
        throw new Error('listener')
      },
      record:
        ({ address }) =>
        (entry) => {
          heard.push(`${address} ${entry.type}`)
          throw new Error('recorder')
        },
    })
    expect(outcome.type).toBe('accepted')
    expect(heard[0]).toBe('a.example.net connect')
    expect(heard[1]).toBe('192.0.2.2 connected')
    expect(heard.at(-1)).toBe('b.example.net done')
  })

  test('deliver: the signal ends all: what was not sent is deferred, what was past its end is unknown', async () => {
    const network = new Network().domain('one.example', '10 a 192.0.2.1').domain('two.example', '10 a 192.0.2.2')
    network.domain('three.example', '10 a 192.0.2.3').host('192.0.2.3')
    const abort = new AbortController()
    network.host('192.0.2.1', { silent: true })
    network.host('192.0.2.2', {
      onMessage: () => {
        abort.abort(new Error('enough'))
        return new Promise(() => undefined)
      },
    })
    const outcome = await deliver(mailTo('b@one.example', 'c@two.example', 'd@three.example'), {
      ...optionsOf(network, { concurrency: 2 }),
      signal: abort.signal,
    })
    expect(outcome.recipients.map(({ status, retry }) => `${status} ${retry}`)).toEqual([
      'deferred later',
      'unknown may-duplicate',
      'deferred later',
    ])
    expect(outcome.domains.map(({ error }) => error?.code)).toEqual(['MAILER_ABORTED', undefined, 'MAILER_ABORTED'])
    expect(network.tried).toEqual(['192.0.2.1', '192.0.2.2'])
  })

  test('deliver: a resolver that breaks costs its own domain alone', async () => {
    const network = new Network().domain('one.example', '10 a 192.0.2.1').host('192.0.2.1')
    const resolver = {
      resolve: ((name, type, options) =>
        name === 'two.example'
          ? Promise.reject(new Error('broken'))
          : network.zone.resolve(name, type, options)) as typeof network.zone.resolve,
    }
    const outcome = await deliver(mailTo('b@one.example', 'c@two.example'), optionsOf(network, { resolver }))
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'deferred'])
    expect(outcome.domains[1]?.error?.code).toBe('MAILER_DELIVERY_FAILED')
  })
})
