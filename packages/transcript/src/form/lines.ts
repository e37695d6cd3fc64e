/** The lines of our own form of a transcript, as values: docs/transcript-form.md. */

import type { SessionEnd } from '@posthorn/smtp'
import type { AuthState, NoteEvent, Peer, Perspective, Phase, RecipientOutcome, TlsState } from '../session.ts'

/** What the first member of a header says. */
export const FORM = 'posthorn'

/** The version that is written, and the highest that is understood. */
export const VERSION = 1

/** The first line of a session. */
export interface FormHeader {
  readonly transcript: typeof FORM
  readonly version: number
  readonly perspective: Perspective
  readonly protocol: 'smtp' | 'lmtp'
  readonly client: Peer
  readonly server: Peer
  readonly startedAt?: number | undefined
  /** What a log tells that has no dialogue to show it. */
  readonly tls?: TlsState | undefined
  readonly authentication?: AuthState | undefined
}

/** What stands on each line of an event. */
interface FormEventBase {
  /** Its number in the session. */
  readonly n: number
  readonly at?: number | undefined
  /** The part of the session, where there is no dialogue to show it. */
  readonly phase?: Phase | undefined
}

/** A line of an event; what is undefined is not written. */
export type FormEvent = FormEventBase &
  (
    | {
        readonly type: 'command'
        readonly text: string
        /** The verb, where the text does not show it. */
        readonly verb?: string | undefined
        readonly inferred?: true | undefined
        /** What came of the recipient, where the replies do not tell. */
        readonly outcome?: RecipientOutcome | undefined
        readonly enhanced?: string | undefined
        readonly decidedBy?: number | undefined
      }
    | { readonly type: 'credentials' }
    | {
        readonly type: 'reply'
        readonly code: number
        readonly enhanced?: string | undefined
        readonly lines: readonly string[]
        readonly answers?: number | undefined
      }
    | {
        readonly type: 'message'
        readonly octets?: number | undefined
        readonly framing?: 'DATA' | 'BDAT' | undefined
        readonly complete: boolean
        readonly seen?: true | undefined
      }
    | {
        readonly type: 'tls'
        readonly failed?: true | undefined
        readonly version?: string | undefined
        readonly cipher?: string | undefined
        readonly verifiedBy?: string | undefined
        readonly serverName?: string | undefined
        readonly text?: string | undefined
      }
    | { readonly type: 'note'; readonly kind: NoteEvent['kind']; readonly text: string }
    | {
        readonly type: 'close'
        readonly reason: SessionEnd | 'unknown'
        readonly error?: string | undefined
        readonly text?: string | undefined
      }
  )

/** Writes the first line of a session; `session` tells the lines of several in one file apart. */
export function headerLine({ client, server, ...header }: FormHeader, session?: string): string {
  const { transcript, version, perspective, protocol, ...rest } = header
  const ends = { client: endOf(client), server: endOf(server) }
  return JSON.stringify({ transcript, version, session, perspective, protocol, ...ends, ...rest })
}

function endOf({ name, address, port }: Peer): Record<string, unknown> {
  return { name, address, port }
}

/** Writes the line of an event. */
export function eventLine({ n, type, at, ...members }: FormEvent, session?: string): string {
  return JSON.stringify({ session, n, type, at, ...members })
}

/** The words for what has none of its own. */
export const CLOSE_TEXTS: Readonly<Record<SessionEnd | 'unknown', string>> = {
  quit: 'Connection closed',
  'server-closed': 'Connection closed by the server',
  dropped: 'Connection closed by the client',
  timeout: 'The client timed out',
  unknown: 'Connection closed',
}

/** The words for TLS that has none of its own. */
export function tlsText(version: string | undefined, cipher: string | undefined): string {
  if (!version) return 'TLS started'
  return cipher ? `TLS started with cipher ${version}:${cipher}` : `TLS started with ${version}`
}
