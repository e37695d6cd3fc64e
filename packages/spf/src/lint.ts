/** What the text of a record alone tells: RFC 7208 sections 3.4, 4.6.4, 5.1, 5.5, 6.1 and 10.1. */

import type { MailError } from '@posthorn/core'
import { readIpv4, readIpv6 } from './address.ts'
import { finding, type SpfFinding } from './finding.ts'
import { isSpf, type ScannedTerm, scanSpf } from './record.ts'
import { formatTerm, isMechanism, isNetwork, type SpfNetwork, type SpfTerm } from './term.ts'

const MAX_TERMS = 10
// RFC 7208 section 3.4: with a name of usual length, the answer then fits 512 octets.
const MAX_LENGTH = 450
const MECHANISMS = new Set(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'])

interface Placed {
  readonly term: SpfTerm
  readonly text: string
  readonly offset: number
}

/**
 * Looks for what is wrong with a record, or unwise, without asking anyone; every fault, not only the first.
 *
 * @param text The character-strings of one TXT record, joined.
 * @returns The findings, in order of their place; none when all is well.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-10.1 | RFC 7208 section 10.1}
 * @example
 * lintSpf('v=spf1 a:192.0.2.1 ptr +all').map(({ code }) => code) // ['address-as-name', 'ptr', 'passes-all']
 * lintSpf('v=spf1 ip4:192.0.2.0/24 -all') // []
 */
export function lintSpf(text: string): readonly SpfFinding[] {
  if (!isSpf(text)) return [finding('no-record', 'This is no SPF record: it does not begin with "v=spf1"')]
  const findings: SpfFinding[] = []
  const placed: Placed[] = []
  for (const scanned of scanSpf(text)) {
    if (scanned.error) findings.push(lintFault(scanned, scanned.error))
    else placed.push({ term: scanned.term!, text: scanned.text, offset: scanned.offset })
  }
  findings.push(...lintTerms(placed), ...lintWhole(text, placed))
  return findings.sort((one, other) => (one.offset ?? text.length) - (other.offset ?? text.length))
}

function lintFault({ text, offset }: ScannedTerm, error: MailError): SpfFinding {
  const address = /^[+?~-]?(?:a|mx|ip[46]|include):?([\d.]+)(?:\/\d+)?$/i.exec(text)?.[1]
  if (address !== undefined && readIpv4(address) && !/^[+?~-]?ip4:/i.test(text)) {
    return finding('address-as-name', `An address stands where a name is due; write ip4:${address}`, {
      term: text,
      offset,
    })
  }
  return finding('bad-term', error.message, { term: text, offset })
}

function* lintTerms(placed: readonly Placed[]): Generator<SpfFinding, void> {
  const seen = new Set<string>()
  let ended = false
  for (const { term, text, offset } of placed) {
    const place = { term: text, offset }
    if (isMechanism(term)) {
      const formatted = formatTerm(term)
      if (ended) yield finding('unreachable', 'It stands behind "all", so that it is never reached', place)
      else if (seen.has(formatted)) yield finding('duplicate-term', 'It stands there twice', place)
      seen.add(formatted)
      if (!ended) yield* lintMechanism(term, place)
      ended ||= term.type === 'all'
    } else yield* lintModifier(term, place)
  }
}

interface Place {
  readonly term: string
  readonly offset: number
}

function* lintMechanism(term: SpfTerm, place: Place): Generator<SpfFinding, void> {
  if (term.type === 'ptr')
    yield finding('ptr', 'The mechanism "ptr" is slow and unreliable; RFC 7208 says not to use it', place)
  if (term.type === 'all' && term.qualifier === '+') yield finding('passes-all', 'Every host may use the domain', place)
  if (isNetwork(term)) yield* lintNetwork(term, place)
}

function* lintNetwork({ type, network, length, qualifier }: SpfNetwork, place: Place): Generator<SpfFinding, void> {
  const octets = (type === 'ip4' ? readIpv4(network) : readIpv6(network)) ?? new Uint8Array(0)
  const bits = length ?? octets.length * 8
  if (bits === 0 && qualifier === '+') yield finding('passes-all', `Every ${type} host may use the domain`, place)
  else if (bits < (type === 'ip4' ? 16 : 32) && qualifier === '+') {
    yield finding('wide-network', `It lets 2^${octets.length * 8 - bits} addresses use the domain`, place)
  }
  const isHost = octets.some((octet, index) => (octet & (255 >> Math.min(8, Math.max(0, bits - index * 8)))) !== 0)
  if (isHost) yield finding('host-bits', `The address has bits beyond the first ${bits}, which are not compared`, place)
}

function* lintModifier(term: SpfTerm, place: Place): Generator<SpfFinding, void> {
  if (term.type !== 'unknown') return
  if (MECHANISMS.has(term.name.toLowerCase())) {
    yield finding('mechanism-as-modifier', `It has no effect; a mechanism is written "${term.name}:"`, place)
  } else yield finding('unknown-modifier', 'It has no effect: RFC 7208 does not know it', place)
}

function* lintWhole(text: string, placed: readonly Placed[]): Generator<SpfFinding, void> {
  const all = placed.some(({ term }) => term.type === 'all')
  const redirect = placed.find(({ term }) => term.type === 'redirect')
  if (all && redirect) {
    const place = { term: redirect.text, offset: redirect.offset }
    yield finding('redirect-ignored', 'It is never followed, as "all" matches always', place)
  }
  if (!all && !redirect) yield finding('no-default', 'Neither "all" nor "redirect" says what is with other hosts')
  const asking = placed.filter(({ term }) => asks(term)).length
  if (asking > MAX_TERMS)
    yield finding('too-many-terms', `${asking} terms cause lookups, of which ${MAX_TERMS} are allowed`)
  if (text.length > MAX_LENGTH) {
    yield finding(
      'long-record',
      `The record has ${text.length} octets; over ${MAX_LENGTH} the answer may not fit a datagram`,
    )
  }
}

/** @internal */
export function asks(term: SpfTerm): boolean {
  return isMechanism(term) ? term.type !== 'all' && !isNetwork(term) : term.type === 'redirect'
}
