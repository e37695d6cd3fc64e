/** The Received-SPF field, written and read: RFC 7208 section 9.1. Out of scope: Authentication-Results. */

import { ATEXT } from '@posthorn/core'
import { fault } from './error.ts'
import type { SpfResult, SpfVerdict } from './verdict.ts'

/** How {@link formatReceivedSpf} writes. */
export interface FormatReceivedSpfOptions {
  /** The name of the host that checked. */
  readonly receiver: string
  /** Writes UTF-8 as it is, for a message of RFC 6532; default `false`: what is not US-ASCII becomes `?`. */
  readonly unicode?: boolean
}

/** A Received-SPF field as a value. */
export interface ReceivedSpf {
  /** The result. */
  readonly result: SpfResult
  /** What stands in the parentheses behind it; absent when there are none. */
  readonly comment?: string
  /** The pairs, in order; keys in small letters. */
  readonly pairs: readonly ReceivedSpfPair[]
}

/** One pair of a Received-SPF field. */
export interface ReceivedSpfPair {
  /** As `client-ip`, `envelope-from`, `helo`, `identity`, `mechanism`, `problem` or `receiver`. */
  readonly key: string
  /** Its value, without quotes. */
  readonly value: string
}

// A line of a message has at most 998 octets, of which one character of UTF-8 may take three: RFC 5322 section 2.1.1.
const MAX_VALUE = 300
const DOT_ATOM = new RegExp(`^[${ATEXT}]+(?:\\.[${ATEXT}]+)*$`)

/**
 * Writes the field that tells of a verdict; it goes on top of the message.
 *
 * The client chose most of what stands in it: nothing of that can end a value, a comment or the field. Controls become
 * `?`, and each value is cut at 300 characters.
 *
 * @param verdict The verdict.
 * @param options Who checked.
 * @returns The field, folded, with its CRLF.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-9.1 | RFC 7208 section 9.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 *
 * const resolver = new MemoryZone().add('example.com', 'TXT', 'v=spf1 mx -all')
 * const who = { clientAddress: '192.0.2.7', helo: 'h.example', reversePath: 'joe@example.com' }
 * const field = formatReceivedSpf(await checkHost({ ...who, resolver }), { receiver: 'mx.example.org' })
 * field.split('\r\n')[0] // 'Received-SPF: fail (mx.example.org: -all of example.com matches)'
 * parseReceivedSpf(field.slice(13)).pairs[0] // { key: 'client-ip', value: '192.0.2.7' }
 */
export function formatReceivedSpf(verdict: SpfVerdict, options: FormatReceivedSpfOptions): string {
  const { receiver, unicode = false } = options
  const { result, detail, identity, match, sender, helo, clientAddress } = verdict
  const failed = result === 'temperror' || result === 'permerror'
  const word = (value: string): string => toWord(value, unicode)
  const comment = clean(`${receiver}: ${detail}`, unicode)
  return (
    `Received-SPF: ${result} (${COMMENT_SPECIAL.test(comment) ? comment.replace(/[\\()]/g, '\\$&') : comment})\r\n` +
    ` client-ip=${word(clientAddress)};\r\n` +
    (identity === 'mailfrom' ? ` envelope-from=${word(sender)};\r\n` : '') +
    ` helo=${word(helo)};\r\n identity=${identity};\r\n receiver=${word(receiver)};\r\n` +
    (failed ? ` problem=${word(detail)}\r\n` : ` mechanism=${word(match?.text ?? 'default')}\r\n`)
  )
}

const COMMENT_SPECIAL = /[\\()]/

const PLAIN = /^[ -~]*$/

function clean(text: string, unicode: boolean): string {
  if (text.length <= MAX_VALUE && PLAIN.test(text)) return text
  const short = text.slice(0, MAX_VALUE).replace(/[\ud800-\udbff]$/, '')
  const safe = short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Cs}]/gu, '?')
  return unicode ? safe : safe.replace(/[^\x20-\x7e]/gu, '?')
}

// key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
function toWord(text: string, unicode: boolean): string {
  if (text.length <= MAX_VALUE && DOT_ATOM.test(text)) return text
  return `"${clean(text, unicode).replace(/[\\"]/g, '\\$&')}"`
}

const RESULT = /(pass|fail|softfail|neutral|none|temperror|permerror)(?![A-Za-z])/iy
const KEY = /[A-Za-z][A-Za-z0-9_.-]*/y
const VALUE = new RegExp(`"((?:[^"\\\\\\r\\n]|\\\\[^\\r\\n])*)"|([${ATEXT}]+(?:\\.[${ATEXT}]+)*)`, 'y')
const SPACE = /(?:[ \t]|\r\n(?=[ \t]))+/y

/**
 * Parses the body of a Received-SPF field.
 *
 * Only a field of one's own is worth anything: whoever sent the message may have written any other.
 *
 * @param text What stands behind the colon, folded or not.
 * @returns The result, the comment behind it, and the pairs.
 * @throws {MailError} `SPF_BAD_FIELD` with the place of the fault as its `offset`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-9.1 | RFC 7208 section 9.1}
 * @example
 * parseReceivedSpf(' pass (good) helo=h.example') // { result: 'pass', comment: 'good', pairs: [{ key: 'helo', value: 'h.example' }] }
 */
export function parseReceivedSpf(text: string): ReceivedSpf {
  const scanner = new Scanner(text)
  scanner.space()
  const result = scanner.take(RESULT)[1]!.toLowerCase() as SpfResult
  const comment = scanner.space()
  const pairs: ReceivedSpfPair[] = []
  while (!scanner.done) {
    const key = scanner.take(KEY)[0].toLowerCase()
    scanner.space()
    scanner.take(/=/y)
    scanner.space()
    const [, quoted, atom] = scanner.take(VALUE)
    pairs.push({ key, value: atom ?? quoted!.replace(/\\(.)/gu, '$1') })
    scanner.space()
    if (!scanner.done) scanner.take(/;/y)
    scanner.space()
  }
  return { result, ...(comment === undefined ? {} : { comment }), pairs }
}

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text.endsWith('\r\n') ? text.slice(0, -2) : text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** Takes what a sticky pattern finds here. */
  take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (!match) throw this.#fault()
    this.#at = pattern.lastIndex
    return match
  }

  /** Skips white space and comments; gives the first comment. */
  space(): string | undefined {
    let first: string | undefined
    while (!this.done) {
      if (this.#text[this.#at] === '(') {
        const comment = this.#comment()
        first ??= comment
      } else if (/[ \t\r]/.test(this.#text[this.#at]!)) this.take(SPACE)
      else break
    }
    return first
  }

  #comment(): string {
    let depth = 0
    let content = ''
    for (; !this.done; this.#at++) {
      const character = this.#text[this.#at]!
      if (character === '\\' && this.#at + 1 < this.#text.length) content += this.#text[++this.#at]
      else if (character === '(' && depth++ > 0) content += character
      else if (character === ')' && --depth > 0) content += character
      else if (character === ')') {
        this.#at++
        return content
      } else if (character !== '(') content += character
    }
    throw this.#fault()
  }

  #fault(): Error {
    return fault('SPF_BAD_FIELD', this.#text.slice(this.#at), { section: '9.1', offset: this.#at })
  }
}
