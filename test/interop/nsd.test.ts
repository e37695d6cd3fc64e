import { type Answer, parseZone, type RecordType } from '@posthorn/dns'
import { DohResolver } from '@posthorn/dns/doh'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Nsd, startNsd } from './lib/nsd.ts'

const ORIGIN = 'zone.example'
const ZONE = `$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
@ 120 TXT "v=spf1 include:b.zone.example " "-all"
@ TXT "second \\"text\\" \\255"
@ MX 10 mx
@ MX 20 mx.other.example.
mx A 192.0.2.1
mx A 192.0.2.2
mx AAAA 2001:db8::1
_25._tcp.mx TLSA 3 1 1 ( 0123456789abcdef0123456789abcdef
  0123456789ABCDEF0123456789ABCDEF )
alias 60 CNAME second-alias
second-alias 90 CNAME mx
lost CNAME nowhere
null MX 0 .
below.empty A 192.0.2.3
long TXT ${Array.from({ length: 60 }, (_, at) => `"${String(at).padStart(3, '0')}${'x'.repeat(250)}"`).join(' ')}
1.2.0.192.in-addr PTR mx
`

const QUESTIONS: readonly [string, RecordType][] = [
  ['@', 'TXT'],
  ['@', 'MX'],
  ['@', 'A'],
  ['mx', 'A'],
  ['MX', 'AAAA'],
  ['mx', 'MX'],
  ['_25._tcp.mx', 'TLSA'],
  ['_tcp.mx', 'TLSA'],
  ['alias', 'A'],
  ['alias', 'AAAA'],
  ['alias', 'TXT'],
  ['alias', 'CNAME'],
  ['lost', 'A'],
  ['nowhere', 'A'],
  ['null', 'MX'],
  ['empty', 'A'],
  ['below.empty', 'A'],
  ['none.below.empty', 'A'],
  ['long', 'TXT'],
  ['1.2.0.192.in-addr', 'PTR'],
]

let nsd: Nsd
beforeAll(async () => {
  nsd = await startNsd(ZONE, ORIGIN)
})
afterAll(() => nsd.stop())

// Records have no order, and NSD tells how long an absence lasts.
function settled(answer: Answer): unknown {
  if (answer.status === 'found') return { ...answer, records: answer.records.map((one) => JSON.stringify(one)).sort() }
  return 'ttl' in answer ? { ...answer, ttl: answer.ttl === 0 ? 0 : 'some' } : answer
}

test.each(['GET', 'POST'] as const)(
  'DohResolver, parseZone: answer by %s as NSD does from the same file [rfc8484 4.1]',
  async (method) => {
    const { zone, passedOver } = parseZone(ZONE, { origin: ORIGIN })
    expect(passedOver).toEqual(['SOA', 'NS'])
    const server = new DohResolver(nsd.url, { fetch: fetch as never, method, unsafeHttp: true })
    for (const [label, type] of QUESTIONS) {
      const name = label === '@' ? ORIGIN : `${label}.${ORIGIN}`
      const [theirs, ours] = [await server.resolve(name, type), await zone.resolve(name, type)]
      const expected = ours.status === 'found' ? ours : { ...ours, ttl: 60 }
      expect(settled(theirs), `${name} ${type}`).toEqual(settled(expected as Answer))
    }
  },
)
