import { concatBytes, encodeLatin1 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { readProxyHeader } from '../src/proxy-protocol.ts'

const SIGNATURE = encodeLatin1('\r\n\r\n\0\r\nQUIT\n')

/** A header of version 2. */
function v2(command: number, family: number, addresses: readonly number[], extra = 0): Uint8Array {
  const length = addresses.length + extra
  return concatBytes([
    SIGNATURE,
    Uint8Array.of(command, family, length >> 8, length & 255, ...addresses),
    new Uint8Array(extra),
  ])
}

const V4 = [192, 0, 2, 1, 198, 51, 100, 2, 0xdb, 0x7c, 0, 25]
const V6 = [
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
  ...[0x10, 0, 0, 25],
]

const HEADERS: readonly { name: string; bytes: Uint8Array; source?: { address: string; port: number } }[] = [
  {
    name: 'TCP4',
    bytes: encodeLatin1('PROXY TCP4 192.0.2.1 198.51.100.2 56188 25\r\n'),
    source: { address: '192.0.2.1', port: 56_188 },
  },
  {
    name: 'TCP6',
    bytes: encodeLatin1('PROXY TCP6 2001:db8::1 2001:db8::2 4096 25\r\n'),
    source: { address: '2001:db8::1', port: 4096 },
  },
  { name: 'UNKNOWN', bytes: encodeLatin1('PROXY UNKNOWN\r\n') },
  { name: 'UNKNOWN with what does not matter', bytes: encodeLatin1('PROXY UNKNOWN ffff::1 x 1 2\r\n') },
  { name: 'version 2, TCP over IPv4', bytes: v2(0x21, 0x11, V4), source: { address: '192.0.2.1', port: 56_188 } },
  { name: 'version 2, TCP over IPv6', bytes: v2(0x21, 0x21, V6), source: { address: '2001:db8::1', port: 4096 } },
  { name: 'version 2 with extensions', bytes: v2(0x21, 0x11, V4, 40), source: { address: '192.0.2.1', port: 56_188 } },
  { name: 'version 2, LOCAL', bytes: v2(0x20, 0x11, V4) },
  { name: 'version 2 of another family', bytes: v2(0x21, 0x31, [...V4, ...new Array<number>(204).fill(1)]) },
  { name: 'version 2 of no family', bytes: v2(0x21, 0, []) },
]

describe('readProxyHeader', () => {
  test.each(HEADERS)('readProxyHeader: $name, whole, split anywhere, and with what follows', ({ bytes, source }) => {
    const header = { type: 'header', length: bytes.length, ...(source && { source }) }
    expect(readProxyHeader(bytes)).toEqual(header)
    expect(readProxyHeader(concatBytes([bytes, encodeLatin1('EHLO a\r\n')]))).toEqual(header)
    for (let end = 0; end < bytes.length; end++) expect(readProxyHeader(bytes.subarray(0, end)).type).toBe('more')
  })

  test.each([
    ['no header', encodeLatin1('EHLO a.example\r\n')],
    ['a header in lower case', encodeLatin1('proxy TCP4 192.0.2.1 198.51.100.2 1 25\r\n')],
    ['another family', encodeLatin1('PROXY UDP4 192.0.2.1 198.51.100.2 1 25\r\n')],
    ['an address of another family', encodeLatin1('PROXY TCP4 2001:db8::1 2001:db8::2 1 25\r\n')],
    ['a port that is none', encodeLatin1('PROXY TCP4 192.0.2.1 198.51.100.2 65536 25\r\n')],
    ['no port', encodeLatin1('PROXY TCP4 192.0.2.1 198.51.100.2\r\n')],
    ['a bare LF', encodeLatin1('PROXY TCP4 192.0.2.1 198.51.100.2 1 25\n')],
    ['a line over 107 octets', encodeLatin1(`PROXY UNKNOWN ${'a'.repeat(107)}`)],
    ['version 2 with another command', v2(0x22, 0x11, V4)],
    ['version 3', v2(0x31, 0x11, V4)],
    ['version 2 with too few octets', v2(0x21, 0x21, V4)],
    ['version 2 with too many', v2(0x21, 0x11, V4, 4000)],
  ])('readProxyHeader: refuses %s', (_, bytes) => {
    expect(readProxyHeader(bytes)).toEqual({ type: 'bad' })
  })

  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[1, 0, 0, 0, 0, 0, 0, 0], '1::'],
    [[1, 0, 2, 0, 0, 3, 0, 4], '1:0:2::3:0:4'],
    [[1, 0, 0, 2, 0, 0, 3, 4], '1::2:0:0:3:4'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '1:2:3:4:5:6:7:8'],
    [[1, 0, 2, 3, 4, 5, 6, 0x10], '1:0:2:3:4:5:6:10'],
    [[0x10, 0, 0, 0, 1, 0, 0, 1], '10::1:0:0:1'],
  ])('readProxyHeader: writes IPv6 %j as %s [rfc5952 4]', (groups, address) => {
    const octets = groups.flatMap((group) => [group >> 8, group & 255])
    const header = readProxyHeader(v2(0x21, 0x21, [...octets, ...octets, 0, 1, 0, 25]))
    expect(header).toMatchObject({ source: { address, port: 1 } })
  })
})
