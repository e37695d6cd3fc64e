/** What a client is told of a certificate: as much as fits into a control frame. */

import { encodeUtf8 } from '@posthorn/core'
import type { PeerCertificate } from '@posthorn/smtp'

// A certificate may prove hundreds of names, and a control frame has 4,096 octets.
const MAX_NAMES = 2048
const MAX_ISSUER = 512

/**
 * Cuts what a certificate says to what a control frame has room for: the first names, and the beginning of the issuer.
 *
 * @internal
 */
export function cutPeer({ names, issuer, notAfter, sha256 }: PeerCertificate): PeerCertificate {
  let room = MAX_NAMES
  const end = names.findIndex((name) => {
    room -= sizeOf(name)
    return room < 0
  })
  const fitting = end < 0 ? names : names.slice(0, end)
  let shown = issuer
  while (sizeOf(shown) > MAX_ISSUER) shown = shown.slice(0, shown.length >> 1)
  return { names: fitting, issuer: shown, notAfter, sha256 }
}

// As JSON, with the comma.
function sizeOf(text: string): number {
  return encodeUtf8(JSON.stringify(text)).length + 1
}
