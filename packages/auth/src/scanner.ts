/** Reads the words of an Authentication-Results field one after another, each character a bounded number of times. */

import { fault, quoted } from './error.ts'
import {
  BLANKS,
  COMMENT_TEXT,
  DIGITS,
  isDomainName,
  KEYWORD,
  LOCAL_PART,
  QUOTED_PAIR,
  QUOTED_TEXT,
  TOKEN,
} from './grammar.ts'

/**
 * A place in the text, and what is read from there on.
 *
 * @internal
 */
export class Scanner {
  readonly #text: string
  readonly #maxCommentDepth: number
  #at = 0

  constructor(text: string, maxCommentDepth: number) {
    this.#text = text
    this.#maxCommentDepth = maxCommentDepth
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  /** The character that comes next. */
  get next(): string | undefined {
    return this.#text[this.#at]
  }

  fail(expected: string): never {
    const found = this.isAtEnd ? 'the end' : quoted(this.#text.slice(this.#at, this.#at + 20))
    const message = `read results: ${found} stands where ${expected} should`
    throw fault('AUTH_BAD_FIELD', { message, section: '2.2', offset: this.#at })
  }

  /** Takes a character if it is next. */
  takes(character: string): boolean {
    if (this.next !== character) return false
    this.#at++
    return true
  }

  expect(character: string): void {
    if (!this.takes(character)) this.fail(quoted(character))
  }

  /** Skips blanks and comments; tells whether there were any. */
  skip(): boolean {
    const start = this.#at
    while (this.#match(BLANKS) !== undefined || this.#comment());
    return this.#at > start
  }

  keyword(): string {
    return (this.#match(KEYWORD) ?? this.fail('a keyword')).toLowerCase()
  }

  /** Reads a version, if there is one. */
  version(): number {
    const digits = this.#match(DIGITS) ?? this.fail('a version')
    return digits.length <= 9 ? Number(digits) : this.fail('a version of nine digits at most')
  }

  /** Reads a token or a string in quotes. */
  value(): string {
    if (this.next === '"') return this.#string()
    return this.#match(TOKEN) ?? this.fail('a value')
  }

  /** Reads the value of a property, which may be an address. */
  propertyValue(): string {
    const start = this.#at
    if (this.next === '"') {
      const value = this.#string()
      if (!this.takes('@')) return value
    } else if (this.#match(LOCAL_PART) === undefined) return this.value()
    const local = unfold(this.#text.slice(start, this.#at))
    const domain = this.#match(TOKEN) ?? ''
    return isDomainName(domain) ? local + domain : this.fail('a domain')
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #string(): string {
    this.expect('"')
    let value = ''
    for (;;) {
      const text = this.#match(QUOTED_TEXT)
      const pair = text === undefined ? this.#match(QUOTED_PAIR) : undefined
      if (text !== undefined) value += unfold(text)
      else if (pair !== undefined) value += unfold(pair.slice(1))
      else break
    }
    this.expect('"')
    return value
  }

  #comment(): boolean {
    if (!this.takes('(')) return false
    let depth = 1
    while (depth > 0) {
      if (this.takes('(')) depth++
      else if (this.takes(')')) depth--
      else if ((this.#match(COMMENT_TEXT) ?? this.#match(QUOTED_PAIR)) === undefined) this.fail('the end of a comment')
      if (depth > this.#maxCommentDepth) this.fail('a comment less deep')
    }
    return true
  }
}

// A tab is a blank like any other: a value that is read can be written again.
function unfold(text: string): string {
  return text.replaceAll('\r\n', '').replaceAll('\t', ' ')
}
