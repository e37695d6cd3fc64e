/** Domain names that may be asked for: RFC 7208 sections 4.3 and 4.8, RFC 1035 section 2.3.4, RFC 8616 section 3. */

import { isAscii, isDomain } from '@posthorn/core'

const MAX_NAME = 253
const MAX_LABEL = 63
const DOT = 46

/**
 * Gives a name as it is asked for, in small letters and without its final dot; nothing when no question can hold it.
 *
 * A macro string may make names of any visible character, and of spaces; a resolver need not take them all.
 *
 * @internal
 */
export function toQueryName(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
  return name.length <= MAX_NAME && hasLabels(name) ? name : undefined
}

// HAZARD: a NUL would end the name for some resolvers; a single label could be sought in the resolver's own domain.
function hasLabels(name: string): boolean {
  let start = 0
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
    if (code !== DOT) continue
    if (at === start || at - start > MAX_LABEL) return false
    start = at + 1
  }
  return start > 0 && start < name.length && name.length - start <= MAX_LABEL
}

/**
 * Gives a domain in A-labels; nothing when a label has no such form.
 *
 * @internal
 */
export function toAscii(domain: string): string | undefined {
  if (isAscii(domain)) return domain
  const labels = domain.split('.').map(toAsciiLabel)
  return labels.includes(undefined) ? undefined : labels.join('.')
}

// HAZARD: a host in a URL may have what ends it; only what passes as a U-label gets there.
function toAsciiLabel(label: string): string | undefined {
  if (isAscii(label)) return label
  if (!isDomain(label, { unicode: true })) return undefined
  try {
    const [ascii, ...rest] = new URL(`http://${label.normalize('NFC').toLowerCase()}.example`).hostname.split('.')
    return rest.join() === 'example' ? ascii : undefined
  } catch {
    return undefined
  }
}

/**
 * Gives the domain that an identity names, as it is asked for; nothing when it names none, as an address literal.
 *
 * @internal
 */
export function toIdentityDomain(text: string): string | undefined {
  const name = toQueryName(toAscii(text) ?? '')
  return name !== undefined && isDomain(name, { underscore: true }) && !/\.\d+$/.test(name) ? name : undefined
}
