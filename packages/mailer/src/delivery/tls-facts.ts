/** What a report on TLS counts of an attempt, and of hosts that no attempt was made at: RFC 8460 section 4.3. */

import { encodeHex, known } from '@posthorn/core'
import type { TlsaData } from '@posthorn/dns'
import {
  type DeliveryHost,
  formatStsPolicy,
  type StsPolicy,
  type TlsReportedPolicy,
  type TlsResultType,
  type TlsSessionFacts,
} from '@posthorn/policy'
import type { CertificateVerdict, PassedOverHost } from './outcome.ts'
import type { SessionResult } from './session.ts'
import type { SessionWatch } from './session-watch.ts'
import type { StsKnowledge } from './sts-policies.ts'

const RESULT_TYPES: Readonly<Partial<Record<CertificateVerdict, TlsResultType>>> = {
  expired: 'certificate-expired',
  'not-trusted': 'certificate-not-trusted',
  'host-mismatch': 'certificate-host-mismatch',
  'tlsa-mismatch': 'tlsa-invalid',
}

/** What a session is counted by. */
export interface TlsCount {
  readonly domain: string
  readonly host: DeliveryHost
  readonly sts?: StsPolicy | undefined
  readonly result: SessionResult
}

/**
 * Gives what is counted of a session; nothing where it ended before TLS could have begun.
 *
 * @internal
 */
export function tlsFactsOf({ domain, host, sts, result }: TlsCount): TlsSessionFacts | undefined {
  const { attempt, watch, info } = result
  if (!watch || watch.hellos === 0 || attempt.asked === 'none') return undefined
  const policy = policyOf(host, sts)
  const resultType = failureOf(host, { watch, verdict: attempt.certificate })
  if (!resultType) return { domain, policy }
  const places = known({ sendingMtaIp: info?.local?.address, failureReasonCode: attempt.error?.code })
  const failure = { resultType, receivingMxHostname: host.host, receivingIp: attempt.address, ...places }
  return { domain, policy, failure }
}

function failureOf(
  { tls, testing }: DeliveryHost,
  { watch, verdict }: { readonly watch: SessionWatch; readonly verdict: CertificateVerdict | undefined },
): TlsResultType | undefined {
  if (!watch.isHandshakeBegun) return 'starttls-not-supported'
  // Where nothing is asked of the certificate, what it is found to be is no failure.
  const isJudged = testing !== undefined || (tls !== 'opportunistic' && tls !== 'encrypted')
  const byVerdict = isJudged && verdict ? RESULT_TYPES[verdict] : undefined
  if (byVerdict) return byVerdict
  return watch.isTlsBroken || testing?.matches === false ? 'validation-failure' : undefined
}

function policyOf({ tls, verify, testing }: DeliveryHost, sts: StsPolicy | undefined): TlsReportedPolicy {
  // RFC 8460 section 1.1: the domain of DANE is the one that has the records.
  if (tls === 'dane') return { type: 'tlsa', domain: verify.serverName, text: verify.records.map(formatTlsa) }
  return sts && (tls === 'sts' || testing) ? stsPolicyOf(sts) : { type: 'no-policy-found' }
}

function stsPolicyOf(policy: StsPolicy): TlsReportedPolicy {
  return { type: 'sts', text: formatStsPolicy(policy).trimEnd().split('\r\n'), mxHosts: policy.mx }
}

function formatTlsa({ usage, selector, matchingType, data }: TlsaData): string {
  return `${usage} ${selector} ${matchingType} ${encodeHex(data)}`
}

/**
 * Gives what is counted of a domain beside its sessions: a policy that could not be had, and hosts that one left out when
 * it would have been their turn.
 *
 * @internal
 * @param reached The preference up to which hosts had their turn.
 */
export function tlsFactsOfRoute(
  domain: string,
  { passedOver, sts }: { readonly passedOver: readonly PassedOverHost[]; readonly sts?: StsKnowledge },
  reached: number,
): TlsSessionFacts[] {
  const facts: TlsSessionFacts[] = []
  if (sts?.failed) facts.push({ domain, policy: { type: 'sts' }, failure: { resultType: sts.failed.resultType } })
  for (const { host, preference, reason } of passedOver) {
    if (preference >= reached) continue
    if (reason === 'dane-deferred') {
      const failure = { resultType: 'dnssec-invalid', receivingMxHostname: host } as const
      facts.push({ domain, policy: { type: 'tlsa', domain: host }, failure })
    } else if (reason === 'sts-mismatch' && sts?.entry) {
      const failure = { resultType: 'validation-failure', receivingMxHostname: host } as const
      facts.push({ domain, policy: stsPolicyOf(sts.entry.policy), failure })
    }
  }
  return facts
}
