/**
 * Host names of a destination in the one form that is compared, looked up and verified: RFC 1123 section 2.1, and RFC 5891
 * for U-labels by way of the runtime's `URL`. Out of scope: names of one label, and a dot at the end, which are refused.
 */

import { isAscii, isDomain } from '@posthorn/core'

// The URL standard, and some resolvers, take a name with such an end for an IPv4 address, in whichever base.
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/

/**
 * Parses a host name.
 *
 * @internal
 * @param text Labels that dots part, two at least; U-labels are taken.
 * @returns It in lower-case A-labels; `undefined` for anything else, and for an address in whatever notation.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1123#section-2.1 | RFC 1123 section 2.1}
 */
export function parseHostName(text: string): string | undefined {
  // HAZARD: all that a URL gives a meaning to is refused here, before the text stands in one.
  if (!isDomain(text, { unicode: true })) return undefined
  const name = isAscii(text) ? text.toLowerCase() : mapLabels(text)
  if (name === undefined || !name.includes('.') || NUMBER_LAST.test(name) || !isDomain(name)) return undefined
  return name
}

function mapLabels(text: string): string | undefined {
  try {
    return new URL(`http://${text}`).hostname
  } catch {
    return undefined
  }
}
