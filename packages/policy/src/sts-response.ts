/** What came for a policy over HTTPS: RFC 8461 section 3.3; the failures in the words of RFC 8460 section 4.3. */

import { decodeUtf8, isUtf8, MailError } from '@posthorn/core'
import type { PolicyErrorCode } from './error.ts'
import { parseStsPolicy, type StsPolicy } from './sts-policy.ts'

/** What the caller's fetch gave, without having followed a redirect. */
export interface StsResponse {
  /** The status of HTTP. */
  readonly status: number
  /** The value of Content-Type; nothing where there was none. */
  readonly contentType?: string | undefined
  /** The content, no more of it than one octet beyond the limit needed. */
  readonly body: Uint8Array
}

/** How a response is checked. */
export interface StsResponseOptions {
  /** How many octets of content are taken; default 65,536, as RFC 8461 section 3.3 suggests. */
  readonly maxOctets?: number
}

/** A policy came. */
export interface FetchedStsPolicy {
  /** A policy came. */
  readonly status: 'fetched'
  /** The policy. */
  readonly policy: StsPolicy
}

/** No policy came. */
export interface FailedStsFetch {
  /** None came. */
  readonly status: 'failed'
  /**
   * `redirect` and `status`: HTTP said something else than 200; `media-type`: it is not text/plain; `too-large`;
   * `malformed`: it is not UTF-8 or not a policy. `unreachable` and `certificate` are for the caller to say.
   */
  readonly reason: 'certificate' | 'malformed' | 'media-type' | 'redirect' | 'status' | 'too-large' | 'unreachable'
  /** The name of the failure in a report. */
  readonly resultType: 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid'
  /** What is wrong with the policy. */
  readonly error?: MailError<PolicyErrorCode>
}

/** What became of fetching a policy. */
export type StsFetchResult = FetchedStsPolicy | FailedStsFetch

const MAX_OCTETS = 65_536

/**
 * Checks what came over HTTPS, and reads the policy in it.
 *
 * @param response The response; its TLS certificate has been checked by the caller's fetch.
 * @param options How to check.
 * @returns The policy, or why there is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.3 | RFC 8461 section 3.3}
 * @example
 * const body = new TextEncoder().encode('version: STSv1\nmode: none\nmax_age: 86400\n')
 * checkStsResponse({ status: 200, contentType: 'text/plain; charset=utf-8', body }).status // 'fetched'
 * checkStsResponse({ status: 302, body }) // { status: 'failed', reason: 'redirect', resultType: 'sts-policy-fetch-error' }
 */
export function checkStsResponse(response: StsResponse, options: StsResponseOptions = {}): StsFetchResult {
  const { status, contentType = '', body } = response
  // RFC 8461 section 3.3: a redirect MUST NOT be followed; any status but 200 is a failure.
  if (status >= 300 && status < 400) return failed('redirect', 'sts-policy-fetch-error')
  if (status !== 200) return failed('status', 'sts-policy-fetch-error')
  if (body.length > (options.maxOctets ?? MAX_OCTETS)) return failed('too-large', 'sts-policy-invalid')
  if (!/^[ \t]*text\/plain[ \t]*(?:;|$)/i.test(contentType)) return failed('media-type', 'sts-policy-invalid')
  if (!isUtf8(body)) return failed('malformed', 'sts-policy-invalid')
  try {
    return { status: 'fetched', policy: parseStsPolicy(decodeUtf8(body)) }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { ...failed('malformed', 'sts-policy-invalid'), error }
  }
}

function failed(reason: FailedStsFetch['reason'], resultType: FailedStsFetch['resultType']): FailedStsFetch {
  return { status: 'failed', reason, resultType }
}
