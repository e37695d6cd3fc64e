/** Logs of SMTP to sessions, whatever wrote them. */

import { SecretCollector } from './dialogue/secret.ts'
import type { ReadSessions } from './dialogue/sessions.ts'
import { isForm, readForm } from './form/read.ts'
import { detectFormat } from './formats/format.ts'
import { readFormat } from './framing/read.ts'
import { type Line, rangeOf } from './import/line.ts'
import { splitLines } from './import/split.ts'
import { unwrapLines } from './import/unwrap.ts'
import type { SourceRange, Transcript, TranscriptSession } from './session.ts'

/** Limits of {@link parseTranscript}. */
export interface ParseTranscriptOptions {
  /**
   * How many UTF-16 units of the text are read; default 8 Mi, more than anybody pastes, and some seconds of work. The rest is
   * one range of what is unexplained.
   */
  readonly maxLength?: number
  /** How many lines are read; default 200,000, which bounds the memory for events. The rest is unexplained too. */
  readonly maxLines?: number
}

const MAX_LENGTH = 8 * 1024 * 1024
const MAX_LINES = 200_000

/**
 * Reads a log as the SMTP or LMTP sessions in it.
 *
 * The log can be of any tool, of several sessions, of one side only, quoted, coloured, copied from a page. Who speaks is learned
 * from what is said, and not from marks, whose meaning differs from tool to tool. Nothing is an error: what is not understood
 * is listed. Passwords, tokens and message text are left out wherever they are recognised.
 *
 * @param text The log.
 * @param options Limits.
 * @returns The sessions, what was not understood, and where secrets stand.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-3 | RFC 5321 section 3}
 * @example
 * const { sessions } = parseTranscript('C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<c@d.example>\nS: 550 5.1.1 who?')
 * sessions[0]?.transactions[0]?.recipients[0]?.outcome // 'rejected'
 */
export function parseTranscript(text: string, options: ParseTranscriptOptions = {}): Transcript {
  const { maxLength, maxLines } = limitsOf(options)
  const read = text.length > maxLength ? text.slice(0, maxLength) : text
  const { lines: source, end } = splitLines(read, maxLines)
  const rest = end < text.length ? [restOf(text, source.length + 1, end)] : []
  const secrets = new SecretCollector()
  const { sessions, unexplained } = isForm(read) ? readForm(source, secrets) : readTools(source, secrets)
  return {
    sessions: sessions.sort(byStart),
    unexplained: [...unexplained.filter(isFull).map(rangeOf).sort(inOrder), ...rest],
    secrets: secrets.ranges.sort(inOrder),
  }
}

function readTools(source: readonly Line[], secrets: SecretCollector): ReadSessions {
  const lines = unwrapLines(source)
  return readFormat(lines, detectFormat(lines.map((line) => line.text)), secrets)
}

export function limitsOf({
  maxLength = MAX_LENGTH,
  maxLines = MAX_LINES,
}: ParseTranscriptOptions): Required<ParseTranscriptOptions> {
  return { maxLength, maxLines }
}

function isFull({ text }: Line): boolean {
  return text.trim() !== ''
}

function inOrder(a: SourceRange, b: SourceRange): number {
  return a.start - b.start || a.end - b.end
}

function byStart(a: TranscriptSession, b: TranscriptSession): number {
  return startOf(a) - startOf(b)
}

function startOf({ events }: TranscriptSession): number {
  return events.find(({ source }) => source)?.source?.start ?? 0
}

function restOf(text: string, line: number, start: number): SourceRange {
  return { line, lastLine: line + text.slice(start).split('\n').length - 1, start, end: text.length }
}
