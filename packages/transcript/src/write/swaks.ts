/** Writes a session as swaks does, which every reader of logs knows. */

import type { Reply } from '@posthorn/reply'
import { tlsText } from '../form/lines.ts'
import { replyLines } from '../reply-text.ts'
import type { NoteEvent, TranscriptEvent, TranscriptSession } from '../session.ts'
import { isChunk } from '../session-kind.ts'
import { oneLine } from './one-line.ts'

const FAILURES: ReadonlySet<NoteEvent['kind']> = new Set(['error', 'timeout', 'tls-failed'])

/**
 * Writes a session in the style of swaks. Commands that the log does not have are left out, as are times; the text of a message
 * stands as its number of octets.
 *
 * @param session The session, of any format.
 * @returns The lines, each with its line ending.
 * @example
 * import { parseTranscript } from '@posthorn/transcript'
 * const [session] = parseTranscript('S: 220 mx.example.net\nC: MAIL FROM:<a@b.example>\nS: 550 5.7.1 no').sessions
 * formatSwaks(session!).split('\n') // ['<-  220 mx.example.net', ' -> MAIL FROM:<a@b.example>', '<** 550 5.7.1 no', '']
 */
export function formatSwaks(session: TranscriptSession): string {
  const lines = session.events.flatMap((event) => linesOf(event, session))
  return [...lines.map(oneLine), ''].join('\n')
}

function linesOf(event: TranscriptEvent, session: TranscriptSession): string[] {
  const sent = event.secure ? ' ~> ' : ' -> '
  switch (event.type) {
    case 'command':
      return event.inferred ? [] : [sent + event.text]
    case 'credentials':
      return [`${sent}***`]
    case 'reply':
      return replyLines(event.reply).map((line) => markOf(event.secure, event.reply) + line)
    case 'message': {
      const size = event.octets === undefined ? [] : [`${sent}${event.octets} octets sent`]
      return isChunk(session, event.index) ? [] : [...size, ...(event.complete ? [`${sent}.`] : [])]
    }
    default:
      return [`${FAILURES.has(event.kind) ? '***' : '==='} ${wordsOf(event, session)}`]
  }
}

// Only the words of swaks say to every reader what TLS is
function wordsOf({ kind, text }: NoteEvent, { tls: { version, cipher } }: TranscriptSession): string {
  if (kind === 'tls-started' && !text.startsWith('TLS started')) return tlsText(version, cipher)
  return kind === 'closed' && !/connection/i.test(text) ? `Connection closed: ${text}` : text
}

function markOf(secure: boolean, { code }: Reply): string {
  if (secure) return code >= 400 ? '<~* ' : '<~  '
  return code >= 400 ? '<** ' : '<-  '
}
