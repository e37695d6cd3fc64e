/**
 * What came over HTTPS for an indicator or its evidence: "Indicator Discovery" and "Indicator Validation" of BIMI draft
 * 14, RFC 6170 section 5.2 on compressed indicators.
 */

import { encodeHex, plainBytes } from '@posthorn/core'
import { gunzip, isGzip } from './gzip.ts'
import { type BimiUrlProblem, checkBimiUrl, parse } from './url.ts'

/** What the caller's fetch gave, without having followed a redirect. */
export interface BimiResponse {
  /** The address that was asked. */
  readonly url: string
  /** The status of HTTP. */
  readonly status: number
  /** The value of Location; nothing where there was none. */
  readonly location?: string | undefined
  /** The value of Content-Type; nothing where there was none. */
  readonly contentType?: string | undefined
  /** The content, no more of it than one octet beyond the limit needed. */
  readonly body: Uint8Array
}

/** How a response is checked. */
export interface BimiResponseOptions {
  /** What was asked for. */
  readonly kind: 'evidence' | 'indicator'
  /**
   * How many octets are taken, after decompression too; default 32,768 for an indicator, which is the limit of its
   * profile, and 131,072 for evidence, which holds one in Base64 beside its certificates.
   */
  readonly maxOctets?: number
  /** How many redirects were followed before this response; default 0. */
  readonly redirects?: number
  /** How many are followed in all; default 3. */
  readonly maxRedirects?: number
  /** Whether a redirect may name another host; default `false`, as the record named this one. */
  readonly otherHosts?: boolean
}

/** The content came. */
export interface FetchedBimi {
  /** It came. */
  readonly status: 'fetched'
  /** The content, decompressed. */
  readonly body: Uint8Array
  /** Its SHA-256 in base 16, of which `policy.indicator-hash` of Authentication-Results has the end. */
  readonly sha256: string
}

/** The content is elsewhere. */
export interface RedirectedBimi {
  /** Ask there. */
  readonly status: 'redirected'
  /** The next address, checked. */
  readonly url: string
}

/** No content that can be used. */
export interface FailedBimiFetch {
  /** None. */
  readonly status: 'failed'
  /**
   * `url`: the address is not to be asked; `redirect`: the next one is not, or there were too many; `status`: HTTP said
   * something else than 200; `media-type`; `too-large`; `malformed`: it is no gzip though it begins like one.
   * `unreachable` and `certificate` are for the caller to say.
   */
  readonly reason:
    | 'certificate'
    | 'malformed'
    | 'media-type'
    | 'redirect'
    | 'status'
    | 'too-large'
    | 'unreachable'
    | 'url'
  /** What is wrong with an address. */
  readonly problem?: BimiUrlProblem | 'other-host'
}

/** What became of fetching. */
export type BimiFetchResult = FetchedBimi | RedirectedBimi | FailedBimiFetch

const MAX_OCTETS = { evidence: 131_072, indicator: 32_768 }
const MAX_REDIRECTS = 3
const MEDIA_TYPES = {
  evidence:
    /^[ \t]*(?:application\/(?:pem-certificate-chain|x-pem-file|x-x509-ca-cert|octet-stream)|text\/plain)[ \t]*(?:;|$)/i,
  indicator: /^[ \t]*image\/svg\+xml[ \t]*(?:;|$)/i,
}

/**
 * Checks what came over HTTPS, and decompresses it.
 *
 * @param response The response; its TLS certificate, and the address that the host resolved to, have been checked by the
 * caller's fetch.
 * @param options How to check.
 * @returns The content, where to ask next, or why there is none.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Indicator Discovery"}
 * @example
 * const url = 'https://example.com/logo.svg'
 * const body = new TextEncoder().encode('<svg/>')
 * const options = { kind: 'indicator' } as const
 * const result = await checkBimiResponse({ url, status: 200, contentType: 'image/svg+xml', body }, options)
 * result.status // 'fetched'
 * await checkBimiResponse({ url, status: 302, location: 'https://10.0.0.1/', body }, options) // { status: 'failed', reason: 'redirect', problem: 'address' }
 */
export async function checkBimiResponse(
  response: BimiResponse,
  options: BimiResponseOptions,
): Promise<BimiFetchResult> {
  const { url, status, contentType = '', body } = response
  const limit = options.maxOctets ?? MAX_OCTETS[options.kind]
  const problem = checkBimiUrl(url)
  if (problem) return { status: 'failed', reason: 'url', problem }
  if (status >= 300 && status < 400) return redirect(response, options)
  if (status !== 200) return { status: 'failed', reason: 'status' }
  if (body.length > limit) return { status: 'failed', reason: 'too-large' }
  if (!MEDIA_TYPES[options.kind].test(contentType)) return { status: 'failed', reason: 'media-type' }
  const content = options.kind === 'indicator' && isGzip(body) ? await gunzip(body, limit) : plainBytes(body)
  if (typeof content === 'string') return { status: 'failed', reason: content }
  return { status: 'fetched', body: content, sha256: await hashIndicator(content) }
}

function redirect({ url, location }: BimiResponse, options: BimiResponseOptions): RedirectedBimi | FailedBimiFetch {
  const { redirects = 0, maxRedirects = MAX_REDIRECTS, otherHosts = false } = options
  const next = location === undefined || redirects >= maxRedirects ? undefined : parse(location, url)
  if (!next) return { status: 'failed', reason: 'redirect' }
  const problem = checkBimiUrl(next.href)
  if (problem) return { status: 'failed', reason: 'redirect', problem }
  if (!otherHosts && next.hostname !== parse(url)?.hostname) {
    return { status: 'failed', reason: 'redirect', problem: 'other-host' }
  }
  return { status: 'redirected', url: next.href }
}

/**
 * Gives the hash of an indicator, by which the one in a certificate is compared with the one that was fetched.
 *
 * @param indicator The SVG, decompressed.
 * @returns Its SHA-256 in base 16; the end of it, eight characters or more, may stand as `policy.indicator-hash` in an
 * Authentication-Results field.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Affix BIMI Status to Authentication Results"}
 * @example
 * (await hashIndicator(new TextEncoder().encode('<svg/>'))).slice(-8) // '049be9e6'
 */
export async function hashIndicator(indicator: Uint8Array): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', plainBytes(indicator))))
}
