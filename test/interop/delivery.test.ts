import { createHash, X509Certificate } from 'node:crypto'
import { createServer, request, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { createDeliverer, type DelivererOptions, type DeliveryOutcome, type StsFetch } from '@posthorn/mailer/deliver'
import { connect, type Listener, listen, type ServerTlsOptions, serverResolver } from '@posthorn/node'
import { TlsReportCollector } from '@posthorn/policy'
import { serve } from '@posthorn/smtp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate, type ThrowAwayCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { startExim } from './lib/exim.ts'
import { startOpenSmtpd } from './lib/opensmtpd.ts'
import { startPostfix } from './lib/postfix.ts'
import { type ServedZone, startUnbound } from './lib/unbound.ts'

interface Peer {
  readonly hostname: string
  readonly port: number
  readonly certificate: ThrowAwayCertificate
  take(user: string): Promise<Uint8Array>
  log(): string
  stop(): Promise<void>
}

const NOWHERE = { port: 1, lmtpPort: 1, ca: '', hostname: 'none', account: { username: 'nobody', password: '' } }
const ORIGIN = 'posthorn.test'
const HEAD = '$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n'
const FACTS = {
  organizationName: 'Posthorn',
  contactInfo: 'tls@posthorn.example',
  start: '2026-01-01T00:00:00Z',
  end: '2026-01-01T23:59:59Z',
  reportId: () => '1',
}

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex')

// DANE-EE by the key, DANE-TA by the certificate of the authority.
function tlsaOf({ cert, ca }: ThrowAwayCertificate, usage: 2 | 3): string {
  if (usage === 2) return `2 0 1 ${sha256(new X509Certificate(ca).raw)}`
  return `3 1 1 ${sha256(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))}`
}

const WRONG = `3 1 1 ${'00'.repeat(32)}`

// A host of our own that notes what comes.
async function sink(host: string, port: number, tls?: ServerTlsOptions): Promise<string[]> {
  const taken: string[] = []
  const listener: Listener = await listen({
    host,
    port,
    ...(tls && { tls }),
    onConnection: (connection) =>
      serve(connection, {
        hostname: 'sink.posthorn.test',
        tls: tls !== undefined,
        async onMessage({ content, peer }) {
          let text = ''
          for await (const chunk of content) text += Buffer.from(chunk).toString()
          taken.push(`${peer.connection.tls ? 'TLS' : 'clear'} ${/^Subject: (.*)\r$/m.exec(text)?.[1]}`)
        },
      }).catch(() => undefined),
  })
  ends.push(() => listener.close())
  return taken
}

interface Delivered {
  readonly outcome: DeliveryOutcome
  readonly attempts: readonly string[]
  readonly told: readonly string[]
}

let count = 0
const subject = (): string => `delivery ${++count}`

// Delivers one message with a zone of its own.
async function deliver(
  to: string,
  { records, ...zone }: { readonly records: string } & Pick<ServedZone, 'forged' | 'isSigned'>,
  options: Partial<DelivererOptions> & { readonly port: number; readonly ca?: string },
): Promise<Delivered> {
  const unbound = await startUnbound({ origin: ORIGIN, text: `${HEAD}${records}`, ...zone })
  ends.push(() => unbound.stop())
  const { ca, ...rest } = options
  const tlsReports = new TlsReportCollector()
  const deliverer = createDeliverer({
    connect: (request) => connect({ ...request, ...(ca !== undefined && { ca }) }),
    resolver: serverResolver(`127.0.0.1:${unbound.port}`),
    domain: 'client.posthorn.test',
    addressFamily: 'ipv4',
    tlsReports,
    ...rest,
  })
  const message = Buffer.from(`From: alice@posthorn.example\r\nSubject: delivery ${count}\r\n\r\nHello\r\n`)
  const envelope = { reversePath: 'alice@posthorn.example', forwardPaths: [to] }
  const outcome = await deliverer.deliver({ envelope, message })
  const policies = tlsReports.reports(FACTS).flatMap(({ report }) => report.policies)
  return {
    outcome,
    attempts: outcome.domains.flatMap(({ attempts }) =>
      attempts.map(({ host, asked, certificate, phase }) => [host, asked, certificate ?? '-', phase].join(' ')),
    ),
    told: policies.flatMap(({ policyType, successfulSessions, failures }) => [
      ...(successfulSessions > 0 ? [`${policyType} ok`] : []),
      ...failures.map(({ resultType }) => `${policyType} ${resultType}`),
    ]),
  }
}

const text = (octets: Uint8Array): string => Buffer.from(octets).toString()

describe.each([
  ['Postfix', async (): Promise<Peer> => startPostfix().then((one) => ({ ...one, port: one.mxPort }))],
  ['Exim', async (): Promise<Peer> => startExim()],
  ['OpenSMTPD', async (): Promise<Peer> => startOpenSmtpd(NOWHERE)],
])('%s', (_, start) => {
  let peer: Peer
  let label: string
  let to: string
  let port: number
  beforeAll(async () => {
    peer = await start()
    port = peer.port
    label = peer.hostname.slice(0, -ORIGIN.length - 1)
    to = `alice@${peer.hostname}`
  })
  afterAll(() => peer.stop())

  // The peer is the first MX of its own domain, a host of ours the second.
  const zone = (...more: readonly string[]): string =>
    [`${label} MX 10 ${label}`, `${label} MX 20 sink`, `${label} A 127.0.0.1`, 'sink A 127.0.1.2', ...more].join('\n')
  const tlsa = (data: string): string => `_${port}._tcp.${label} TLSA ${data}`

  test('deliver: a certificate that DANE-EE names [rfc7672 3.1.1]', async () => {
    const name = subject()
    const zoned = { records: zone(tlsa(tlsaOf(peer.certificate, 3))), isSigned: true }
    const { outcome, attempts, told } = await deliver(to, zoned, { port })
    expect(outcome.type, peer.log()).toBe('accepted')
    expect(attempts).toEqual([`${peer.hostname} dane dane-ee done`])
    expect(told).toEqual(['tlsa ok'])
    expect(text(await peer.take('alice'))).toContain(`Subject: ${name}`)
  })

  test('deliver: one that no record names is not given the mail, the next host is [rfc7672 2.2]', async () => {
    const name = subject()
    const taken = await sink('127.0.1.2', port)
    const { outcome, attempts, told } = await deliver(to, { records: zone(tlsa(WRONG)), isSigned: true }, { port })
    expect(attempts).toEqual([
      `${peer.hostname} dane tlsa-mismatch handshake`,
      `sink.posthorn.test opportunistic - done`,
    ])
    expect(outcome.type).toBe('accepted')
    expect(taken).toEqual([`clear ${name}`])
    expect(told).toEqual(['tlsa tlsa-invalid', 'no-policy-found starttls-not-supported'])
  })

  test('deliver: a host that greets by the name of this one would send the mail back [rfc5321 5.1]', async () => {
    subject()
    const records = 'circle MX 10 other\nother A 127.0.0.1\n'
    const { outcome, attempts } = await deliver(
      'bob@circle.posthorn.test',
      { records },
      { port, domain: peer.hostname },
    )
    expect(attempts).toEqual(['other.posthorn.test opportunistic not-trusted EHLO'])
    const enhanced = { class: 5, subject: 4, detail: 6 }
    expect(outcome).toMatchObject({ type: 'refused', recipients: [{ status: 'rejected', reply: { enhanced } }] })
  })

  test('deliver: a record that somebody forged keeps mail from its host [rfc7672 2.1.2]', async () => {
    const name = subject()
    const taken = await sink('127.0.1.2', port)
    const right = tlsaOf(peer.certificate, 3)
    const forged = [right.split(' ')[3]!, '11'.repeat(32)] as const
    const { outcome, attempts, told } = await deliver(
      to,
      { records: zone(tlsa(right)), isSigned: true, forged },
      { port },
    )
    expect(outcome.domains[0]?.passedOver).toEqual([{ host: peer.hostname, preference: 10, reason: 'dane-deferred' }])
    expect(attempts).toEqual(['sink.posthorn.test opportunistic - done'])
    expect(taken).toEqual([`clear ${name}`])
    expect(told).toContain('tlsa dnssec-invalid')
  })

  test('deliver: in a zone that is not signed the same record does not count [rfc7672 2.2.1]', async () => {
    const name = subject()
    const { attempts } = await deliver(to, { records: zone(tlsa(WRONG)) }, { port })
    expect(attempts).toEqual([`${peer.hostname} opportunistic not-trusted done`])
    expect(text(await peer.take('alice'))).toContain(`Subject: ${name}`)
  })

  test('deliver: a dead first host costs one attempt [rfc5321 5.1]', async () => {
    const name = subject()
    const records = zone(`${label} MX 5 dead`, 'dead A 127.0.1.1')
    const { attempts } = await deliver(to, { records }, { port, ca: peer.certificate.ca })
    expect(attempts).toEqual([
      'dead.posthorn.test opportunistic - connect',
      `${peer.hostname} opportunistic trusted done`,
    ])
    expect(text(await peer.take('alice'))).toContain(`Subject: ${name}`)
  })

  test('deliver: a recipient that is refused is not tried elsewhere [rfc5321 4.2.1]', async () => {
    const taken = await sink('127.0.1.2', port)
    const { outcome, attempts } = await deliver(`nobody@${peer.hostname}`, { records: zone() }, { port })
    expect(outcome.recipients).toMatchObject([{ status: 'rejected', retry: 'never', host: peer.hostname }])
    expect([attempts.length, taken]).toEqual([1, []])
  })

  test('deliver: one that is greylisted neither [rfc6647 2]', async () => {
    const taken = await sink('127.0.1.2', port)
    const { outcome } = await deliver(`greylist@${peer.hostname}`, { records: zone() }, { port })
    expect(outcome.recipients).toMatchObject([{ status: 'deferred', retry: 'later', reply: { code: 450 } }])
    expect(taken).toEqual([])
  })

  test.each([
    ['enforce', 'accepted', [`trusted done`], 'ok'],
    ['testing', 'accepted', [`trusted done`], 'ok'],
  ])(
    'deliver: a policy of mode %s, and a certificate that is as it must be [rfc8461 4]',
    async (mode, type, ends, result) => {
      const name = subject()
      const sts = await policyServer(peer.hostname, mode, peer.hostname)
      const records = zone(`_mta-sts.${label} TXT "v=STSv1; id=1;"`)
      const { outcome, attempts, told } = await deliver(to, { records }, { port, ca: peer.certificate.ca, fetch: sts })
      expect(outcome.type).toBe(type)
      const asked = mode === 'enforce' ? 'sts' : 'opportunistic'
      expect(attempts).toEqual(ends.map((end) => `${peer.hostname} ${asked} ${end}`))
      expect(told).toEqual([`sts ${result}`])
      expect(text(await peer.take('alice'))).toContain(`Subject: ${name}`)
    },
  )

  test('deliver: a certificate that nobody trusts fails an enforced policy, and is told of one in testing [rfc8461 5]', async () => {
    const name = subject()
    const records = zone(`_mta-sts.${label} TXT "v=STSv1; id=1;"`)
    const enforced = { port, fetch: await policyServer(peer.hostname, 'enforce', peer.hostname) }
    const { outcome, attempts, told } = await deliver(to, { records }, enforced)
    expect(outcome.recipients).toMatchObject([
      { status: 'deferred', reply: { enhanced: { class: 4, subject: 7, detail: 5 } } },
    ])
    expect(attempts).toEqual([`${peer.hostname} sts not-trusted handshake`])
    expect(told).toEqual(expect.arrayContaining(['sts certificate-not-trusted']))
    const testing = await deliver(
      to,
      { records },
      { port, fetch: await policyServer(peer.hostname, 'testing', peer.hostname) },
    )
    expect([testing.outcome.type, testing.told]).toEqual(['accepted', ['sts certificate-not-trusted']])
    expect(text(await peer.take('alice'))).toContain(`Subject: ${name}`)
  })
})

// The policy of a domain by HTTPS, and a fetch that finds it.
async function policyServer(domain: string, mode: string, mx: string): Promise<StsFetch> {
  const { ca, cert, key } = await makeCertificate(`mta-sts.${domain}`, Date.now())
  const policy = `version: STSv1\r\nmode: ${mode}\r\nmx: ${mx}\r\nmax_age: 86400\r\n`
  const server: Server = createServer({ cert, key }, (asked, response) => {
    const isPolicy = asked.url === '/.well-known/mta-sts.txt' && asked.headers.host === `mta-sts.${domain}`
    response.writeHead(isPolicy ? 200 : 404, { 'content-type': 'text/plain' }).end(policy)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  return (url, { signal }) =>
    new Promise((resolve, reject) => {
      const { hostname, pathname } = new URL(url)
      const headers = { host: hostname }
      const options = {
        host: '127.0.0.1',
        port,
        path: pathname,
        servername: hostname,
        ca,
        headers,
        signal,
        agent: false,
      }
      request(options, (response) => {
        const found = new Headers(response.headers as Record<string, string>)
        const body = Readable.toWeb(response) as unknown as ReadableStream<Uint8Array>
        resolve({ status: response.statusCode!, headers: found, body: body as never })
      })
        .on('error', reject)
        .end()
    })
}

describe('hosts of our own', () => {
  const records = 'one MX 10 mx.one\nmx.one A 127.0.1.3\nnull MX 0 .\nnone TXT x\n'
  let port: number
  let certificate: ThrowAwayCertificate
  beforeAll(async () => {
    certificate = await makeCertificate('mx.one.posthorn.test', Date.now())
    port = await freePortOf('127.0.1.3')
  })

  test.each([
    ['null', 556, 'rfc7505 4'],
    ['none', 550, 'rfc5321 5.1'],
    ['nowhere', 550, 'rfc5321 5.1'],
  ])('deliver: mail to %s is returned at once with %i [%s]', async (label, code) => {
    const { outcome, attempts } = await deliver(`bob@${label}.${ORIGIN}`, { records }, { port })
    expect(outcome.recipients).toMatchObject([{ status: 'rejected', reply: { code } }])
    expect(attempts).toEqual([])
  })

  test('deliver: DANE-TA, the chain to the authority and the name of the host [rfc7672 3.1.2]', async () => {
    const name = subject()
    const { cert, ca, key } = certificate
    const taken = await sink('127.0.1.3', port, { cert: `${cert}\n${ca}`, key })
    const signed = (data: string) => ({ records: `${records}_${port}._tcp.mx.one TLSA ${data}`, isSigned: true })
    const { attempts } = await deliver(`bob@one.${ORIGIN}`, signed(tlsaOf(certificate, 2)), { port })
    expect(attempts).toEqual(['mx.one.posthorn.test dane dane-ta done'])
    expect(taken).toEqual([`TLS ${name}`])
  })

  test('deliver: DANE-TA, and a certificate for another name [rfc7672 3.2.3]', async () => {
    const other = await makeCertificate('other.posthorn.test', Date.now())
    const taken = await sink('127.0.1.3', port, { cert: `${other.cert}\n${other.ca}`, key: other.key })
    const signed = { records: `${records}_${port}._tcp.mx.one TLSA ${tlsaOf(other, 2)}`, isSigned: true }
    const { outcome, attempts } = await deliver(`bob@one.${ORIGIN}`, signed, { port })
    expect(outcome.recipients[0]?.status).toBe('deferred')
    expect(attempts).toEqual(['mx.one.posthorn.test dane host-mismatch handshake'])
    expect(taken).toEqual([])
  })

  test.each([
    ['enforce', 'deferred', ['mx.one.posthorn.test sts host-mismatch handshake'], []],
    ['testing', 'accepted', ['mx.one.posthorn.test opportunistic host-mismatch done'], ['TLS']],
  ])(
    'deliver: a policy of mode %s, and a certificate for another name [rfc8461 5]',
    async (mode, status, tried, came) => {
      subject()
      const other = await makeCertificate('other.posthorn.test', Date.now())
      const taken = await sink('127.0.1.3', port, { cert: other.cert, key: other.key })
      const fetch = await policyServer(`one.${ORIGIN}`, mode, '*.one.posthorn.test')
      const zone = { records: `${records}_mta-sts.one TXT "v=STSv1; id=1;"` }
      const { outcome, attempts, told } = await deliver(`bob@one.${ORIGIN}`, zone, { port, fetch, ca: other.ca })
      expect(outcome.recipients[0]?.status).toBe(status)
      expect(attempts).toEqual(tried)
      expect(taken.map((one) => one.split(' ')[0])).toEqual(came)
      expect(told).toEqual(['sts certificate-host-mismatch'])
    },
  )

  test('deliver: a policy whose certificate is not trusted does not count, and is told [rfc8460 4.3.2.2]', async () => {
    subject()
    await sink('127.0.1.3', port)
    const fetch: StsFetch = async (url, request) => {
      const found = await policyServer('another.example', 'enforce', 'x.example')
      return found(url, request)
    }
    const zone = { records: `${records}_mta-sts.one TXT "v=STSv1; id=1;"` }
    const { outcome, told } = await deliver(`bob@one.${ORIGIN}`, zone, { port, fetch })
    expect(outcome.type).toBe('accepted')
    expect(outcome.domains[0]?.stsFailure).toBe('certificate')
    expect(told).toEqual(expect.arrayContaining(['sts sts-webpki-invalid']))
  })
})

// A port that is free at another address of the loopback network than the usual one.
async function freePortOf(host: string): Promise<number> {
  const listener = await listen({ host, onConnection: (connection) => connection.close() })
  const { port } = listener.address
  await listener.close()
  return port
}
