/**
 * The incremental reader of SMTP replies: RFC 5321 section 4.2, RFC 2034. Bytes in, replies out.
 * What it tolerates is named in its options and told in each reply; all else is one terminal error.
 */

import { decodeLatin1, decodeUtf8, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'
import type { Reply, ReplyAnomaly } from './reply.ts'
import { codeAt, fault, faultsOf, isClean, isDigitAt, readable, statusAt, statusLength } from './reply-line.ts'
import type { EnhancedStatus } from './status.ts'

/** The limits and tolerances of a {@link ReplyParser}. */
export interface ReplyParserOptions {
  /** Most octets of a line, CRLF counted; default 4,096, as servers overrun the 512 of RFC 5321. */
  readonly maxLineLength?: number
  /** Most octets of a reply; default 65,536, which no known server comes near. */
  readonly maxReplyLength?: number
  /** Most lines of a reply; default 128, several times the longest known EHLO reply. */
  readonly maxLines?: number
  /**
   * Deviations to take, each told in the reply, or `all` of them, as a reader of logs needs; default none. Text that is
   * not UTF-8 comes with U+FFFD in it.
   */
  readonly tolerate?: readonly ReplyAnomaly[] | 'all'
}

/** What {@link ReplyParser.next} gives out: a reply, or the error after which nothing more comes. */
export type ReplyEvent =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'error'; readonly error: MailError<ReplyErrorCode> }

const CR = 13
const SPACE = 32
const HYPHEN = 45

// The enhanced status code of a reply whose first line is not read; -1 stands for none.
const UNREAD = -2

/**
 * Reads replies from octets that may be split anywhere.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.2 | RFC 5321 section 4.2}
 * @example
 * const parser = new ReplyParser()
 * parser.push(new TextEncoder().encode('250-mx.example\r\n250 SIZ'))
 * parser.next() // undefined
 * parser.push(new TextEncoder().encode('E 1000\r\n'))
 * parser.next() // { type: 'reply', reply: { code: 250, lines: ['mx.example', 'SIZE 1000'] } }
 */
export class ReplyParser {
  readonly #maxLineLength: number
  readonly #maxReplyLength: number
  readonly #maxLines: number
  readonly #tolerate: ReadonlySet<ReplyAnomaly> | 'all'
  // What has come and is not read, one character an octet; and whether it is textstring and line endings alone.
  #chunk = ''
  #start = 0
  #clean = true
  // The start of a line whose end has not come; it is not looked at again before then.
  #head = ''
  // The reply that has begun: its code, its enhanced status code as `statusAt` gives it, its texts and its octets.
  #code = -1
  #status = -1
  #lines: string[] | undefined
  #size = 0
  #anomalies: Set<ReplyAnomaly> | undefined
  #failed = false

  /** @param options Limits and tolerances. */
  constructor(options: ReplyParserOptions = {}) {
    this.#maxLineLength = options.maxLineLength ?? 4096
    this.#maxReplyLength = options.maxReplyLength ?? 65_536
    this.#maxLines = options.maxLines ?? 128
    this.#tolerate = options.tolerate === 'all' ? 'all' : new Set(options.tolerate)
  }

  /** Whether a part of a reply, or a reply not yet taken, waits. */
  get pending(): boolean {
    const begun = this.#lines !== undefined || this.#anomalies !== undefined
    return begun || this.#start < this.#chunk.length || this.#head !== ''
  }

  /**
   * Adds octets, which are copied.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    if (this.#failed) return
    const clean = isClean(bytes)
    const text = clean ? decodeUtf8(bytes) : decodeLatin1(bytes)
    const rest = this.#start < this.#chunk.length ? this.#chunk.slice(this.#start) : ''
    this.#clean = clean && (this.#clean || (rest === '' && this.#head === ''))
    this.#chunk = rest === '' ? text : rest + text
    this.#start = 0
  }

  /** Gives out the next reply or the terminal error; `undefined` until there is more input. */
  next(): ReplyEvent | undefined {
    if (this.#failed) return undefined
    try {
      while (this.#start < this.#chunk.length) {
        const start = this.#start
        const lf = this.#chunk.indexOf('\n', start)
        this.#checkLength(lf)
        if (lf < 0) return this.#keepHead()
        this.#start = lf + 1
        const reply = this.#head === '' ? this.#readLine(this.#chunk, start, lf) : this.#readTail(start, lf)
        if (reply) return { type: 'reply', reply }
      }
      return undefined
    } catch (error) {
      if (!(error instanceof MailError)) throw error
      this.#failed = true
      return { type: 'error', error }
    }
  }

  // The line ending counts, so a line that lacks it has one octet less.
  #checkLength(lf: number): void {
    const end = lf < 0 ? this.#chunk.length : lf
    if (this.#head.length + end - this.#start >= this.#maxLineLength) {
      throw fault('REPLY_LINE_TOO_LONG', 'a line is too long')
    }
  }

  #keepHead(): undefined {
    this.#head += this.#chunk.slice(this.#start)
    this.#start = this.#chunk.length
  }

  #readTail(start: number, lf: number): Reply | undefined {
    const line = this.#head + this.#chunk.slice(start, lf)
    this.#head = ''
    return this.#readLine(line, 0, line.length)
  }

  // Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
  #readLine(source: string, start: number, lf: number): Reply | undefined {
    const end = this.#textEnd(source, start, lf)
    const code = codeAt(source, start)
    const separator = end > start + 3 ? source.charCodeAt(start + 3) : SPACE
    if (end < start + 3 || code < 0 || (separator !== SPACE && separator !== HYPHEN)) {
      return this.#readOddLine(source, start, end, code)
    }
    if (code !== this.#code) this.#takeCode(code, source, start, end)
    const status = statusAt(source, start + 4, end)
    if (this.#status === UNREAD) this.#status = status
    // The status code of the first line goes from each line that has it.
    const textStart = start + 4 + (status < 0 || status !== this.#status ? 0 : statusLength(status) + 1)
    if (end <= start + 4) this.#note('missing-text')
    this.#addText(end > textStart ? source.slice(textStart, end) : '')
    return separator === HYPHEN ? undefined : this.#finish()
  }

  // Where a line ends without its line ending, whose octets are counted.
  #textEnd(source: string, start: number, lf: number): number {
    const crlf = lf > start && source.charCodeAt(lf - 1) === CR
    let end = crlf ? lf - 1 : lf
    this.#size += end - start + 2
    if (this.#size > this.#maxReplyLength) throw fault('REPLY_TOO_LONG', 'it is too long')
    if (!crlf) this.#deviate('bare-lf', 'REPLY_BARE_LF', 'a line ends with a bare LF')
    if (this.#clean || !this.#tolerates('extra-cr')) return end
    while (end > start && source.charCodeAt(end - 1) === CR) {
      this.#note('extra-cr')
      end--
    }
    return end
  }

  // A line that does not begin with a code and a space or a hyphen.
  #readOddLine(source: string, start: number, end: number, code: number): Reply | undefined {
    const line = source.slice(start, end)
    if (line === '' && this.#tolerates('blank-line')) {
      this.#note('blank-line')
      return undefined
    }
    const glued = code >= 0 && end > start + 3 && !isDigitAt(line, 3)
    if (glued && this.#tolerates('missing-separator')) {
      this.#note('missing-separator')
      if (code !== this.#code) this.#takeCode(code, source, start, end)
      this.#addText(line.slice(3))
      return this.#finish()
    }
    if (!this.#lines || glued || line === '' || !this.#tolerates('missing-code')) throw this.#badLine(line)
    this.#note('missing-code')
    this.#addText(line)
    return undefined
  }

  #badLine(line: string): MailError<ReplyErrorCode> {
    const misread = /^.{3}[ -]/.test(line) || line.length === 3
    return misread ? fault('REPLY_BAD_CODE', 'its code is none', line) : fault('REPLY_BAD_LINE', '', line)
  }

  // Reply-code = %x32-35 %x30-35 %x30-39
  #takeCode(code: number, source: string, start: number, end: number): void {
    if (code < 200 || code > 599) {
      const line = source.slice(start, end)
      this.#deviate('unknown-class', 'REPLY_BAD_CODE', 'its first digit is not 2 to 5', line)
    }
    if (code % 100 >= 60) this.#deviate('unknown-code', 'REPLY_BAD_CODE', 'the second digit is over 5')
    if (this.#lines) this.#changeCode(code)
    this.#code = code
    this.#status = UNREAD
  }

  // RFC 5321 section 4.2.1: the code is the same on each line.
  #changeCode(code: number): void {
    this.#deviate('code-mismatch', 'REPLY_CODE_MISMATCH', `code ${this.#code} goes on with ${code}`)
    if (this.#status < 0 || !this.#lines) return
    // The enhanced status code was of another code, so that it is text.
    const { class: kind, subject, detail } = statusOf(this.#code, this.#status)
    this.#lines[0] = `${kind}.${subject}.${detail} ${this.#lines[0]}`.trimEnd()
  }

  #addText(text: string): void {
    const lines = this.#lines
    const checked = this.#clean ? text : this.#checkText(text)
    if (!lines) this.#lines = [checked]
    else if (lines.length < this.#maxLines) lines.push(checked)
    else throw fault('REPLY_TOO_MANY_LINES', 'too many lines')
  }

  #checkText(text: string): string {
    const faults = faultsOf(text)
    if (faults.length === 0) return text
    if (faults.includes('control')) this.#deviate('control', 'REPLY_BAD_TEXT', 'it has a control', text)
    if (faults.includes('eight-bit')) this.#deviate('eight-bit', 'REPLY_EIGHT_BIT', 'its text is not US-ASCII')
    return readable(text)
  }

  #tolerates(anomaly: ReplyAnomaly): boolean {
    return this.#tolerate === 'all' || this.#tolerate.has(anomaly)
  }

  // Tells of what whoever reads asked for.
  #note(anomaly: ReplyAnomaly): void {
    if (!this.#tolerates(anomaly)) return
    this.#anomalies ??= new Set()
    this.#anomalies.add(anomaly)
  }

  #deviate(anomaly: ReplyAnomaly, code: ReplyErrorCode, problem: string, line?: string): void {
    if (!this.#tolerates(anomaly)) throw fault(code, problem, line)
    this.#note(anomaly)
  }

  #finish(): Reply {
    const [code, status, lines, anomalies] = [this.#code, this.#status, this.#lines!, this.#anomalies]
    this.#code = -1
    this.#status = -1
    this.#lines = undefined
    this.#size = 0
    this.#anomalies = undefined
    const reply: Reply = status < 0 ? { code, lines } : { code, lines, enhanced: statusOf(code, status) }
    return anomalies ? { ...reply, anomalies: [...anomalies] } : reply
  }
}

function statusOf(code: number, status: number): EnhancedStatus {
  const kind = Math.floor(code / 100) as 2 | 4 | 5
  return { class: kind, subject: Math.floor(status / 1000), detail: status % 1000 }
}
