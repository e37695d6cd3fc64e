import type { RecordType } from '@posthorn/dns'
import { serverResolver } from '@posthorn/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Nsd, startNsd } from './lib/nsd.ts'
import { startUnbound, type Unbound } from './lib/unbound.ts'

const HASH = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
const LONG = Array.from({ length: 60 }, (_, at) => `${String(at).padStart(3, '0')}${'x'.repeat(250)}`)
const ZONE = `$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
@ MX 10 mx
mx A 192.0.2.1
mx AAAA 2001:db8::1
_25._tcp.mx TLSA 3 1 1 ${HASH}
alias CNAME mx
long TXT ${LONG.map((one) => `"${one}"`).join(' ')}
`

let nsd: Nsd
let unbound: Unbound
beforeAll(async () => {
  nsd = await startNsd(ZONE, 'zone.example')
  unbound = await startUnbound(
    { origin: 'secure.example', text: ZONE, isSigned: true },
    { origin: 'plain.example', text: ZONE },
  )
})
afterAll(async () => {
  await nsd.stop()
  await unbound.stop()
})

const ask = (port: number, name: string, type: RecordType, options = {}) =>
  serverResolver(`127.0.0.1:${port}`, options).resolve(name, type)

const TLSA = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(Buffer.from(HASH, 'hex')) }

describe.each([
  ['NSD', () => nsd.port, 'zone.example'],
  ['unbound', () => unbound.port, 'plain.example'],
])('serverResolver: %s', (_, port, zone) => {
  test('TLSA, MX, and addresses behind an alias [rfc6698 2.1]', async () => {
    expect(await ask(port(), `_25._tcp.mx.${zone}`, 'TLSA')).toMatchObject({
      status: 'found',
      ttl: 300,
      records: [TLSA],
    })
    expect(await ask(port(), zone, 'MX')).toMatchObject({ records: [{ preference: 10, exchange: `mx.${zone}` }] })
    expect(await ask(port(), `alias.${zone}`, 'AAAA')).toMatchObject({ name: `mx.${zone}`, records: ['2001:db8::1'] })
  })

  test('what is cut over UDP comes over TCP [rfc7766 5]', async () => {
    expect(await ask(port(), `long.${zone}`, 'TXT')).toMatchObject({ status: 'found', records: [LONG.join('')] })
  })

  test('absence is told apart, and holds as its zone says [rfc2308 5]', async () => {
    expect(await ask(port(), `mx.${zone}`, 'MX')).toMatchObject({ status: 'nodata', ttl: 60 })
    expect(await ask(port(), `none.${zone}`, 'A')).toMatchObject({ status: 'nxdomain', ttl: 60 })
  })
})

describe('serverResolver: the AD bit of unbound [rfc4035 3.2.3]', () => {
  test('is there for what is signed, for absence too, and not for what is not', async () => {
    for (const [name, type] of [
      ['_25._tcp.mx.secure.example', 'TLSA'],
      ['alias.secure.example', 'A'],
      ['none.secure.example', 'A'],
      ['mx.secure.example', 'MX'],
      ['long.secure.example', 'TXT'],
    ] as const) {
      expect(await ask(unbound.port, name, type), name).toMatchObject({ authenticated: true })
    }
    expect(await ask(unbound.port, 'mx.plain.example', 'A')).toMatchObject({ authenticated: false })
  })

  test('is not believed by who says so', async () => {
    const answer = await ask(unbound.port, 'mx.secure.example', 'A', { trustAuthenticated: false })
    expect(answer).toMatchObject({ status: 'found', authenticated: false })
  })
})
