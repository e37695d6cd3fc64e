/** The terms of a record, mechanisms and modifiers: RFC 7208 sections 4.6.1, 5 and 6. */

import { readIpv4, readIpv6 } from './address.ts'
import { fault } from './error.ts'
import { formatMacroString, type MacroString, macroOutline, parseDomainSpec, parseMacroString } from './macro.ts'

/** What a match means: `+` pass, `-` fail, `~` softfail, `?` neutral. */
export type SpfQualifier = '+' | '-' | '~' | '?'

/** `all`: matches always. */
export interface SpfAll {
  /** The discriminant. */
  readonly type: 'all'
  /** What a match means. */
  readonly qualifier: SpfQualifier
}

/** `include` and `exists`: match by what another name says. */
export interface SpfReference {
  /** The discriminant: `include` asks for another record, `exists` for any IPv4 address. */
  readonly type: 'include' | 'exists'
  /** What a match means. */
  readonly qualifier: SpfQualifier
  /** The name. */
  readonly domain: MacroString
}

/** `a` and `mx`: match the addresses of a name, or of its mail exchangers. */
export interface SpfHosts {
  /** The discriminant. */
  readonly type: 'a' | 'mx'
  /** What a match means. */
  readonly qualifier: SpfQualifier
  /** The name; absent for the domain of the record. */
  readonly domain?: MacroString
  /** How many bits of an IPv4 address are compared, 0 to 32; absent for all. */
  readonly ip4Length?: number
  /** How many bits of an IPv6 address are compared, 0 to 128; absent for all. */
  readonly ip6Length?: number
}

/** `ptr`: matches a client whose own name is below a name; not to be used. */
export interface SpfPtr {
  /** The discriminant. */
  readonly type: 'ptr'
  /** What a match means. */
  readonly qualifier: SpfQualifier
  /** The name; absent for the domain of the record. */
  readonly domain?: MacroString
}

/** `ip4` and `ip6`: match the addresses of a network. */
export interface SpfNetwork {
  /** The discriminant. */
  readonly type: 'ip4' | 'ip6'
  /** What a match means. */
  readonly qualifier: SpfQualifier
  /** The network's address, as the record writes it. */
  readonly network: string
  /** How many bits are compared; absent for all. */
  readonly length?: number
}

/** A term that may match. */
export type SpfMechanism = SpfAll | SpfReference | SpfHosts | SpfPtr | SpfNetwork

/** `redirect` and `exp`: where the record goes on, and where the explanation of a failure is. */
export interface SpfNamedModifier {
  /** The discriminant. */
  readonly type: 'redirect' | 'exp'
  /** The name. */
  readonly domain: MacroString
}

/** A modifier that RFC 7208 does not know, which changes nothing. */
export interface SpfUnknownModifier {
  /** The discriminant. */
  readonly type: 'unknown'
  /** Its name, as the record writes it. */
  readonly name: string
  /** Its value. */
  readonly value: MacroString
}

/** A term that does not match but says more. */
export type SpfModifier = SpfNamedModifier | SpfUnknownModifier

/** One term of a record. */
export type SpfTerm = SpfMechanism | SpfModifier

// name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/

/**
 * Parses one term.
 *
 * @internal
 * @param offset Where the term stands in the record.
 * @throws {MailError} As for `parseSpf`.
 */
export function parseTerm(text: string, offset: number): SpfTerm {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(equals, 0))
  if (NAME.test(name)) return parseModifier(name, text.slice(equals + 1), offset + equals + 1)
  const start = isQualifier(text[0]) ? 1 : 0
  const end = endOfName(text, start)
  const next = text[end]
  const isBad = end === start || (next !== undefined && next !== ':' && next !== '/')
  if (isBad) throw fault('SPF_BAD_TERM', text, { section: '4.6.1', offset })
  const qualifier = start === 0 ? '+' : (text[0] as SpfQualifier)
  return parseMechanism(text.slice(start, end), qualifier, { text: text.slice(end), offset: offset + end })
}

function isQualifier(character: string | undefined): boolean {
  return character === '+' || character === '-' || character === '~' || character === '?'
}

function endOfName(text: string, start: number): number {
  let end = start
  while (isAlphanumeric(text.charCodeAt(end))) end++
  return end
}

function isAlphanumeric(code: number): boolean {
  const letter = code & ~0x20
  return (letter >= 65 && letter <= 90) || (code >= 48 && code <= 57)
}

function parseModifier(name: string, value: string, offset: number): SpfModifier {
  const type = name.toLowerCase()
  // RFC 7208 section 6: a known name with a value that is no domain-spec is no unknown modifier.
  if (type === 'redirect' || type === 'exp') return { type, domain: parseDomainSpec(value, offset) }
  return { type: 'unknown', name, value: parseMacroString(value, { offset }) }
}

interface Rest {
  readonly text: string
  readonly offset: number
}

function parseMechanism(name: string, qualifier: SpfQualifier, rest: Rest): SpfMechanism {
  const type = name.toLowerCase()
  switch (type) {
    case 'all':
      if (rest.text !== '') throw fault('SPF_BAD_TERM', name + rest.text, { section: '5.1', offset: rest.offset })
      return { type, qualifier }
    case 'include':
    case 'exists':
      return { type, qualifier, domain: parseDomain(rest) }
    case 'ptr':
      return rest.text === '' ? { type, qualifier } : { type, qualifier, domain: parseDomain(rest) }
    case 'a':
    case 'mx':
      return parseHosts(type, qualifier, rest)
    case 'ip4':
    case 'ip6':
      return parseNetwork(type, qualifier, rest)
    default:
      throw fault('SPF_UNKNOWN_MECHANISM', name, { section: '4.6.1', offset: rest.offset - name.length })
  }
}

function parseDomain({ text, offset }: Rest): MacroString {
  if (!text.startsWith(':')) throw fault('SPF_BAD_DOMAIN', text, { section: '7.1', offset })
  return parseDomainSpec(text.slice(1), offset + 1)
}

// dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
const DUAL_CIDR = /(?:\/(\d+))?(?:\/\/(\d+))?$/

function parseHosts(type: 'a' | 'mx', qualifier: SpfQualifier, { text, offset }: Rest): SpfHosts {
  if (text === '') return { type, qualifier }
  if (!text.includes('/')) return { type, qualifier, domain: parseDomain({ text, offset }) }
  const [suffix, ip4, ip6] = DUAL_CIDR.exec(tailOf(text))!
  const end = text.length - suffix.length
  const place = offset + end
  const domain = text.slice(0, end)
  return {
    type,
    qualifier,
    ...(domain === '' ? {} : { domain: parseDomain({ text: domain, offset }) }),
    ...(ip4 === undefined ? {} : { ip4Length: parseLength(ip4, 32, place) }),
    ...(ip6 === undefined ? {} : { ip6Length: parseLength(ip6, 128, place) }),
  }
}

// HAZARD: a pattern that is tried at every slash of a long text costs its length squared; no right suffix is longer.
function tailOf(text: string): string {
  return text.slice(-16)
}

// ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT)          ; without leading zeros
function parseLength(digits: string, most: number, offset: number): number {
  const length = Number(digits)
  if (length <= most && String(length) === digits) return length
  throw fault('SPF_BAD_CIDR', digits, { section: '5.6', offset })
}

// ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]
function parseNetwork(type: 'ip4' | 'ip6', qualifier: SpfQualifier, { text, offset }: Rest): SpfNetwork {
  const slash = text.indexOf('/')
  const network = text.slice(1, slash < 0 ? text.length : slash)
  const address = type === 'ip4' ? readIpv4(network) : readIpv6(network)
  if (!address || text[0] !== ':') throw fault('SPF_BAD_NETWORK', text.slice(1), { section: '5.6', offset: offset + 1 })
  if (slash < 0) return { type, qualifier, network }
  const length = parseLength(text.slice(slash + 1), address.length * 8, offset + slash + 1)
  return { type, qualifier, network, length }
}

/** @internal */
export function isMechanism(term: SpfTerm): term is SpfMechanism {
  return 'qualifier' in term
}

/** @internal */
export function isNetwork(term: SpfTerm): term is SpfNetwork {
  return term.type === 'ip4' || term.type === 'ip6'
}

/** @internal */
export function formatTerm(term: SpfTerm): string {
  if (term.type === 'unknown') return `${term.name}=${formatMacroString(term.value)}`
  if (!isMechanism(term)) return `${term.type}=${formatMacroString(term.domain)}`
  return `${term.qualifier === '+' ? '' : term.qualifier}${term.type}${formatArguments(term)}`
}

/**
 * Tells whether two terms with the same text are the same.
 *
 * @internal
 */
export function isSameTerm(one: SpfTerm, other: SpfTerm): boolean {
  return partsOf(one).join() === partsOf(other).join()
}

function partsOf(term: SpfTerm): readonly unknown[] {
  if (term.type === 'all') return [term.type]
  if (term.type === 'unknown') return [term.type, term.name, macroOutline(term.value)]
  if (isMechanism(term) && isNetwork(term)) return [term.type, term.network, term.length]
  const lengths = 'ip4Length' in term || 'ip6Length' in term ? [term.ip4Length, term.ip6Length] : []
  return [term.type, term.domain && macroOutline(term.domain), ...lengths.filter((length) => length !== undefined)]
}

function formatArguments(term: SpfMechanism): string {
  if (term.type === 'all') return ''
  if (isNetwork(term)) return `:${term.network}${formatLength('/', term.length)}`
  const domain = term.domain ? `:${formatMacroString(term.domain)}` : ''
  if (!('ip4Length' in term || 'ip6Length' in term)) return domain
  return `${domain}${formatLength('/', term.ip4Length)}${formatLength('//', term.ip6Length)}`
}

function formatLength(slashes: string, length: number | undefined): string {
  return length === undefined ? '' : `${slashes}${length}`
}
