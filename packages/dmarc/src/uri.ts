/** Where reports go: the URIs of `rua` and `ruf`, RFC 9989 section 4.8, RFC 3986, and RFC 6068 for `mailto`. */

import { isDomain, trimBlanks } from '@posthorn/core'

/** Where reports go by mail. */
export interface DmarcMailtoUri {
  /** Mail is the one way that a sender of reports must know. */
  readonly type: 'mailto'
  /** The URI as it is written, without a size. */
  readonly uri: string
  /** The address, with its percent-encoding undone. */
  readonly address: string
  /** The size of RFC 7489 that was appended with an exclamation mark, as `10m`; ignored since RFC 9989. */
  readonly size?: string
}

/** Where reports go by another way, which a sender of reports ignores unless it knows it. */
export interface DmarcOtherUri {
  /** Not `mailto`. */
  readonly type: 'other'
  /** The URI as it is written, without a size. */
  readonly uri: string
  /** Its scheme in lower case, as `https`. */
  readonly scheme: string
  /** The size of RFC 7489 that was appended with an exclamation mark, as `10m`; ignored since RFC 9989. */
  readonly size?: string
}

/** Where reports go. */
export type DmarcUri = DmarcMailtoUri | DmarcOtherUri

// scheme ":" and the characters of RFC 3986, but "," "!" and ";", which must be percent-encoded here
const URI = /^([A-Za-z][A-Za-z0-9+.-]*):(?:[\w.~:/?#[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})+$/
// obs-dmarc-report-size = "!" 1*DIGIT [ "k" / "m" / "g" / "t" ]
const SIZE = /^\d+[kmgt]?$/i
// to, without the fields of RFC 6068 section 2
const MAILTO_PATH = /^[^?#]*/
const ADDRESS = /^([^@\s\u0000-\u001f\u007f]+)@([^@]+)$/

/**
 * Parses one URI of a list; nothing where it is none.
 *
 * @internal
 */
export function parseUri(text: string): DmarcUri | undefined {
  const mark = text.indexOf('!')
  const uri = mark < 0 ? text : text.slice(0, mark)
  const size = mark < 0 ? undefined : text.slice(mark + 1)
  const scheme = URI.exec(uri)?.[1]?.toLowerCase()
  if (scheme === undefined || (size !== undefined && !SIZE.test(size))) return undefined
  const rest = size === undefined ? {} : { size }
  if (scheme !== 'mailto') return { type: 'other', uri, scheme, ...rest }
  const address = mailtoAddress(uri.slice('mailto:'.length))
  return address === undefined ? undefined : { type: 'mailto', uri, address, ...rest }
}

function mailtoAddress(rest: string): string | undefined {
  const address = decode(MAILTO_PATH.exec(rest)![0])
  const [, , domain] = (address && ADDRESS.exec(address)) || []
  return domain !== undefined && isDomain(domain, { unicode: true }) ? address : undefined
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * Cuts a list at its commas.
 *
 * @internal
 * @returns What is a URI, and how many members are none.
 */
export function parseUriList(text: string): { readonly uris: readonly DmarcUri[]; readonly bad: number } {
  const all = text.split(',').map((one) => parseUri(trimBlanks(one)))
  const uris = all.filter((one) => one !== undefined)
  return { uris, bad: all.length - uris.length }
}

/** @internal */
export function formatUri({ uri, size }: DmarcUri): string {
  return size === undefined ? uri : `${uri}!${size}`
}
