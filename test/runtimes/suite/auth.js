/** Authentication: the verdicts of one message, and the field that tells of them. */
import {
  authenticate,
  formatAuthenticationResults,
  parseAuthenticationResults,
  readTrustedResults,
  removeForgedResultsFromMessage,
} from '@posthorn/auth'
import { generateDkimKey, signDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import { check, equal, fails } from './check.js'

const octets = (text) => new TextEncoder().encode(text)

async function signed() {
  const { privateKey, record } = await generateDkimKey({ algorithm: 'rsa-sha256' })
  const resolver = new MemoryZone()
    .add('example.com', 'TXT', 'v=spf1 ip6:2001:db8::/32 -all')
    .add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject')
    .add('s._domainkey.example.com', 'TXT', record)
  const message = octets('From: Ann <ann@example.com>\r\n\r\nHello\r\n')
  const field = await signDkim(message, { domain: 'example.com', selector: 's', key: privateKey })
  return { resolver, message: new Uint8Array([...field, ...message]) }
}

export const auth = [
  check('auth: SPF, DKIM and DMARC of a message that comes in chunks', async () => {
    const { resolver, message } = await signed()
    const chunks = [message.subarray(0, 100), message.subarray(100)]
    const client = { clientAddress: '2001:db8::1', helo: 'h.example', reversePath: 'ann@example.com' }
    const found = await authenticate(chunks, { ...client, resolver, now: 0, authservId: 'mx.example' })
    equal(
      found.authenticationResults.results.map(({ method, result }) => `${method}=${result}`),
      ['spf=pass', 'spf=none', 'dkim=pass', 'dmarc=pass'],
    )
    const late = await authenticate(message, {
      ...client,
      clientAddress: '192.0.2.1',
      resolver: { resolve: () => new Promise(() => undefined) },
      now: 0,
      timeout: 1,
    })
    equal([late.spf.result, late.dkim[0].result, late.dmarc.result], ['temperror', 'temperror', 'temperror'])
  }),
  check('auth: a field is written, read, believed and removed', async () => {
    const properties = [{ ptype: 'smtp', property: 'helo', value: 'a"; dkim=pass (' }]
    const value = { authservId: 'mx.example', results: [{ method: 'spf', result: 'fail', reason: 'ü', properties }] }
    const field = formatAuthenticationResults(value, { unicode: true })
    const { fields } = splitMessage(octets(field))
    equal(parseAuthenticationResults(fields[0]), value)
    equal(readTrustedResults(fields, { trusted: ['MX.example'] }).trusted, [value])
    equal(removeForgedResultsFromMessage(octets(field), { ids: ['mx.example'] }).message.length, 0)
    await fails('AUTH_BAD_VALUE', () => formatAuthenticationResults({ ...value, authservId: 'a\r\nb' }))
  }),
]
