/** Addresses of clients: RFC 3986 section 3.2.2, as RFC 9990 section 3.1.1.7 wants them. */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = /* @__PURE__ */ new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const GROUP = /^[\dA-Fa-f]{1,4}$/
const MAX_LENGTH = 45

/**
 * Tells whether text is an IPv4 or IPv6 address, without brackets, a zone or a length of a prefix.
 *
 * @internal
 */
export function isIpAddress(text: string): boolean {
  if (text.length > MAX_LENGTH) return false
  return IPV4.test(text) || isIpv6(text)
}

// "::" stands for at least one group; an IPv4 address at the end for two.
function isIpv6(text: string): boolean {
  const last = text.slice(text.lastIndexOf(':') + 1)
  const halves = (IPV4.test(last) && text.includes(':') ? `${text.slice(0, -last.length)}0:0` : text).split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (halves.length > 2 || !groups.every((group) => GROUP.test(group))) return false
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8
}
