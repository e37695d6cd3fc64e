/** What {@link compose} takes: a message as its writer means it, nothing encoded. */

import type { AddressInput } from '../address/address.ts'
import type { AddressGroup } from '../address/group.ts'
import type { HeaderInput } from './headers.ts'
import type { PartInput } from './leaf.ts'
import type { ListInput } from './list.ts'
import type { Part } from './part.ts'

/** People and groups of them, as a field of a message names them. */
export type PeopleInput = AddressInput | AddressGroup | readonly (AddressInput | AddressGroup)[]

/** A message to compose. */
export interface MessageInput {
  /** Who wrote it; several need a `sender`. */
  readonly from: AddressInput | readonly AddressInput[]
  /** Who sends it, when that is not the one who wrote it; reports of failure go there. */
  readonly sender?: AddressInput
  /** Where answers go; default: to `from`. */
  readonly replyTo?: PeopleInput
  /** Whom it is for. */
  readonly to?: PeopleInput
  /** Who gets a copy. */
  readonly cc?: PeopleInput
  /** Who gets a copy that the others do not see: in the envelope, in the message only with `keepBcc`. */
  readonly bcc?: PeopleInput
  /** What it is about. */
  readonly subject?: string
  /** When it was written; default: now. */
  readonly date?: Date
  /** Its identifier in angle brackets; default: a random one at the domain of the first author. */
  readonly messageId?: string
  /** The identifier, in angle brackets, of the message that it answers, or of several. */
  readonly inReplyTo?: string | readonly string[]
  /** The identifiers of the thread, in angle brackets, oldest first. */
  readonly references?: readonly string[]
  /** Who sent it on, the last first; the envelope is then that of the last. */
  readonly resent?: ResentInput | readonly ResentInput[]
  /** What a mailing list tells of itself. */
  readonly list?: ListInput
  /** Further fields, in order, after those that the other properties make. */
  readonly headers?: readonly HeaderInput[]
  /** The body as plain text. */
  readonly text?: string
  /** The body as HTML. */
  readonly html?: string
  /** The body as AMP for Email, which stands before the HTML, so that readers without it take that. */
  readonly amp?: string
  /** An invitation, or an answer to one. */
  readonly calendar?: CalendarInput
  /** Files that go along, and what the HTML shows: parts with a `contentId`, unless they are listed. */
  readonly attachments?: readonly Attachment[]
  /** The body as a tree, in place of all texts and attachments. */
  readonly body?: Part
}

/** A file that goes along with a message, or an image within its HTML, which needs a `contentId`. */
export type Attachment = PartInput

/** An invitation by RFC 6047. */
export interface CalendarInput {
  /** What it is, as `REQUEST`, `REPLY` or `CANCEL`; the same as METHOD in the content. */
  readonly method: string
  /** The iCalendar object. */
  readonly content: string
  /** The name of a file with the same content, for readers that know no invitations; default: no file. */
  readonly filename?: string
}

/** How a message was sent on: RFC 5322 section 3.6.6. */
export interface ResentInput {
  /** Who sent it on; several need a `sender`. */
  readonly from: AddressInput | readonly AddressInput[]
  /** Who did it for them. */
  readonly sender?: AddressInput
  /** Whom it is for now. */
  readonly to?: PeopleInput
  /** Who gets a copy. */
  readonly cc?: PeopleInput
  /** Who gets a copy that the others do not see. */
  readonly bcc?: PeopleInput
  /** When; default: now. */
  readonly date?: Date
  /** The identifier of this sending, in angle brackets; default: a random one at the domain of `from`. */
  readonly messageId?: string
}
