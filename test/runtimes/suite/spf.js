/** SPF: records, and verdicts that rest on names, addresses and macros. */
import { MemoryZone } from '@posthorn/dns'
import { checkHost, formatSpf, parseSpf } from '@posthorn/spf'
import { check, equal, fails } from './check.js'

const zone = () =>
  new MemoryZone()
    .add(
      'example.com',
      'TXT',
      'v=spf1 a:mail.example.com include:%{d2}.net exists:%{ir}.%{v}._spf.%{d} -all exp=why.%{d}',
    )
    .add('mail.example.com', 'AAAA', '2001:db8:0:0::1')
    .add('example.com.net', 'TXT', 'v=spf1 ip4:192.0.2.0/25 ?all')
    .add('3.100.51.198.in-addr._spf.example.com', 'A', '127.0.0.2')
    .add('why.example.com', 'TXT', '%{i} may not send for %{S}')

const verdictOf = async (clientAddress) => {
  const from = { helo: 'mail.example.com', reversePath: 'joe+x@example.com', resolver: zone() }
  const { result, explanation } = await checkHost({ ...from, clientAddress })
  return explanation === undefined ? [result] : [result, explanation]
}

export const spf = [
  check('spf: a record is read, and written again', async () => {
    const text = 'v=spf1 ip6:2001:db8::/32 a:%{l1r-}.example.com//64 ~all x=y'
    equal(formatSpf(parseSpf(text)), text)
    await fails('SPF_BAD_NETWORK', () => parseSpf('v=spf1 ip4:192.0.2.256'))
  }),
  check('spf: verdicts by addresses of both kinds, macros and explanations', async () => {
    equal(await verdictOf('2001:DB8::1'), ['pass'])
    equal(await verdictOf('::ffff:192.0.2.7'), ['pass'])
    equal(await verdictOf('198.51.100.3'), ['pass'])
    equal(await verdictOf('192.0.2.200'), ['fail', '192.0.2.200 may not send for joe%2Bx%40example.com'])
  }),
]
