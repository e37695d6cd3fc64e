/** Whether DANE holds for a host: RFC 7672 section 2 and 3.1; RFC 7671 section 9 for the choice of digests. */

import { type Answer, normalizeDnsName, type TlsaData } from '@posthorn/dns'
import { isFailure } from './answer.ts'
import { fault } from './error.ts'

/** Where the host listens. */
export interface TlsaNameOptions {
  /** The port of TCP; default 25. */
  readonly port?: number
}

/**
 * Gives the name whose TLSA records hold for a host.
 *
 * @param host The host, as the MX record names it, or what CNAMEs made of it where all of them are authenticated.
 * @param options Where it listens.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name; `POLICY_BAD_FIELD` for what is no port.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7672#section-2.2.3 | RFC 7672 section 2.2.3}
 * @example
 * tlsaName('MX.example.com.') // '_25._tcp.mx.example.com'
 */
export function tlsaName(host: string, options: TlsaNameOptions = {}): string {
  const { port = 25 } = options
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw fault('POLICY_BAD_FIELD', `ask for port ${port}`, 'rfc6698#section-3')
  }
  return normalizeDnsName(`_${port}._tcp.${normalizeDnsName(host)}`)
}

/**
 * Gives the hosts to ask TLSA records for, the first that has some counting: where authenticated CNAMEs led from the host
 * to another, that one, then the host itself. None where the addresses are not authenticated.
 *
 * @param host The host, as the MX record names it.
 * @param addresses The answers for its address.
 * @param options The answer for its alias, as in {@link DaneAnswers}.
 * @throws {MailError} `DNS_BAD_NAME` for what is no name.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7672#section-2.2.2 | RFC 7672 section 2.2.2}
 * @example
 * const answer = { status: 'found', name: 'b.example', records: ['192.0.2.1'], ttl: 60, authenticated: true } as const
 * tlsaHosts('a.example', [answer]) // ['b.example', 'a.example']
 * tlsaHosts('a.example', [{ ...answer, authenticated: false }]) // []
 */
export function tlsaHosts(
  host: string,
  addresses: readonly Answer<'A' | 'AAAA'>[],
  options: Pick<DaneAnswers, 'alias'> = {},
): string[] {
  const found = addresses.flatMap((one) => (one.status === 'found' ? [one] : []))
  if (found.length === 0) return []
  if (found.some(({ authenticated }) => !authenticated)) {
    return isSecureAlias(options.alias) ? [normalizeDnsName(host)] : []
  }
  return [...new Set([...found.map(({ name }) => normalizeDnsName(name)), normalizeDnsName(host)])]
}

/** The answers that decide for one host. */
export interface DaneAnswers {
  /** The host whose name was put into {@link tlsaName}: one of {@link tlsaHosts}. */
  readonly host: string
  /** For its address: that of A or AAAA, or both where one was not enough. */
  readonly addresses: readonly Answer<'A' | 'AAAA'>[]
  /**
   * For the host, type CNAME: asked where the addresses are not authenticated and have another name, since an alias that
   * is authenticated lets the records of the host count all the same.
   */
  readonly alias?: Answer<'CNAME'> | undefined
  /** For {@link tlsaName}, type TLSA; nothing where it was not asked for, as for addresses that are not authenticated. */
  readonly tlsa?: Answer<'TLSA'> | undefined
}

/** TLS is a must, and the certificate must match. */
export interface DaneRequired {
  /** TLS is a must, and the certificate must match. */
  readonly status: 'required'
  /** The records that can be used. */
  readonly records: readonly TlsaData[]
  /** The name that TLS asks for, by SNI: that of the host the records are for. */
  readonly serverName: string
}

/** TLS is a must, but no record can be used to check the certificate (RFC 7672 section 2.2). */
export interface DaneUnusable {
  /** TLS is a must, the certificate is not checked. */
  readonly status: 'unusable'
}

/** DANE does not hold. */
export interface DaneNone {
  /** DANE does not hold. */
  readonly status: 'none'
  /** `insecure`: some answer is not authenticated; `absent`: there is no record, for certain; `no-address`. */
  readonly reason: 'absent' | 'insecure' | 'no-address'
}

/** Nobody could say, so the host is left alone for now (RFC 7672 section 2.1.2). */
export interface DaneDefer {
  /** The host is left alone for now. */
  readonly status: 'defer'
  /** Which lookup failed. */
  readonly reason: 'address-failed' | 'tlsa-failed'
}

/** What DANE asks for one host. */
export type DaneDecision = DaneDefer | DaneNone | DaneRequired | DaneUnusable

/**
 * Decides what DANE asks for one host. Only authenticated answers count; an answer that failed may be one that an
 * attacker keeps away, so it defers.
 *
 * @param answers What the DNS said.
 * @returns `required`, `unusable`, `none` or `defer`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7672#section-2.2 | RFC 7672 section 2.2}
 * @example
 * const address = { status: 'found', name: 'mx.example.com', records: ['192.0.2.1'], ttl: 60, authenticated: true } as const
 * const host = 'mx.example.com'
 * decideDane({ host, addresses: [address], tlsa: { status: 'timeout' } }) // { status: 'defer', reason: 'tlsa-failed' }
 * const record = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) }
 * const tlsa = { ...address, name: '_25._tcp.mx.example.com', records: [record] }
 * decideDane({ host, addresses: [address], tlsa }).status // 'required'
 * decideDane({ host, addresses: [{ ...address, authenticated: false }], tlsa }) // { status: 'none', reason: 'insecure' }
 */
export function decideDane(answers: DaneAnswers): DaneDecision {
  const { addresses, tlsa } = answers
  // RFC 7672 section 2.2.2: where neither addresses nor alias are secure, no TLSA record counts.
  if (addresses.some((one) => one.status === 'found' && !one.authenticated) && !isSecureAlias(answers.alias)) {
    if (answers.alias && isFailure(answers.alias)) return { status: 'defer', reason: 'address-failed' }
    return { status: 'none', reason: 'insecure' }
  }
  if (!addresses.some((one) => one.status === 'found')) {
    return addresses.some(isFailure)
      ? { status: 'defer', reason: 'address-failed' }
      : { status: 'none', reason: 'no-address' }
  }
  if (tlsa === undefined || isFailure(tlsa)) return { status: 'defer', reason: 'tlsa-failed' }
  if (!tlsa.authenticated) return { status: 'none', reason: 'insecure' }
  if (tlsa.status !== 'found') return { status: 'none', reason: 'absent' }
  const records = usableTlsa(tlsa.records)
  if (records.length === 0) return { status: 'unusable' }
  return { status: 'required', records, serverName: normalizeDnsName(answers.host) }
}

function isSecureAlias(alias: Answer<'CNAME'> | undefined): boolean {
  return alias?.status === 'found' && alias.authenticated
}

const DIGEST_OCTETS: Readonly<Record<number, number>> = { 1: 32, 2: 64 }

/**
 * Keeps the records that SMTP can use: of usage 2 and 3, selector 0 and 1, and matching type 0 to 2 with data of the
 * right length; of several digests for one usage and selector, the strongest alone.
 *
 * @param records Any records.
 * @returns Those that can be used, in their order.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7672#section-3.1.3 | RFC 7672 section 3.1.3}
 * @example
 * usableTlsa([{ usage: 1, selector: 1, matchingType: 1, data: new Uint8Array(32) }]) // []
 */
export function usableTlsa(records: readonly TlsaData[]): TlsaData[] {
  const usable = records.filter(isUsable)
  const strongest = new Map<number, number>()
  for (const { usage, selector, matchingType } of usable) {
    const kind = usage * 2 + selector
    strongest.set(kind, Math.max(strongest.get(kind) ?? 0, matchingType))
  }
  // RFC 7671 section 9: all digests but the strongest are ignored; what is given in full stays.
  return usable.filter(
    ({ usage, selector, matchingType }) => matchingType === 0 || matchingType === strongest.get(usage * 2 + selector),
  )
}

function isUsable({ usage, selector, matchingType, data }: TlsaData): boolean {
  // RFC 7672 section 3.1.3: usages 0 and 1 are unusable for SMTP.
  if ((usage !== 2 && usage !== 3) || (selector !== 0 && selector !== 1)) return false
  return matchingType === 0 ? data.length > 0 : data.length === DIGEST_OCTETS[matchingType]
}
