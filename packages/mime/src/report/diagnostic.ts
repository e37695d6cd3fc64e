/**
 * What a server said of a recipient: Diagnostic-Code of RFC 3464 section 2.3.6, of type `smtp` by RFC 3461 section 9.2. A
 * reply of several lines stands there line by line, or in one line, folded or not.
 */

import { blankControls } from '../syntax/character.ts'
import { formatStatusCode, leadingStatus, type StatusCode } from './status-code.ts'
import { badValue, checkType, cutType, type Doubt } from './typed-value.ts'

/** A reply of an SMTP server, of the shape that `classifyReply` of `@posthorn/reply` takes. */
export interface DiagnosticReply {
  /** The three digits, 200 to 599. */
  readonly code: number
  /** The text of each line, without code, separator and enhanced status code. */
  readonly lines: readonly string[]
  /** The enhanced status code of the first line, where it is of the class of `code`. */
  readonly enhanced?: StatusCode
}

/** What a server said, in its own terms. */
export interface Diagnostic {
  /** Of what kind it is, in lower case: `smtp`, or another, as `x-postfix`. */
  readonly type: string
  /** All of it as one line, with one blank where there are several. */
  readonly text: string
  /** The same taken apart, where it is of type `smtp` and begins with the code of a reply. */
  readonly reply?: DiagnosticReply
}

// RFC 5321 section 4.5.3.1.5, with room for its type.
const MAX_LINE = 512
const CODE = /^([2-5]\d\d)(?:([ -])|$)/

/**
 * Gives a reply as the diagnostic of a report.
 *
 * @param reply What a server answered, as `@posthorn/smtp` has it in errors.
 * @returns The diagnostic of type `smtp`.
 * @throws {MailError} `MIME_BAD_REPORT` for a code that is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3461#section-9.2 | RFC 3461 section 9.2}
 * @example
 * smtpDiagnostic({ code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user', 'Sorry'] }).text
 * // '550-5.1.1 No such user 550 5.1.1 Sorry'
 */
export function smtpDiagnostic(reply: DiagnosticReply): Diagnostic {
  const lines = linesOfReply(reply)
  return { type: 'smtp', text: lines.join(' '), reply: readReply(lines)! }
}

function linesOfReply({ code, lines, enhanced }: DiagnosticReply): string[] {
  if (!CODE.test(String(code))) throw badValue(String(code), 'it is no code of a reply', 'rfc5321#section-4.2')
  const status = enhanced ? `${formatStatusCode(enhanced)} ` : ''
  const texts = lines.length > 0 ? lines : ['']
  return texts.map((line, index) => {
    const clean = tidy(line)
    return `${code}${index < texts.length - 1 ? '-' : ' '}${status}${clean}`.trimEnd()
  })
}

/**
 * Reads the value of a field from its lines.
 *
 * @internal
 */
export function readDiagnostic(lines: readonly string[], doubt: Doubt): Diagnostic {
  const clean = lines.map(tidy)
  const typed = cutType(clean[0] ?? '')
  if (!typed) doubt('missing-type')
  const texts = [typed?.value ?? clean[0] ?? '', ...clean.slice(1)].filter((line) => line !== '')
  const text = texts.join(' ')
  const reply = (typed?.type ?? 'smtp') === 'smtp' ? readReply(texts) : undefined
  const type = typed?.type ?? (reply ? 'smtp' : 'unknown')
  return { type, text, ...(reply && { reply }) }
}

/**
 * Gives the lines that a diagnostic is written in, behind the name of its field.
 *
 * @internal
 */
export function diagnosticLines({ type, text, reply }: Diagnostic): string[] {
  checkType(type)
  if (type.toLowerCase() !== 'smtp' || !reply || reply.lines.length < 2) return [`${type}; ${text}`]
  const lines = linesOfReply(reply)
  const isWhole = lines.join(' ') === text && lines.every((line) => line.length <= MAX_LINE)
  return isWhole ? [`${type}; ${lines[0]}`, ...lines.slice(1)] : [`${type}; ${text}`]
}

// Where a line is folded there are any number of blanks, so that none counts but the first.
function tidy(line: string): string {
  return blankControls(line).replace(/ {2,}/g, ' ').trim()
}

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
function readReply(texts: readonly string[]): DiagnosticReply | undefined {
  const match = CODE.exec(texts[0] ?? '')
  if (!match) return undefined
  const code = match[1]!
  const cut = cutByLine(texts, code) ?? cutInLine(texts.join(' '), code)
  const enhanced = enhancedOf(cut[0]!, code)
  const lines = cut.map((line) => withoutStatus(line, code))
  return { code: Number(code), lines, ...(enhanced && { enhanced }) }
}

// Where each line of the reply begins a line of the field; nothing where the last is not to be seen.
function cutByLine(texts: readonly string[], code: string): string[] | undefined {
  const lines: string[][] = []
  let isOpen = true
  for (const text of texts) {
    const begins: RegExpExecArray | null = isOpen && text.startsWith(code) ? CODE.exec(text) : null
    if (begins) {
      lines.push([text.slice(4)])
      isOpen = begins[2] === '-'
    } else lines.at(-1)!.push(text)
  }
  return isOpen ? undefined : lines.map((parts) => parts.join(' '))
}

// As one line: while a hyphen follows the code, the next code that stands alone begins a line.
function cutInLine(text: string, code: string): string[] {
  const lines: string[] = []
  const next = new RegExp(` ${code}(?:([ -])|$)`, 'g')
  let from = 4
  for (let isOpen = text.charAt(3) === '-'; isOpen; ) {
    next.lastIndex = from - 1
    const match = next.exec(text)
    if (!match) break
    lines.push(text.slice(from, match.index))
    from = match.index + 5
    isOpen = match[1] === '-'
  }
  return [...lines, text.slice(from)]
}

// Some write "#5.1.1".
function enhancedOf(line: string, code: string): StatusCode | undefined {
  const status = leadingStatus(line.trimStart().replace(/^#/, ''))?.status
  return status && String(status.class) === code[0] ? status : undefined
}

function withoutStatus(line: string, code: string): string {
  const text = line.trim()
  if (!enhancedOf(text, code)) return text
  const start = text.startsWith('#') ? 1 : 0
  return text.slice(start + leadingStatus(text.slice(start))!.length).trimStart()
}
