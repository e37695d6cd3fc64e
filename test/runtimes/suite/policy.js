/** Transport policy: a policy file, a certificate's key by WebCrypto, and the plan of a delivery. */
import { MemoryZone } from '@posthorn/dns'
import { checkStsResponse, decideDane, matchesMx, matchTlsa, planDelivery } from '@posthorn/policy'
import { check, equal } from './check.js'

export const policy = [
  check('policy: a policy file, and the hosts that it names', () => {
    const body = new TextEncoder().encode('version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\nmax_age: 604800\r\n')
    const result = checkStsResponse({ status: 200, contentType: 'text/plain; charset=utf-8', body })
    equal([result.status, result.policy?.mode, result.policy?.maxAge], ['fetched', 'enforce', 604800])
    equal(
      [matchesMx('MX.Example.com', ['*.example.com']), matchesMx('a.b.example.com', ['*.example.com'])],
      [true, false],
    )
  }),
  check('policy: what a TLSA record names is matched by its digest', async () => {
    const certificate = new TextEncoder().encode('not looked into for the whole of it')
    const data = new Uint8Array(await crypto.subtle.digest('SHA-512', certificate))
    const records = [{ usage: 3, selector: 0, matchingType: 2, data }]
    equal((await matchTlsa(records, [certificate])).result, 'dane-ee')
    equal((await matchTlsa(records, [certificate.subarray(1)])).result, 'mismatch')
  }),
  check('policy: a plan puts DANE first', async () => {
    const record = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) }
    const resolver = new MemoryZone({ authenticated: true })
      .add('example.com', 'MX', { preference: 10, exchange: 'mx.example.com' })
      .add('mx.example.com', 'A', '192.0.2.1')
      .add('_25._tcp.mx.example.com', 'TLSA', record)
    const addresses = [await resolver.resolve('mx.example.com', 'A')]
    const tlsa = await resolver.resolve('_25._tcp.mx.example.com', 'TLSA')
    const dane = new Map([['mx.example.com', decideDane({ host: 'mx.example.com', addresses, tlsa })]])
    const plan = planDelivery(await resolver.resolve('example.com', 'MX'), { domain: 'example.com', dane })
    equal([plan.type, plan.hosts.map(({ host, tls }) => [host, tls])], ['send', [['mx.example.com', 'dane']]])
  }),
]
