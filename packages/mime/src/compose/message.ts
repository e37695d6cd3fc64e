/** What {@link compose} takes: a message as its writer means it, nothing encoded. */

import type { AddressInput } from '../address/address.ts'

/** A message to compose. */
export interface MessageInput {
  /** Who wrote it; several need a `sender`. */
  readonly from: AddressInput | readonly AddressInput[]
  /** Who sends it, when that is not the one who wrote it; reports of failure go there. */
  readonly sender?: AddressInput
  /** Where answers go; default: to `from`. */
  readonly replyTo?: AddressInput | readonly AddressInput[]
  /** Whom it is for. */
  readonly to?: AddressInput | readonly AddressInput[]
  /** Who gets a copy. */
  readonly cc?: AddressInput | readonly AddressInput[]
  /** Who gets a copy that the others do not see: in the envelope, never in the message. */
  readonly bcc?: AddressInput | readonly AddressInput[]
  /** What it is about. */
  readonly subject?: string
  /** When it was written; default: now. */
  readonly date?: Date
  /** Its identifier in angle brackets; default: a random one at the domain of the first author. */
  readonly messageId?: string
  /** The identifier, in angle brackets, of the message that it answers. */
  readonly inReplyTo?: string
  /** The identifiers of the thread, in angle brackets, oldest first. */
  readonly references?: readonly string[]
  /** The body as plain text. */
  readonly text?: string
  /** The body as HTML. */
  readonly html?: string
  /** Files that go along. */
  readonly attachments?: readonly Attachment[]
  /** Further fields of text, in order, after those that the other properties make. */
  readonly headers?: readonly HeaderInput[]
}

/** A further field of the header. */
export interface HeaderInput {
  /** The field name, as `X-Mailer`. */
  readonly name: string
  /** The text as it is meant. */
  readonly value: string
}

/** A file that goes along with a message, or an image within its HTML. */
export interface Attachment {
  /** The name to store it under; it is only a hint. */
  readonly filename?: string
  /** The media type, which may have parameters; default `text/plain` for a string, else `application/octet-stream`. */
  readonly contentType?: string
  /** Octets, which arrive as they are; or text, which is sent as UTF-8, its lines ended by CRLF if the type is text. */
  readonly content: string | Uint8Array
  /** What follows `cid:` in the HTML that shows it, without angle brackets. */
  readonly contentId?: string
  /** Whether to list it or to show it; default `inline` if it has a `contentId` and there is HTML, else `attachment`. */
  readonly disposition?: 'attachment' | 'inline'
}
