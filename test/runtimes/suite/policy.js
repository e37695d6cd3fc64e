/** Transport policy: a policy file, a certificate's key by WebCrypto, the plan of a delivery; and brand indicators. */
import { MemoryZone } from '@posthorn/dns'
import { checkStsResponse, decideDane, matchesMx, matchTlsa, planDelivery } from '@posthorn/policy'
import { checkBimiResponse, checkBimiUrl, parseBimiRecord } from '@posthorn/policy/bimi'
import { lintSvg } from '@posthorn/policy/svg'
import { parseCertificateChain, verifyMark } from '@posthorn/policy/vmc'
import { check, equal } from './check.js'
import { MARK_CHAIN, MARK_ROOT } from './mark-chain.js'

const encode = (text) => new TextEncoder().encode(text)

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
  check('policy: a mark certificate, its chain and the image in it', async () => {
    const options = { selector: 'default', now: Date.UTC(2060, 0), roots: parseCertificateChain(MARK_ROOT) }
    const result = await verifyMark(encode(MARK_CHAIN), { ...options, domain: 'example.com' })
    equal([result.status, result.certificate?.kind], ['pass', 'common'])
    equal(lintSvg(result.indicator), [])
    const other = await verifyMark(encode(MARK_CHAIN), { ...options, domain: 'example.org', roots: [] })
    equal([...other.problems].sort(), ['domain-mismatch', 'untrusted'])
  }),
  check('policy: a record of an indicator, and an image that is compressed', async () => {
    const { location } = parseBimiRecord('v=BIMI1; l=https://example.com/a.svgz')
    equal(
      [checkBimiUrl(location), checkBimiUrl('https://0x7f.1/'), checkBimiUrl('https://[::1]/')],
      [undefined, 'address', 'address'],
    )
    // Four letters by gzip, without compression.
    const packed = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 1, 4, 0, 251, 255, 97, 98, 99, 100, 17, 205, 130, 237, 4, 0, 0, 0]
    const response = { url: location, status: 200, contentType: 'image/svg+xml', body: new Uint8Array(packed) }
    const taken = await checkBimiResponse(response, { kind: 'indicator' })
    equal([taken.status, taken.body], ['fetched', encode('abcd')])
    const cut = await checkBimiResponse({ ...response, body: response.body.subarray(0, 20) }, { kind: 'indicator' })
    equal(cut, { status: 'failed', reason: 'malformed' })
  }),
  check('policy: an image with a script and a file from elsewhere', () => {
    const image = '<svg xmlns="http://www.w3.org/2000/svg"><script/><use href="https://example.com/a.svg#b"/></svg>'
    const errors = lintSvg(encode(image)).filter(({ severity }) => severity === 'error')
    const expected = ['base-profile', 'external-reference', 'missing-title', 'script', 'version']
    equal(errors.map(({ code }) => code).sort(), expected)
  }),
]
