/** What a server tells of a line of its client in a transcript: the line as it came, without what may be a secret. */

import { redactCommandLine } from '@posthorn/command'
import { decodeLatin1, decodeUtf8, isUtf8, type Line } from '@posthorn/core'
import type { TranscriptEntry } from './transcript.ts'

/**
 * The entry of a command line.
 *
 * @internal
 */
export function receivedEntry({ bytes }: Line): TranscriptEntry {
  return { type: 'command', text: redactCommandLine(isUtf8(bytes) ? decodeUtf8(bytes) : decodeLatin1(bytes)) }
}
