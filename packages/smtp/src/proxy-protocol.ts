/**
 * The header of the PROXY protocol, versions 1 and 2, by which a trusted proxy tells whose connection it carries: the
 * specification that HAProxy publishes as proxy-protocol.txt. Out of scope: the extensions (TLV) of version 2.
 */

import { decodeLatin1, equalBytes, formatIpAddress } from '@posthorn/core'
import type { Endpoint } from './connection.ts'

/** A header, or why there is none yet or at all. */
export type ProxyHeader =
  | { readonly type: 'more' }
  | { readonly type: 'bad' }
  | {
      readonly type: 'header'
      /** The client; absent when the proxy speaks for itself, or does not know. */
      readonly source?: Endpoint
      /** How many octets the header has. */
      readonly length: number
    }

const BAD: ProxyHeader = { type: 'bad' }
const MORE: ProxyHeader = { type: 'more' }

// Section 2.1: the longest header of version 1 has 107 octets.
const MAX_V1 = 107
// PROXY SP TCP4 SP source SP destination SP port SP port CRLF
const V1 = /^PROXY (?:UNKNOWN(?: [ -~]*)?|TCP(4|6) ([0-9A-Fa-f.:]+) [0-9A-Fa-f.:]+ (\d{1,5}) \d{1,5})\r\n/
const V1_START = 'PROXY '

const V2_SIGNATURE = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10)
const V2_FIXED = 16
// Addresses of 36 octets and some extensions; what is longer is no header that a mail proxy sends.
const MAX_V2 = 2048

/**
 * Reads a header off the beginning of what a trusted proxy has sent.
 *
 * @param bytes All that has come.
 * @returns The header; `more` when its end has not come, and `bad` when what has come begins none.
 * @see {@link https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt | The PROXY protocol}
 * @example
 * const { encodeUtf8 } = await import('@posthorn/core')
 * const header = readProxyHeader(encodeUtf8('PROXY TCP4 192.0.2.1 192.0.2.2 5000 25\r\nEHLO'))
 * header.type === 'header' && header.source // { address: '192.0.2.1', port: 5000 }
 * readProxyHeader(encodeUtf8('EHLO c.example\r\n')).type // 'bad'
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  const start = bytes.subarray(0, V2_SIGNATURE.length)
  if (equalBytes(start, V2_SIGNATURE.subarray(0, start.length))) return readV2(bytes)
  const text = decodeLatin1(bytes.subarray(0, MAX_V1))
  if (!V1_START.startsWith(text.slice(0, V1_START.length))) return BAD
  return text.includes('\n') ? readV1(text) : text.length < MAX_V1 ? MORE : BAD
}

function readV1(text: string): ProxyHeader {
  const [header, family, address, port] = V1.exec(text) ?? []
  if (!header) return BAD
  if (!family || !address) return { type: 'header', length: header.length }
  if (Number(port) > 65_535 || (family === '6') !== address.includes(':')) return BAD
  return { type: 'header', source: { address, port: Number(port) }, length: header.length }
}

function readV2(bytes: Uint8Array): ProxyHeader {
  if (bytes.length < V2_FIXED) return MORE
  const [command, family] = [bytes[12]!, bytes[13]!]
  const length = V2_FIXED + bytes[14]! * 256 + bytes[15]!
  // The upper half of the octet is the version, the lower LOCAL or PROXY.
  if ((command !== 0x20 && command !== 0x21) || length > MAX_V2) return BAD
  if (bytes.length < length) return MORE
  const header = { type: 'header', length } as const
  // AF_INET or AF_INET6 over STREAM; LOCAL, and what is neither, says nothing of the client.
  if (command === 0x20 || (family !== 0x11 && family !== 0x21)) return header
  const width = family === 0x11 ? 4 : 16
  if (length < V2_FIXED + 2 * width + 4) return BAD
  const source = bytes.subarray(V2_FIXED, V2_FIXED + width)
  const at = V2_FIXED + 2 * width
  return { ...header, source: { address: formatIpAddress(source), port: bytes[at]! * 256 + bytes[at + 1]! } }
}
