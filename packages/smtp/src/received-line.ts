/** What a line of a client says: a command, a SASL response, or a mistake. RFC 5321 section 4.5.3.1, RFC 4954 section 4. */

import { type Command, type ParseCommandOptions, parseCommand } from '@posthorn/command'
import { decodeBase64, decodeLatin1, type Line, MailError } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import { replyToBadCommand, standardReply } from './standard-reply.ts'

/** Most octets of any line, CRLF counted: RFC 4954 section 4 sets it for AUTH. */
export const MAX_LINE = 12_288

// RFC 5321 section 4.5.3.1.4 asks for 512; extensions add some hundreds for each parameter.
const MAX_COMMAND = 4096

const TOLERANCES: ParseCommandOptions = { tolerate: ['domain-underscore', 'path-space'] }

/** A mistake, with the reply to it. */
interface Mistake {
  readonly reply: Reply
  /** The word that the line begins with, in upper case. */
  readonly verb?: string
}

/**
 * Reads a command.
 *
 * @internal
 */
export function readCommand(line: Line): { readonly command: Command } | Mistake {
  if (line.ending === 'none' || line.bytes.length + 2 > MAX_COMMAND) {
    const verb = verbOf(line)
    if (verb !== 'AUTH') return { reply: standardReply('tooLong'), verb }
    if (line.ending === 'none') return { reply: standardReply('authTooLong'), verb }
  }
  // RFC 5321 section 2.3.8: only CRLF ends a line.
  if (line.ending === 'lf') return { reply: standardReply('bareNewline'), verb: verbOf(line) }
  try {
    return { command: parseCommand(line.bytes, TOLERANCES) }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { reply: replyToBadCommand(error), verb: verbOf(line) }
  }
}

function verbOf({ bytes }: Line): string {
  return decodeLatin1(bytes.subarray(0, 5)).toUpperCase().trimEnd()
}

/**
 * Reads a SASL response.
 *
 * @internal
 */
export function readResponse(line: Line): { readonly data: Uint8Array } | Mistake {
  if (line.ending === 'none') return { reply: standardReply('authTooLong') }
  if (line.ending === 'lf') return { reply: standardReply('bareNewline') }
  const text = decodeLatin1(line.bytes)
  if (text === '*') return { reply: standardReply('authCancelled') }
  try {
    return { data: decodeBase64(text) }
  } catch {
    return { reply: standardReply('notBase64') }
  }
}
