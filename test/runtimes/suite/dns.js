/** Names and answers of the DNS, and how a question is given up. */
import { MemoryZone, normalizeDnsName } from '@posthorn/dns'
import { check, equal, fails } from './check.js'

const zone = () =>
  new MemoryZone()
    .add('example.com', 'MX', { preference: 10, exchange: 'MX.example.com.' }, { ttl: 60 })
    .add('www.example.com', 'CNAME', 'example.com')
    .add('a.example.com', 'TXT', 'gr\u00fc\u00dfe')
    .add('loop.example', 'CNAME', 'loop.example')
    .fail('slow.example', 'timeout')

const statusOf = async (name, type) => (await zone().resolve(name, type)).status

export const dns = [
  check('dns: names have one form, and none can be misread', async () => {
    equal(normalizeDnsName('Mail._DomainKey.Example.COM.'), 'mail._domainkey.example.com')
    const bad = [
      '',
      'a..b',
      '-a.example',
      'a\u0000.example',
      'bücher.example',
      '\u212a.example',
      `${'a'.repeat(64)}.example`,
    ]
    for (const name of bad) await fails('DNS_BAD_NAME', () => normalizeDnsName(name))
  }),
  check('dns: what is there, what is certainly not, and what nobody can say', async () => {
    equal(await zone().resolve('www.example.com', 'MX'), {
      status: 'found',
      name: 'example.com',
      records: [{ preference: 10, exchange: 'mx.example.com' }],
      ttl: 60,
      authenticated: false,
    })
    const statuses = [
      await statusOf('a.example.com', 'A'),
      await statusOf('b.example.com', 'A'),
      await statusOf('slow.example', 'A'),
      await statusOf('loop.example', 'A'),
    ]
    equal(statuses, ['nodata', 'nxdomain', 'timeout', 'servfail'])
  }),
  check('dns: a question is given up with the reason of its signal', async () => {
    const controller = new AbortController()
    const reason = new RangeError('enough')
    controller.abort(reason)
    const asked = zone().resolve('example.com', 'MX', { signal: controller.signal })
    const error = await asked.catch((cause) => cause)
    equal(error === reason, true)
  }),
]
