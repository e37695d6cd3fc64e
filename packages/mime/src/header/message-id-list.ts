/**
 * Identifiers as they are received, in Message-ID, In-Reply-To, References, Content-ID and Resent-Message-ID: RFC 5322
 * section 3.6.4, with the obsolete forms of section 4.5.4. Writing them is in `message-id.ts`.
 */

import { ATEXT, findControl } from '@posthorn/core'
import { isSpecial } from '../address/addr-spec.ts'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'
import { writtenOf } from '../syntax/token-text.ts'

/** The limits of {@link readMessageIds}. */
export interface ReadMessageIdsOptions {
  /** Most identifiers; default 1,000, beyond the longest threads. */
  readonly maxIds?: number
}

/** The identifiers of a field, and what is doubtful in it. */
export interface MessageIdsReading {
  /** Each in angle brackets, in order, without blanks and comments. */
  readonly ids: readonly string[]
  /** What was doubted; offsets are UTF-16 units of the text given. */
  readonly defects: readonly Defect[]
}

const UTF8 = '\\u00a0-\\u{10ffff}'
const DOT_ATOM = /* @__PURE__ */ (() => `[${ATEXT}${UTF8}]+(?:\\.[${ATEXT}${UTF8}]+)*`)()
// msg-id = "<" id-left "@" id-right ">"
const STRICT = /* @__PURE__ */ (() => new RegExp(`^<${DOT_ATOM}@(?:${DOT_ATOM}|\\[[!-Z^-~]*\\])>$`, 'u'))()

/**
 * Reads the identifiers of a field. It never fails: words between them are passed over, an identifier of any form is
 * kept as it is written, as those who refer to it wrote it, and each doubt is a defect.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits.
 * @returns The identifiers, and the defects.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4 | RFC 5322 section 3.6.4}
 * @example
 * readMessageIds('<a@x.example>\r\n <b@x.example>').ids // ['<a@x.example>', '<b@x.example>']
 * readMessageIds('a@x.example')
 * // { ids: ['<a@x.example>'], defects: [{ code: 'missing-brackets', start: 0, end: 11 }] }
 */
export function readMessageIds(text: string, options: ReadMessageIdsOptions = {}): MessageIdsReading {
  return new MessageIdsReader(text, options).read()
}

class MessageIdsReader {
  readonly #defects = new DefectList()
  readonly #scanner: Scanner
  readonly #maxIds: number
  readonly #trimmedLength: number
  readonly #ids: string[] = []
  // What stands outside brackets, and in them.
  #bare: Token[] = []
  #inside: Token[] | undefined

  constructor(text: string, { maxIds = 1000 }: ReadMessageIdsOptions) {
    this.#scanner = new Scanner(text, this.#defects, { unclosed: 'stray' })
    this.#maxIds = maxIds
    this.#trimmedLength = text.trim().length
  }

  read(): MessageIdsReading {
    const { end } = this.#scanner
    for (let token = this.#scanner.next(); token; token = this.#scanner.next()) {
      if (this.#ids.length >= this.#maxIds) {
        this.#defects.add('id-limit', { start: token.start, end })
        return this.#reading()
      }
      if (this.#inside) this.#takeInside(token, this.#inside)
      else this.#takeBare(token)
    }
    this.#finishBare()
    if (this.#inside) {
      this.#defects.add('unclosed-bracket', { start: end, end })
      this.#finish(this.#inside)
    }
    return this.#reading()
  }

  #reading(): MessageIdsReading {
    return { ids: this.#ids, defects: this.#defects.defects }
  }

  #takeInside(token: Token, inside: Token[]): void {
    if (isSpecial(token, '>')) this.#finish(inside)
    else if (!isSpecial(token, '<')) inside.push(token)
    else if (inside.length === 0) this.#defects.add('doubled-brackets', token)
    else {
      this.#defects.add('unclosed-bracket', token)
      this.#finish(inside)
      this.#inside = []
    }
  }

  #takeBare(token: Token): void {
    if (isSpecial(token, '<')) {
      this.#finishBare()
      this.#inside = []
    } else if (isSpecial(token, '>')) this.#defects.add('doubled-brackets', token)
    else if (isSpecial(token, ',')) {
      this.#finishBare()
      this.#defects.add('stray-character', token)
    } else {
      if (token.spaced) this.#finishBare()
      this.#bare.push(token)
    }
  }

  #finish(inside: readonly Token[]): void {
    this.#inside = undefined
    const { position } = this.#scanner
    const range = { start: inside[0]?.start ?? position - 1, end: inside.at(-1)?.end ?? position - 1 }
    const id = `<${inside.map(writtenOf).join('')}>`
    if (inside.slice(1).some((token) => token.spaced)) this.#defects.add('obsolete-spacing', range)
    if (!STRICT.test(id)) this.#defects.add('bad-id', range)
    this.#add(id)
  }

  // obs-in-reply-to = "In-Reply-To" *WSP ":" *(phrase / msg-id) CRLF ; an "@" makes a word an identifier
  #finishBare(): void {
    const bare = this.#bare
    if (bare.length === 0) return
    this.#bare = []
    const range = { start: bare[0]!.start, end: bare.at(-1)!.end }
    const isAlone = range.end - range.start === this.#trimmedLength
    if (!isAlone && !bare.some((token) => isSpecial(token, '@'))) {
      this.#defects.add('trailing-text', range)
      return
    }
    const id = `<${bare.map(writtenOf).join('')}>`
    this.#defects.add('missing-brackets', range)
    if (!STRICT.test(id)) this.#defects.add('bad-id', range)
    this.#add(id)
  }

  #add(id: string): void {
    if (id !== '<>' && findControl(id) < 0) this.#ids.push(id)
  }
}
