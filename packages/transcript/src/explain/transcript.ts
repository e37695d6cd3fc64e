/** Explains all sessions of a text, and what only they together tell: where secrets stand, and what a later one delivers. */

import type { ReplyExplanation } from '../catalogue/explain.ts'
import type { SourceRange, Transcript, TranscriptSession } from '../session.ts'
import type { Finding } from './finding.ts'

/**
 * Explains the sessions of a transcript.
 *
 * It tells what {@link explain} tells of each, and where the log shows usable secrets, and which recipients that were put off a
 * later session of the same text delivers to.
 *
 * @param transcript What `parseTranscript` gives.
 * @returns The findings of each session, in the order of the sessions.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6647 | RFC 6647}, for what is put off and comes back
 * @example
 * const [[finding] = []] = await explainTranscript(parseTranscript('C: AUTH PLAIN AGFubgBzZWNyZXQx\nS: 235 ok'))
 * finding?.id // 'credentials-visible'
 * finding?.places?.[0]?.line // 1
 */
export async function explainTranscript(transcript: Transcript): Promise<readonly (readonly Finding[])[]> {
  const { findingsOf } = await import('./findings.ts')
  const { sessions } = transcript
  const secrets = secretsOf(transcript)
  const last = lastDeliveries(sessions)
  const explanations = new Map<string, ReplyExplanation>()
  return Promise.all(
    sessions.map((session, i) =>
      findingsOf(session, {
        secrets: secrets[i] ?? [],
        explanations,
        isAcceptedLater: (address) => (last.get(address.toLowerCase()) ?? -1) > i,
      }),
    ),
  )
}

// The last session that delivers to each address
function lastDeliveries(sessions: readonly TranscriptSession[]): Map<string, number> {
  const last = new Map<string, number>()
  for (const [i, { transactions }] of sessions.entries()) {
    for (const { address, outcome } of transactions.flatMap(({ recipients }) => recipients)) {
      if (outcome === 'accepted') last.set(address.toLowerCase(), i)
    }
  }
  return last
}

// Sessions may be interleaved: a secret is of the session that has an event on its line, else of the last that began before it
function secretsOf({ sessions, secrets }: Transcript): SourceRange[][] {
  const owners = new Map<number, number>()
  const starts: number[] = []
  for (const [i, { events }] of sessions.entries()) {
    const lines = events.flatMap(({ source }) => (source ? [source.line] : []))
    for (const line of lines) owners.set(line, i)
    starts.push(lines[0] ?? 0)
  }
  const all: SourceRange[][] = sessions.map(() => [])
  let before = 0
  for (const secret of secrets) {
    while ((starts[before + 1] ?? Infinity) <= secret.line) before++
    all[owners.get(secret.line) ?? before]?.push(secret)
  }
  return all
}
