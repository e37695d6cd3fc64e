/** Explains one session. All that does so is loaded when it is first asked for. */

import type { SourceRange, TranscriptSession } from '../session.ts'
import type { Finding } from './finding.ts'

/** What {@link explain} knows beside the session. */
export interface ExplainOptions {
  /** Where usable secrets stand in the log of the session: `secrets` of a transcript of one session; default: none. */
  readonly secrets?: readonly SourceRange[]
}

/**
 * Explains a session: what went wrong, what that comes from, who must act, and what to do.
 *
 * The first cause is on top. What only follows from it, as 503 after a refused MAIL, is one finding that names the cause.
 * Then come other errors, warnings and what is worth knowing. Each refusal is explained by the catalogue, which is loaded only where
 * there is one; refusals of one cause are one finding.
 *
 * Nothing of the log comes out but codes, counts, keywords, and what {@link ReplyExplanation} has. No session that `parseTranscript`
 * gives makes it fail; it rejects only where a part that is loaded late cannot be had.
 *
 * @param session The session.
 * @param options What is known beside it.
 * @returns The findings; none where there is nothing to say.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 | RFC 5321 section 4.2.1}
 * @example
 * const log = 'C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<c@d.example>\nS: 550 5.1.1 User unknown\nC: DATA\nS: 503 no'
 * const [cause, effect] = await explain(parseTranscript(log).sessions[0]!)
 * cause?.what // 'The server refused a recipient: 550 5.1.1'
 * effect?.id // 'consequence'
 */
export async function explain(session: TranscriptSession, options: ExplainOptions = {}): Promise<readonly Finding[]> {
  const { findingsOf } = await import('./findings.ts')
  return findingsOf(session, { secrets: options.secrets ?? [], isAcceptedLater: () => false, explanations: new Map() })
}
