/** What one call finds of a message. */

import type { DkimVerdict } from '@posthorn/dkim'
import type { ArcVerdict } from '@posthorn/dkim/arc'
import type { DmarcVerdict } from '@posthorn/dmarc'
import type { SpfVerdict } from '@posthorn/spf'
import type { Author } from './author.ts'
import type { AuthMechanism, AuthQuery, LimitCode } from './budget.ts'
import type { AuthenticationResults } from './results.ts'

/**
 * What was not evaluated, or does not count, and why.
 *
 * - `query-limit`, `time-limit`: the DNS was not asked any more, so that a verdict is `temperror`, or of SPF `permerror`.
 * - `too-many-signatures`: signatures beyond `maxSignatures` were not looked at.
 * - `unsigned-body`: a signature that passed leaves out the end of the body (`l=`), and does not count for DMARC.
 * - `null-sender`: HELO was not checked apart, as it stands for MAIL FROM.
 * - `header-unreadable`: neither signatures, nor a chain, nor an author could be read.
 * - An author's problem: DMARC was not evaluated.
 */
export type AuthNoteCode =
  | LimitCode
  | 'null-sender'
  | 'too-many-signatures'
  | 'unsigned-body'
  | NonNullable<Author['problem']>

/** One of these. */
export interface AuthNote {
  /** What it concerns. */
  readonly mechanism: AuthMechanism | 'helo'
  /** What it is. */
  readonly code: AuthNoteCode
  /** Of which domain; absent where there is none. */
  readonly domain?: string
}

/** What was found of a message. */
export interface Authentication {
  /** Whether the client may use the domain of MAIL FROM; that of HELO where MAIL FROM is empty. */
  readonly spf: SpfVerdict
  /** Whether it may use that of HELO; absent where MAIL FROM is empty, or it was not to be checked. */
  readonly helo?: SpfVerdict
  /** One verdict for each signature, from the top. */
  readonly dkim: readonly DkimVerdict[]
  /** Whether the chain of those who passed the message on is whole. It is told, and alters nothing: DMARC knows nothing of it. */
  readonly arc: ArcVerdict
  /** Whether the author's domain stands behind the message, and what it asks for otherwise. */
  readonly dmarc: DmarcVerdict
  /** What the From field says. */
  readonly author: Author
  /** What was not evaluated, or does not count. */
  readonly notes: readonly AuthNote[]
  /** What the DNS was asked, by who asked first, and then in the order of the answers. */
  readonly queries: readonly AuthQuery[]
  /** The same as a value for `formatAuthenticationResults`; absent without `authservId`. */
  readonly authenticationResults?: AuthenticationResults
  /** The Received-SPF field, with its CRLF; absent without `authservId`. */
  readonly receivedSpf?: string
}
