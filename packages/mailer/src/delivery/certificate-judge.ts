/** What the certificate of a host is found to be, and whether that is enough: RFC 7672 section 3, RFC 8461 section 4.2. */

import { MailError } from '@posthorn/core'
import { type DeliveryHost, matchTlsa, type TlsVerification } from '@posthorn/policy'
import type { CertificateCheck, PresentedCertificates } from '@posthorn/smtp'
import type { MailerErrorCode } from '../error.ts'
import type { CertificateVerdict } from './outcome.ts'

const GOOD: ReadonlySet<CertificateVerdict> = new Set(['dane-ee', 'dane-ta', 'trusted'])

/** Looks at the certificate of one host, once a handshake. */
export interface CertificateJudge {
  /** What it was found to be; nothing before the handshake, or where it could not be told. */
  readonly verdict: CertificateVerdict | undefined
  /** Decides on the handshake. */
  readonly check: CertificateCheck
}

/**
 * Makes what looks at the certificate of a host. Where nothing is asked any certificate will do, and what it is found to
 * be is only told.
 *
 * @internal
 */
export function judgeFor({ tls, verify }: Pick<DeliveryHost, 'tls' | 'verify'>): CertificateJudge {
  const isChecked = tls !== 'opportunistic' && tls !== 'encrypted'
  let verdict: CertificateVerdict | undefined
  return {
    get verdict() {
      return verdict
    },
    async check(presented) {
      verdict = await judge(verify, presented)
      if (!isChecked) return 'unverified'
      if (GOOD.has(verdict)) return 'verified'
      throw new MailError<MailerErrorCode>(
        'MAILER_BAD_CERTIFICATE',
        `Cannot deliver to the host: its certificate is not what it must be (${verdict})`,
        { spec: tls === 'dane' ? 'rfc7672#section-3' : 'rfc8461#section-4.2' },
      )
    },
  }
}

async function judge(verify: TlsVerification, presented: PresentedCertificates): Promise<CertificateVerdict> {
  if (verify.certificate === 'tlsa') return judgeByTlsa(verify, presented)
  if (presented.untrusted) return presented.untrusted
  const names = verify.names.length > 0 ? verify.names : [verify.serverName]
  return names.some((name) => presented.proves(name)) ? 'trusted' : 'host-mismatch'
}

async function judgeByTlsa(
  { records, names }: TlsVerification,
  presented: PresentedCertificates,
): Promise<CertificateVerdict> {
  const match = await matchTlsa(records, presented.chain)
  // RFC 7672 section 3.1.1: with DANE-EE neither the names nor the dates of the certificate count.
  if (match.result === 'dane-ee') return 'dane-ee'
  if (match.result === 'mismatch') return 'tlsa-mismatch'
  if (!match.anchors.some(({ index }) => presented.leadsTo(index))) {
    return presented.untrusted === 'expired' ? 'expired' : 'not-trusted'
  }
  // RFC 7672 section 3.2.3: with DANE-TA the certificate must have one of the names.
  return names.some((name) => presented.proves(name)) ? 'dane-ta' : 'host-mismatch'
}
