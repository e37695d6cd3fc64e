/** What a mail server tells of the delivery of one message: RFC 3464 section 2, RFC 6533 section 4. */

import type { ParsedField } from '../parse/fields.ts'
import type { ReportDefect } from './defect.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ReportField } from './field-group.ts'
import type { StatusCode } from './status-code.ts'
import type { MtaName, TypedAddress } from './typed-value.ts'

/** What a server did for a recipient; when it is read, also another word, in lower case. */
export type DeliveryAction =
  | 'failed'
  | 'delayed'
  | 'delivered'
  | 'relayed'
  | 'expanded'
  | (string & Record<never, never>)

/** The text of a diagnostic in a language. */
export interface LocalizedDiagnostic {
  /** The tag of the language, as `de` (RFC 5646). */
  readonly language: string
  /** The text. */
  readonly text: string
}

/** How the message went for one recipient. */
export interface RecipientStatus {
  /** The recipient as the sender gave it. */
  readonly originalRecipient?: TypedAddress
  /** The recipient as the server knew it; required. */
  readonly finalRecipient?: TypedAddress
  /** What the server did; required. */
  readonly action?: DeliveryAction
  /** How it went; required. */
  readonly status?: StatusCode
  /** The server that said so; absent where that is the one that reports. */
  readonly remoteMta?: MtaName
  /** What was said, in its own terms. */
  readonly diagnostic?: Diagnostic
  /** The same in other languages, each once; in `message/global-delivery-status` alone. */
  readonly localizedDiagnostics?: readonly LocalizedDiagnostic[]
  /** When it was tried last. */
  readonly lastAttemptDate?: Date
  /** How the log of the last server names it. */
  readonly finalLogId?: string
  /** Until when it will be tried, of what is `delayed`. */
  readonly willRetryUntil?: Date
  /** Further fields, in order. */
  readonly extensions: readonly ReportField[]
}

/** How one message went. */
export interface DeliveryStatus {
  /** The identifier that the sender gave with the envelope, ENVID of RFC 3461. */
  readonly envelopeId?: string
  /** The server that tried; required. */
  readonly reportingMta?: MtaName
  /** The gateway that translated the report of another mail system. */
  readonly gateway?: MtaName
  /** The server that the message came from. */
  readonly receivedFromMta?: MtaName
  /** When the message came. */
  readonly arrivalDate?: Date
  /** Further fields, in order. */
  readonly extensions: readonly ReportField[]
  /** One or more recipients. */
  readonly recipients: readonly RecipientStatus[]
}

/** A {@link RecipientStatus} to be written, without further fields where there are none. */
export type RecipientStatusInput = Omit<RecipientStatus, 'extensions'> & Partial<Pick<RecipientStatus, 'extensions'>>

/** A {@link DeliveryStatus} to be written, without further fields where there are none. */
export type DeliveryStatusInput = Omit<DeliveryStatus, 'extensions' | 'recipients'> & {
  /** Further fields, in order. */
  readonly extensions?: readonly ReportField[]
  /** One or more recipients. */
  readonly recipients: readonly RecipientStatusInput[]
}

/** A delivery status as it was received, and what is doubtful in it. */
export interface DeliveryStatusReading {
  /** What it says. */
  readonly status: DeliveryStatus
  /** Every field as it stands there: those of the message, then those of each recipient. */
  readonly fields: readonly (readonly ParsedField[])[]
  /** What was doubted. */
  readonly defects: readonly ReportDefect[]
}

/** @internal */
export const MESSAGE_FIELDS: readonly string[] = [
  'original-envelope-id',
  'reporting-mta',
  'dsn-gateway',
  'received-from-mta',
  'arrival-date',
]

/** @internal */
export const RECIPIENT_FIELDS: readonly string[] = [
  'original-recipient',
  'final-recipient',
  'action',
  'status',
  'remote-mta',
  'diagnostic-code',
  'localized-diagnostic',
  'last-attempt-date',
  'final-log-id',
  'will-retry-until',
]

/** @internal */
export const ACTIONS: readonly string[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded']
