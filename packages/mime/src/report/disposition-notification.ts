/** What a mail user agent tells of what became of a message: RFC 8098 section 3, RFC 6533 section 5. */

import type { ParsedField } from '../parse/fields.ts'
import type { ReportDefect } from './defect.ts'
import type { ReportField } from './field-group.ts'
import type { MtaName, TypedAddress } from './typed-value.ts'

/** What became of a message, and who made it so. */
export interface MessageDisposition {
  /** Whether someone did it, or a rule. */
  readonly action: 'manual' | 'automatic'
  /** Whether someone allowed that it be told, or a setting. */
  readonly sending: 'manual' | 'automatic'
  /** What was done; when it is read, also another word, in lower case. */
  readonly type: 'displayed' | 'deleted' | 'dispatched' | 'processed' | (string & Record<never, never>)
  /** In lower case: `error`, or others that are registered. */
  readonly modifiers: readonly string[]
}

/** What became of one message for one recipient. */
export interface DispositionNotification {
  /** The program that tells it, and what it is made of. */
  readonly reportingUa?: { readonly name: string; readonly product?: string }
  /** The gateway that translated the notification of another mail system. */
  readonly gateway?: MtaName
  /** The recipient as the sender gave it. */
  readonly originalRecipient?: TypedAddress
  /** The recipient; required. */
  readonly finalRecipient?: TypedAddress
  /** The identifier of the message, in angle brackets; required where it has one. */
  readonly originalMessageId?: string
  /** What became of it; required. */
  readonly disposition?: MessageDisposition
  /** What is to be said of an error. */
  readonly errors: readonly string[]
  /** Further fields, in order. */
  readonly extensions: readonly ReportField[]
}

/** A {@link DispositionNotification} to be written, without lists where there is nothing in them. */
export type DispositionNotificationInput = Omit<DispositionNotification, 'disposition' | 'errors' | 'extensions'> & {
  /** What became of it; required. */
  readonly disposition?: Omit<MessageDisposition, 'modifiers'> & Partial<Pick<MessageDisposition, 'modifiers'>>
  /** What is to be said of an error. */
  readonly errors?: readonly string[]
  /** Further fields, in order. */
  readonly extensions?: readonly ReportField[]
}

/** A disposition notification as it was received, and what is doubtful in it. */
export interface DispositionNotificationReading {
  /** What it says. */
  readonly notification: DispositionNotification
  /** Every field as it stands there. */
  readonly fields: readonly ParsedField[]
  /** What was doubted. */
  readonly defects: readonly ReportDefect[]
}

/** @internal */
export const NOTIFICATION_FIELDS: readonly string[] = [
  'reporting-ua',
  'mdn-gateway',
  'original-recipient',
  'final-recipient',
  'original-message-id',
  'disposition',
  'error',
]

/** @internal */
export const DISPOSITION_TYPES: readonly string[] = ['displayed', 'deleted', 'dispatched', 'processed']
