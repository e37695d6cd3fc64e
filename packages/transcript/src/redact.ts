/** Logs that can be shown to others: what somebody could log in with is masked, and all else stays as it is. */

import { decoded } from './dialogue/secret.ts'
import { splitLines } from './import/split.ts'
import { limitsOf, type ParseTranscriptOptions, parseTranscript } from './parse.ts'
import type { SourceRange } from './session.ts'

/** What {@link redact} gives. */
export interface RedactedText {
  /** The text, as long as it was. */
  readonly text: string
  /** Where usable secrets stood, in order: whoever wrote the log has to change them. */
  readonly secrets: readonly SourceRange[]
}

// What is shorter stands for too much else in a text.
const MIN_ECHO = 6

/**
 * Masks what somebody could log in with: Base64 of AUTH, responses of a SASL exchange, passwords in settings and URLs, tokens, and
 * where any of them stands once more.
 *
 * Each character becomes an asterisk, and white space stays, so that lines and columns are where they were. What lies beyond the
 * limits has not been looked at, and is masked as a whole.
 *
 * @param text The log.
 * @param options Limits.
 * @returns The text to show, and where the secrets stood.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4954#section-4 | RFC 4954 section 4}
 * @example
 * const { text, secrets } = redact(' -> AUTH PLAIN AGFubgBzZWNyZXQx\n<-  235 ok\n -> MAIL FROM:<ann@a.example>')
 * text.split('\n')[0] // ' -> AUTH PLAIN ****************'
 * secrets[0]?.line // 1
 */
export function redact(text: string, options: ParseTranscriptOptions = {}): RedactedText {
  const { secrets } = parseTranscript(text, options)
  const { maxLength, maxLines } = limitsOf(options)
  const { end } = splitLines(text.slice(0, maxLength), maxLines)
  const pieces: string[] = []
  let at = 0
  for (const range of secrets) {
    const start = Math.max(at, range.start)
    pieces.push(text.slice(at, start), mask(text.slice(start, range.end)))
    at = Math.max(at, range.end)
  }
  const seen = pieces.join('') + text.slice(at, end)
  const echoes = new Set(secrets.flatMap((range) => echoesOf(text.slice(range.start, range.end))))
  return { text: maskAll(seen, echoes) + mask(text.slice(end)), secrets }
}

function mask(text: string): string {
  return text.replace(/\S/g, '*')
}

// RFC 4616 section 2: the password is what stands behind the last NUL; of LOGIN it is all, as the name is, which is an address
function echoesOf(secret: string): readonly string[] {
  const trimmed = secret.trim()
  const clear = decoded(trimmed) ?? ''
  const token = /bearer ([^\s\x01]+)/i.exec(clear)?.[1]
  const password = clear.slice(clear.lastIndexOf('\0') + 1)
  const isName = /[@\x01]/.test(password) && !clear.includes('\0')
  return [trimmed, ...(isName ? [] : [password]), token ?? ''].filter((echo) => echo.length >= MIN_ECHO)
}

// Each is sought in the whole text.
const MAX_ECHOES = 256

function maskAll(text: string, echoes: ReadonlySet<string>): string {
  return [...echoes].slice(0, MAX_ECHOES).reduce((masked, echo) => masked.replaceAll(echo, mask), text)
}
