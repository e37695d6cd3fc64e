/**
 * What ties an authentication to the TLS connection that carries it: RFC 5929 (`tls-unique`, `tls-server-end-point`),
 * RFC 9266 (`tls-exporter`). Out of scope: certificates signed by RSASSA-PSS or Ed25519, for which RFC 5929 is of no help.
 */

import { createHash, type X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { encodeHex, readDer } from '@posthorn/core'
import type { TlsInfo } from '@posthorn/smtp'

type ChannelBinding = NonNullable<TlsInfo['channelBindings']>[number]

// The object identifiers of signature algorithms, in hexadecimal, and their hashes. RFC 5929 section 4.1: SHA-256 stands
// for MD5 and SHA-1.
const HASHES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256',
  '2a864886f70d010105': 'sha256',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  '2a8648ce3d0401': 'sha256',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
}

/**
 * Gives the bindings of a connection, the one to prefer first.
 *
 * @internal
 * @param socket A connection whose handshake is done.
 * @param isServer Whether this end is the server.
 * @param certificate The certificate of the server.
 */
export function channelBindingsOf(
  socket: TLSSocket,
  isServer: boolean,
  certificate: X509Certificate | undefined,
): ChannelBinding[] {
  const own = socket.getProtocol() === 'TLSv1.3' ? exporterOf(socket) : finishedOf(socket, isServer)
  const hash = certificate && HASHES[signatureAlgorithmOf(certificate.raw)]
  return [
    ...own,
    ...(hash
      ? [{ type: 'tls-server-end-point' as const, data: octets(createHash(hash).update(certificate.raw).digest()) }]
      : []),
  ]
}

// RFC 9266 section 2: 32 octets by this label, without a context; before TLS 1.3 only some handshakes are fit for it.
function exporterOf(socket: TLSSocket): ChannelBinding[] {
  // QUIRK: Deno 2 has the sockets of Node without this method; then nothing is bound to the connection.
  const data = socket.exportKeyingMaterial?.(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
  return data ? [{ type: 'tls-exporter', data: octets(data) }] : []
}

// RFC 5929 section 3.1: the first Finished message, which in a full handshake is the client's. A resumed session may be
// another's (RFC 7627 section 1).
function finishedOf(socket: TLSSocket, isServer: boolean): ChannelBinding[] {
  const data = socket.isSessionReused() ? undefined : isServer ? socket.getPeerFinished() : socket.getFinished()
  return data ? [{ type: 'tls-unique', data: octets(data) }] : []
}

// Certificate = SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, ... }, ... }
//                                                        ; RFC 5280 section 4.1
function signatureAlgorithmOf(certificate: Uint8Array): string {
  const [outer] = readDer(certificate) ?? []
  const [, algorithm] = (outer && readDer(outer.content)) ?? []
  const [identifier] = (algorithm && readDer(algorithm.content)) ?? []
  return encodeHex(identifier?.content ?? [])
}

function octets(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer)
}
