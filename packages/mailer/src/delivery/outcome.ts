/** What became of a delivery: each recipient, and all that was tried, as plain values that JSON can hold. */

import type { MailError } from '@posthorn/core'
import type { DeliveryHost, FailedStsFetch, LeftOutHost, StsPolicy } from '@posthorn/policy'
import type { Reply } from '@posthorn/reply'
import type { RecipientOutcome, SendOutcome } from '@posthorn/smtp'

/** What became of the message for one recipient. */
export interface DeliveredRecipient extends RecipientOutcome {
  /** The host whose reply it is; absent where the decision, and its reply, were made here. */
  readonly host?: string
  /**
   * The host offers no DSN, so its parameters were left off: the sender who asked for a report of success is owed one that
   * says `relayed` (RFC 3461 section 5.2.2).
   */
  readonly withoutDsn?: true
}

/** What the certificate of a host is found to be. */
export type CertificateVerdict =
  | 'dane-ee'
  | 'dane-ta'
  | 'expired'
  | 'host-mismatch'
  | 'not-trusted'
  | 'tlsa-mismatch'
  | 'trusted'

/** How far an attempt came: what was awaited when it ended; `done`: nothing more. */
export type DeliveryPhase = 'connect' | 'greeting' | 'EHLO' | 'STARTTLS' | 'handshake' | 'envelope' | 'message' | 'done'

/** TLS as it was set up. */
export interface DeliveryTls {
  /** The protocol version. */
  readonly protocol: string
  /** The cipher suite. */
  readonly cipher: string
  /** The SHA-256 of the certificate, where it is known. */
  readonly sha256?: string
}

/** An error, as it is told in a trail. */
export interface DeliveryError {
  /** The code of the `MailError`. */
  readonly code: string
  /** What went wrong. */
  readonly message: string
}

/** One connection that was tried. */
export interface DeliveryAttempt {
  /** The domain of the recipients. */
  readonly domain: string
  /** The host. */
  readonly host: string
  /** As in the MX record; 0 without one. */
  readonly preference: number
  /** The address. */
  readonly address: string
  /** The port. */
  readonly port: number
  /** What TLS had to be; `none` where the connection before it failed at TLS, and nothing is asked of the host. */
  readonly asked: DeliveryHost['tls'] | 'none'
  /** Why that. */
  readonly reason: DeliveryHost['reason']
  /** TLS as it was set up; absent where it was not. */
  readonly tls?: DeliveryTls
  /** What the certificate is found to be, whether that counts or not; absent where none was looked at. */
  readonly certificate?: CertificateVerdict
  /** How far it came. */
  readonly phase: DeliveryPhase
  /** When it began, in milliseconds of the clock. */
  readonly startedAt: number
  /** How long it took, in milliseconds. */
  readonly milliseconds: number
  /** How many recipients it was for. */
  readonly recipients: number
  /** For how many of them the host is responsible now. */
  readonly accepted: number
  /** The reply that ended it, where one did. */
  readonly reply?: Reply
  /** The error that ended it, where one did. */
  readonly error?: DeliveryError
}

/** A host that was not tried. */
export interface PassedOverHost {
  /** The host. */
  readonly host: string
  /** As in the MX record. */
  readonly preference: number
  /** As `planDelivery` says; `loop`: it is this host, or not before it in preference. */
  readonly reason: LeftOutHost['reason'] | 'loop'
}

/** What was done for the recipients of one domain. */
export interface DomainDelivery {
  /** The domain, in A-labels and lower case, or the address literal. */
  readonly domain: string
  /** The policy of MTA-STS that applied. */
  readonly sts?: {
    /** Its mode. */
    readonly mode: StsPolicy['mode']
    /** The id of its record. */
    readonly id: string
  }
  /** Why no policy of MTA-STS came that a record tells of. */
  readonly stsFailure?: FailedStsFetch['reason']
  /** The hosts that were not tried. */
  readonly passedOver: readonly PassedOverHost[]
  /** All attempts, in order. */
  readonly attempts: readonly DeliveryAttempt[]
  /** What kept it from going on, as the signal of the caller or a store that failed. */
  readonly error?: DeliveryError
}

/** What became of a message. */
export interface DeliveryOutcome {
  /** All recipients accepted, some of them, none, or some not known. */
  readonly type: SendOutcome['type']
  /** Each recipient in the order given. */
  readonly recipients: readonly DeliveredRecipient[]
  /** Each domain, in the order of its first recipient. */
  readonly domains: readonly DomainDelivery[]
}

/**
 * Tells an error as a trail does.
 *
 * @internal
 */
export function describeError({ code, message }: MailError): DeliveryError {
  return { code, message }
}
