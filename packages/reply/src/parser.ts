/**
 * The incremental reader of SMTP replies: RFC 5321 section 4.2, RFC 2034. Bytes in, replies out.
 * What it tolerates is named in its options and told in each reply; all else is one terminal error.
 */

import { clip, decodeLatin1, decodeUtf8, encodeLatin1, MailError } from '@posthorn/core'
import type { ReplyErrorCode } from './error.ts'
import type { Reply, ReplyAnomaly } from './reply.ts'
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

// textstring = 1*(%d09 / %d32-126)                ; UTF-8 too, after SMTPUTF8 (RFC 6531 section 3.7.4.2)
const NOT_TEXTSTRING = /[^\t -~]/
const NOT_LINES = /[^\t\r\n -~]/
const CONTROL = /[\0-\x08\n-\x1f\x7f]/

const CR = 13
const SPACE = 32
const HYPHEN = 45
const DOT = 46
const ZERO = 48

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
  // What has come and is not read, one character an octet, so that nothing is decoded yet; and whether it is textstring
  // and line endings alone.
  #chunk = ''
  #start = 0
  #clean = true
  // The start of a line whose end has not come; it is not looked at again before then.
  #head = ''
  #code = 0
  #texts: string[] = []
  #status: StatusText | undefined
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
    return this.#start < this.#chunk.length || this.#head !== '' || this.#texts.length > 0
  }

  /**
   * Adds octets, which are copied.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    if (this.#failed) return
    const text = decodeLatin1(bytes)
    const rest = this.#start < this.#chunk.length ? this.#chunk.slice(this.#start) : ''
    this.#clean = (this.#clean || (rest === '' && this.#head === '')) && !NOT_LINES.test(text)
    this.#chunk = rest + text
    this.#start = 0
  }

  /** Gives out the next reply or the terminal error; `undefined` until there is more input. */
  next(): ReplyEvent | undefined {
    if (this.#failed) return undefined
    try {
      for (let lf = this.#findEnd(); lf >= 0; lf = this.#findEnd()) {
        const reply = this.#readLine(lf)
        if (reply) return { type: 'reply', reply }
      }
      return undefined
    } catch (error) {
      if (!(error instanceof MailError)) throw error
      this.#failed = true
      return { type: 'error', error }
    }
  }

  // Where the next line ends; -1 when its end has not come.
  #findEnd(): number {
    const chunk = this.#chunk
    const start = this.#start
    if (start === chunk.length) return -1
    const lf = chunk.indexOf('\n', start)
    // The line ending counts, so a line that lacks it has one octet less.
    if (this.#head.length + (lf < 0 ? chunk.length : lf) - start >= this.#maxLineLength) {
      throw fault('REPLY_LINE_TOO_LONG', 'Cannot read reply: a line is too long')
    }
    if (lf < 0) {
      this.#head += chunk.slice(start)
      this.#start = chunk.length
    }
    return lf
  }

  #readLine(lf: number): Reply | undefined {
    const start = this.#start
    this.#start = lf + 1
    if (this.#head === '') return this.#add(this.#chunk, start, lf)
    const line = this.#head + this.#chunk.slice(start, lf)
    this.#head = ''
    return this.#add(line, 0, line.length)
  }

  // Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
  #add(source: string, start: number, lf: number): Reply | undefined {
    const crlf = lf > start && source.charCodeAt(lf - 1) === CR
    const end = crlf ? lf - 1 : lf
    this.#size += end - start + 2
    if (this.#size > this.#maxReplyLength) throw fault('REPLY_TOO_LONG', 'Cannot read reply: it is too long')
    if (this.#texts.length >= this.#maxLines) throw fault('REPLY_TOO_MANY_LINES', 'Cannot read reply: too many lines')
    if (!crlf) this.#deviate('bare-lf', 'REPLY_BARE_LF', 'Cannot read reply: a line ends with a bare LF')
    const separator = end > start + 3 ? source.charCodeAt(start + 3) : SPACE
    if (end < start + 3 || (separator !== SPACE && separator !== HYPHEN)) {
      throw fault('REPLY_BAD_LINE', `Cannot read reply line "${clip(source.slice(start, end))}"`)
    }
    this.#takeCode(source, start, end)
    if (this.#texts.length === 0) this.#status = statusAt(source, start + 4, end, this.#code)
    const textStart = start + 4 + this.#statusLength(source, start + 4, end)
    const text = end > textStart ? source.slice(textStart, end) : ''
    if (end <= start + 4) this.#note('missing-text')
    this.#texts.push(this.#clean && !text.includes('\r') ? text : this.#checkText(text))
    return separator === HYPHEN ? undefined : this.#finish()
  }

  // How much of a line is its enhanced status code, with the space behind it.
  #statusLength(source: string, start: number, end: number): number {
    const status = this.#status
    if (!status || !source.startsWith(status.text, start)) return 0
    const behind = start + status.text.length
    if (behind === end) return status.text.length
    return source.charCodeAt(behind) === SPACE ? status.text.length + 1 : 0
  }

  // Reply-code = %x32-35 %x30-35 %x30-39
  #takeCode(source: string, start: number, end: number): void {
    const first = source.charCodeAt(start) - ZERO
    const second = source.charCodeAt(start + 1) - ZERO
    const third = source.charCodeAt(start + 2) - ZERO
    if (first < 0 || first > 9 || second < 0 || second > 9 || third < 0 || third > 9) {
      throw fault('REPLY_BAD_CODE', `Cannot read reply line "${clip(source.slice(start, end))}": its code is none`)
    }
    if (first < 2 || first > 5) {
      const message = `Cannot read reply line "${clip(source.slice(start, end))}": its first digit is not 2 to 5`
      this.#deviate('unknown-class', 'REPLY_BAD_CODE', message)
    }
    if (second > 5) this.#deviate('unknown-code', 'REPLY_BAD_CODE', 'Cannot read reply: the second digit is over 5')
    const code = first * 100 + second * 10 + third
    // RFC 5321 section 4.2.1: the code is the same on each line.
    if (code !== this.#code && this.#texts.length > 0) {
      const message = `Cannot read reply: code ${this.#code} goes on with ${code}`
      this.#deviate('code-mismatch', 'REPLY_CODE_MISMATCH', message)
    }
    this.#code = code
  }

  #checkText(text: string): string {
    if (!NOT_TEXTSTRING.test(text)) return text
    if (CONTROL.test(text)) {
      this.#deviate('control', 'REPLY_BAD_TEXT', `Cannot read reply text "${clip(text)}": it has a control`)
    }
    if (!/[\x80-\xff]/.test(text)) return text.replace(CONTROLS, '\ufffd')
    this.#deviate('eight-bit', 'REPLY_EIGHT_BIT', 'Cannot read reply: its text is not US-ASCII')
    const octets = encodeLatin1(text)
    // HAZARD: controls and line separators steer a terminal or cut a line of a log; they become U+FFFD.
    return decodeUtf8(octets).replace(CONTROLS, '\ufffd')
  }

  // Tells of what is well-formed, and worth telling to whoever asked for it.
  #note(anomaly: ReplyAnomaly): void {
    if (this.#tolerate !== 'all' && !this.#tolerate.has(anomaly)) return
    this.#anomalies ??= new Set()
    this.#anomalies.add(anomaly)
  }

  #deviate(anomaly: ReplyAnomaly, code: ReplyErrorCode, message: string): void {
    if (this.#tolerate !== 'all' && !this.#tolerate.has(anomaly)) throw fault(code, message)
    this.#note(anomaly)
  }

  #finish(): Reply {
    const [code, lines, anomalies, status] = [this.#code, this.#texts, this.#anomalies, this.#status]
    this.#texts = []
    this.#size = 0
    this.#anomalies = undefined
    this.#status = undefined
    const reply: Reply = status ? { code, lines, enhanced: status.value } : { code, lines }
    return anomalies ? { ...reply, anomalies: [...anomalies] } : reply
  }
}

const CONTROLS = /[\0-\x08\n-\x1f\x7f-\u009f\u2028\u2029]/g

interface StatusText {
  readonly value: EnhancedStatus
  readonly text: string
}

// RFC 2034 section 4: text = status-code SP text; another class than the reply's is plain text.
function statusAt(source: string, start: number, end: number, code: number): StatusText | undefined {
  if (source.charCodeAt(start + 1) !== DOT) return undefined
  const kind = source.charCodeAt(start) - ZERO
  if (kind !== Math.floor(code / 100) || kind === 3 || kind < 2 || kind > 5) return undefined
  const dot = digitsEnd(source, start + 2)
  const last = source.charCodeAt(dot) === DOT ? digitsEnd(source, dot + 1) : 0
  if (dot === start + 2 || last <= dot + 1 || last > end) return undefined
  if (last < end && source.charCodeAt(last) !== SPACE) return undefined
  const value = {
    class: kind as 2 | 4 | 5,
    subject: numberIn(source, start + 2, dot),
    detail: numberIn(source, dot + 1, last),
  }
  return { value, text: source.slice(start, last) }
}

// Where one to three digits without a leading zero end; the start when there are none.
function digitsEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === ZERO) return start + 1
  let at = start
  while (at < start + 3 && text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= ZERO + 9) at++
  return at
}

function numberIn(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + text.charCodeAt(at) - ZERO
  return number
}

function fault(code: ReplyErrorCode, message: string): MailError<ReplyErrorCode> {
  return new MailError(code, message, { spec: 'rfc5321#section-4.2' })
}
