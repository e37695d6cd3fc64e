/**
 * The incremental reader of SMTP replies: RFC 5321 section 4.2, RFC 2034. Bytes in, replies out.
 * What it tolerates is named in its options and told in each reply; all else is one terminal error.
 */

import { clip, decodeUtf8, encodeLatin1, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'
import type { Reply, ReplyAnomaly } from './reply.ts'
import type { EnhancedStatus } from './status.ts'
import { type TextLine, TextLines } from './text-lines.ts'

/** The limits and tolerances of a {@link ReplyParser}. */
export interface ReplyParserOptions {
  /** Most octets of a line, CRLF counted; default 4,096, as servers overrun the 512 of RFC 5321. */
  readonly maxLineLength?: number
  /** Most octets of a reply; default 65,536, which no known server comes near. */
  readonly maxReplyLength?: number
  /** Most lines of a reply; default 128, several times the longest known EHLO reply. */
  readonly maxLines?: number
  /** Deviations to take, each told in the reply; default none. Text that is not UTF-8 comes with U+FFFD in it. */
  readonly tolerate?: readonly ReplyAnomaly[]
}

/** What {@link ReplyParser.next} gives out: a reply, or the error after which nothing more comes. */
export type ReplyEvent =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'error'; readonly error: MailError<ReplyErrorCode> }

// textstring = 1*(%d09 / %d32-126)                ; UTF-8 too, after SMTPUTF8 (RFC 6531 section 3.7.4.2)
const NOT_TEXTSTRING = /[^\t -~]/
const CONTROL = /[\0-\x08\n-\x1f\x7f]/

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
  readonly #lines: TextLines
  readonly #maxReplyLength: number
  readonly #maxLines: number
  readonly #tolerate: ReadonlySet<ReplyAnomaly>
  #code = 0
  #texts: string[] = []
  #size = 0
  #anomalies: Set<ReplyAnomaly> | undefined
  #failed = false

  /** @param options Limits and tolerances. */
  constructor(options: ReplyParserOptions = {}) {
    this.#lines = new TextLines(options.maxLineLength ?? 4096)
    this.#maxReplyLength = options.maxReplyLength ?? 65_536
    this.#maxLines = options.maxLines ?? 128
    this.#tolerate = new Set(options.tolerate)
  }

  /** Whether a part of a reply, or a reply not yet taken, waits. */
  get pending(): boolean {
    return this.#lines.waiting || this.#texts.length > 0
  }

  /**
   * Adds octets, which are copied.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    if (!this.#failed) this.#lines.push(bytes)
  }

  /** Gives out the next reply or the terminal error; `undefined` until there is more input. */
  next(): ReplyEvent | undefined {
    if (this.#failed) return undefined
    try {
      for (let line = this.#lines.next(); line; line = this.#lines.next()) {
        const reply = this.#add(line)
        if (reply) return { type: 'reply', reply }
      }
      return undefined
    } catch (error) {
      if (!(error instanceof MailError)) throw error
      this.#failed = true
      return { type: 'error', error }
    }
  }

  // Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
  #add({ text: line, ending }: TextLine): Reply | undefined {
    this.#size += line.length + 2
    if (ending === 'none') throw fault('REPLY_LINE_TOO_LONG', 'Cannot read reply: a line is too long')
    if (this.#size > this.#maxReplyLength) throw fault('REPLY_TOO_LONG', 'Cannot read reply: it is too long')
    if (this.#texts.length >= this.#maxLines) throw fault('REPLY_TOO_MANY_LINES', 'Cannot read reply: too many lines')
    if (ending === 'lf') this.#deviate('bare-lf', 'REPLY_BARE_LF', 'Cannot read reply: a line ends with a bare LF')
    const separator = line[3] ?? ' '
    if (line.length < 3 || (separator !== ' ' && separator !== '-')) {
      throw fault('REPLY_BAD_LINE', `Cannot read reply line "${clip(line)}"`)
    }
    const code = this.#parseCode(line)
    // RFC 5321 section 4.2.1: the code is the same on each line.
    if (this.#texts.length > 0 && code !== this.#code) {
      throw fault('REPLY_CODE_MISMATCH', `Cannot read reply: code ${this.#code} goes on with ${code}`)
    }
    this.#code = code
    const text = line.slice(4)
    this.#texts.push(NOT_TEXTSTRING.test(text) ? this.#parseText(text) : text)
    return separator === '-' ? undefined : this.#finish()
  }

  // Reply-code = %x32-35 %x30-35 %x30-39
  #parseCode(line: string): number {
    const [first, second, third] = [digitAt(line, 0), digitAt(line, 1), digitAt(line, 2)]
    if (first < 2 || first > 5 || second < 0 || third < 0) {
      throw fault('REPLY_BAD_CODE', `Cannot read reply line "${clip(line)}": its code is none`)
    }
    if (second > 5) this.#deviate('unknown-code', 'REPLY_BAD_CODE', 'Cannot read reply: the second digit is over 5')
    return first * 100 + second * 10 + third
  }

  #parseText(text: string): string {
    if (CONTROL.test(text)) throw fault('REPLY_BAD_TEXT', `Cannot read reply text "${clip(text)}": it has a control`)
    this.#deviate('eight-bit', 'REPLY_EIGHT_BIT', 'Cannot read reply: its text is not US-ASCII')
    const octets = encodeLatin1(text)
    // HAZARD: C1 controls and line separators steer a terminal or cut a line of a log; they become U+FFFD.
    return decodeUtf8(octets).replace(/[\u0080-\u009f\u2028\u2029]/g, '\ufffd')
  }

  #deviate(anomaly: ReplyAnomaly, code: ReplyErrorCode, message: string): void {
    if (!this.#tolerate.has(anomaly)) throw fault(code, message)
    this.#anomalies ??= new Set()
    this.#anomalies.add(anomaly)
  }

  #finish(): Reply {
    const [code, texts, anomalies] = [this.#code, this.#texts, this.#anomalies]
    this.#texts = []
    this.#size = 0
    this.#anomalies = undefined
    const enhanced = statusOf(code, texts[0]!)
    const lines = enhanced ? texts.map((text) => withoutStatus(text, enhanced.text)) : texts
    const reply: Reply = enhanced ? { code, lines, enhanced: enhanced.status } : { code, lines }
    return anomalies ? { ...reply, anomalies: [...anomalies] } : reply
  }
}

function digitAt(line: string, index: number): number {
  const digit = line.charCodeAt(index) - 48
  return digit <= 9 ? digit : -1
}

// RFC 2034 section 4: text = status-code SP text; another class than the reply's is plain text.
const LEADING_STATUS = /^([245])\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?= |$)/

function statusOf(code: number, text: string): { status: EnhancedStatus; text: string } | undefined {
  if (text[1] !== '.') return undefined
  const match = LEADING_STATUS.exec(text)
  if (!match || Number(match[1]) !== Math.floor(code / 100)) return undefined
  const status = { class: Number(match[1]) as 2 | 4 | 5, subject: Number(match[2]), detail: Number(match[3]) }
  return { status, text: match[0] }
}

function withoutStatus(text: string, status: string): string {
  if (text === status) return ''
  return text.startsWith(`${status} `) ? text.slice(status.length + 1) : text
}

function fault(code: ReplyErrorCode, message: string): MailError<ReplyErrorCode> {
  return new MailError(code, message, { spec: 'rfc5321#section-4.2' })
}
