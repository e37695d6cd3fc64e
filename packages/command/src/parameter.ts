/** The parameters of MAIL and RCPT as typed values: RFC 5321 section 4.1.2, `esmtp-param`. */

import type {
  DeliverBy,
  Notify,
  OriginalRecipient,
  RequireRecipientValidSince,
  TrackingCertifier,
} from './parameter-value.ts'
import type { Mailbox, ReversePath } from './path.ts'

/** A parameter that this package has no type for. */
export interface OtherParameter {
  /** Its keyword; letter case does not matter. */
  readonly keyword: string
  /** Its value, absent where the keyword stands alone. */
  readonly value?: string
}

/** The parameters of MAIL. */
export interface MailParameters {
  /** The size of the message in octets, as it is before dot-stuffing (RFC 1870 section 5). */
  readonly size?: number
  /** What the body may hold (RFC 6152 section 2, RFC 3030 section 3). */
  readonly body?: '7BIT' | '8BITMIME' | 'BINARYMIME'
  /** Whether addresses or header are UTF-8 (RFC 6531 section 3.4). */
  readonly smtpUtf8?: boolean
  /** What a report of failure returns (RFC 3461 section 4.3). */
  readonly ret?: 'FULL' | 'HDRS'
  /** An identifier that comes back in reports, decoded: printable US-ASCII (RFC 3461 section 4.4). */
  readonly envid?: string
  /** Who submitted the message; `null` says that it is not known (RFC 4954 section 5). */
  readonly auth?: ReversePath
  /** By when to deliver (RFC 2852 section 4). */
  readonly by?: DeliverBy
  /** For how many seconds to hold the message back, 1 to 999,999,999 (RFC 4865 section 4). */
  readonly holdFor?: number
  /** Until when to hold the message back, a date and time of RFC 3339; not together with `holdFor`. */
  readonly holdUntil?: string
  /** The priority, -9 to 9 (RFC 6710 section 4.1). */
  readonly mtPriority?: number
  /** Whether every host on the way must use verified TLS (RFC 8689 section 2). */
  readonly requireTls?: boolean
  /** What the message solicits (RFC 3865 section 2). */
  readonly solicit?: readonly string[]
  /** What the message is tracked by (RFC 3885 section 3). */
  readonly mtrk?: TrackingCertifier
  /** Whether hosts may convert the content (RFC 4141 section 4). */
  readonly conPerm?: boolean
  /** Whether each recipient gets a reply of its own after the message (PRDR, draft-hall-prdr). */
  readonly prdr?: boolean
  /** The transaction that a broken session takes up again, in angle brackets (RFC 1845 section 2). */
  readonly transid?: string
  /** Who is responsible for the message (RFC 4405 section 4.1, historic). */
  readonly submitter?: Mailbox
  /** All others, in order. */
  readonly others?: readonly OtherParameter[]
}

/** The parameters of RCPT. */
export interface RcptParameters {
  /** When to report; the empty list is `NEVER` (RFC 3461 section 4.1). */
  readonly notify?: readonly Notify[]
  /** The original recipient (RFC 3461 section 4.2, RFC 6533 section 3). */
  readonly orcpt?: OriginalRecipient
  /** Since when the recipient must have been the same person (RFC 7293 section 3). */
  readonly rrvs?: RequireRecipientValidSince
  /** Whether the server tells what content the recipient can take (RFC 4141 section 5). */
  readonly conNeg?: boolean
  /** All others, in order. */
  readonly others?: readonly OtherParameter[]
}
