/**
 * The structure of a value with parameters as it is received: RFC 2045 section 5.1. It finds where each parameter is
 * and undoes quotes; nothing is decoded.
 */

import type { DefectCode, DefectList } from '../syntax/defect.ts'
import { Scanner, type Token } from '../syntax/scanner.ts'

/**
 * A parameter as it is written.
 *
 * @internal
 */
export interface RawParameter {
  /** In lower case, asterisks included. */
  readonly name: string
  /** Without quotes and folding. */
  readonly value: string
  readonly quoted: boolean
  readonly start: number
  readonly end: number
}

interface RawValue {
  readonly value: string
  readonly quoted: boolean
  readonly end: number
}

const OPEN = 40
const BLANK = /[ \t\r\n]/
// A word that reaches over what would be structure; a semicolon ends even that.
const WORD = /=\?[^?\s;]+\?[BbQq]\?[^?;]*\?=/y
const FOLD = /\r\n(?=[ \t])/g

/**
 * Lower case of US-ASCII alone, as other letters have no case in tokens.
 *
 * @internal
 */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * Reads what stands before the parameters, and then these.
 *
 * @internal
 */
export class ParameterScanner {
  readonly text: string
  readonly defects: DefectList
  readonly #scanner: Scanner
  #held: Token | undefined
  #parenthesesAreText = false
  #told = 0

  constructor(text: string, defects: DefectList) {
    this.text = text
    this.defects = defects
    this.#scanner = new Scanner(text, defects, { grammar: 'rfc2045' })
  }

  /** The tokens up to a semicolon, the end, or what begins a parameter: the first four, and where the last ends. */
  takeHead(): { readonly tokens: readonly Token[]; readonly end: number } {
    const tokens: Token[] = []
    let end = 0
    for (let token = this.#nextNoComment(); token; token = this.#nextNoComment()) {
      if (isSpecial(token, ';') || this.#isAttribute(token)) {
        this.#held = token
        break
      }
      if (tokens.length < 4) tokens.push(token)
      end = token.end
    }
    return { tokens, end }
  }

  /** All parameters, at most so many. */
  takeParameters(max: number): RawParameter[] {
    const parameters: RawParameter[] = []
    for (let token = this.#passSeparators(); token; token = this.#passSeparators()) {
      if (parameters.length >= max) {
        this.defects.add('parameter-limit', { start: token.start, end: this.text.length })
        break
      }
      const parameter = this.#parameter(token)
      if (parameter) parameters.push(parameter)
    }
    return parameters
  }

  #next(): Token | undefined {
    const held = this.#held
    this.#held = undefined
    if (held) return held
    if (this.#parenthesesAreText) return this.#nextWithoutComments()
    const token = this.#scanner.nextOfAll()
    if (token?.type !== 'comment') return token
    if (!this.#isTold('unclosed-comment', token)) return token
    // HAZARD: a parenthesis that nothing closes would hide all that follows; from here on they are characters.
    this.#parenthesesAreText = true
    this.#scanner.position = token.start
    return { ...this.#scanner.special(), spaced: token.spaced }
  }

  #isTold(code: DefectCode, { start }: Token): boolean {
    return this.defects.defects.slice(-2).some((defect) => defect.code === code && defect.start === start)
  }

  #nextWithoutComments(): Token | undefined {
    const scanner = this.#scanner
    const start = scanner.position
    while (BLANK.test(this.text.charAt(scanner.position))) scanner.position++
    const spaced = scanner.position > start
    const isOpen = this.text.charCodeAt(scanner.position) === OPEN
    const token = isOpen ? scanner.special() : scanner.nextOfAll()
    return token && { ...token, spaced: spaced || token.spaced }
  }

  #nextNoComment(): Token | undefined {
    let token = this.#next()
    while (token?.type === 'comment') token = this.#next()
    return token
  }

  // Whether a token begins a parameter where a semicolon lacks; "=?" begins a word instead.
  #isAttribute({ type, start, end, spaced }: Token): boolean {
    return type === 'atom' && (spaced || start === 0) && this.text[end] === '=' && this.#wordAt(end) === undefined
  }

  #wordAt(start: number): number | undefined {
    WORD.lastIndex = start
    return WORD.test(this.text) ? WORD.lastIndex : undefined
  }

  #passSeparators(): Token | undefined {
    let token = this.#nextNoComment()
    if (token && !isSpecial(token, ';')) this.defects.add('missing-semicolon', { start: token.start, end: token.start })
    let last: Token | undefined
    for (; token && isSpecial(token, ';'); token = this.#nextNoComment()) {
      if (last) this.defects.add('empty-parameter', { start: last.start, end: token.start })
      last = token
    }
    if (last && !token) this.defects.add('empty-parameter', { start: last.start, end: this.text.length })
    return token
  }

  #parameter(token: Token): RawParameter | undefined {
    const next = token.type === 'atom' ? this.#nextNoComment() : undefined
    if (!next || !isSpecial(next, '=')) {
      this.#held = next
      const { end } = this.takeHead()
      this.defects.add('bad-parameter', { start: token.start, end: Math.max(end, token.end) })
      return undefined
    }
    if (next.spaced) this.defects.add('obsolete-spacing', { start: token.end, end: next.start })
    const { value, quoted, end } = this.#value(next.end)
    if (value === '') this.defects.add('empty-value', { start: token.start, end })
    return { name: lowerCase(token.value), value, quoted, start: token.start, end }
  }

  #value(start: number): RawValue {
    const first = this.#next()
    if (first?.type === 'quoted-string') {
      if (first.spaced) this.defects.add('obsolete-spacing', { start, end: first.start })
      return this.#quotedValue(first)
    }
    this.#held = first
    return this.#bareValue(start)
  }

  #quotedValue(token: Token): RawValue {
    const { start, end } = token
    const inner = this.text.slice(start + 1, end - 1)
    // A backslash alone is what some write for itself.
    const kept = inner.replace(FOLD, '').replace(/\\(["\\])/g, '$1')
    if (this.#isTold('unclosed-quoted-string', token)) {
      this.defects.add(
        'unclosed-value',
        { start, end },
        this.text
          .slice(start + 1, end)
          .split(';', 1)[0]!
          .trimEnd(),
      )
    } else if (kept !== token.value) this.defects.add('odd-escape', { start, end }, kept)
    const after = this.takeHead().end
    if (after > end) this.defects.add('trailing-text', { start: end, end: after }, this.text.slice(start, after))
    return { value: token.value, quoted: true, end }
  }

  // Comments about the value are none of it; what is inside of it is.
  #bareValue(from: number): RawValue {
    let first: Token | undefined
    let end = from
    let rawEnd = from
    for (let token = this.#next(); token; token = this.#next()) {
      if (isSpecial(token, ';') || this.#isAttribute(token)) {
        if (first && !isSpecial(token, ';')) this.#tellWhole(first, token)
        this.#held = token
        break
      }
      rawEnd = this.#passWord(token)
      if (token.type === 'comment') continue
      first ??= token
      end = rawEnd
    }
    if (!first) return { value: '', quoted: false, end: rawEnd }
    this.#tellBare(first, { from, end, rawEnd })
    return { value: this.text.slice(first.start, end).replace(FOLD, ''), quoted: false, end }
  }

  #passWord(token: Token): number {
    const end = isSpecial(token, '=') ? this.#wordAt(token.start) : undefined
    if (end === undefined) return token.end
    this.#scanner.position = end
    return end
  }

  // Once for what is up to one semicolon, lest the same text be told many times over.
  #tellWhole(first: Token, next: Token): void {
    if (first.start < this.#told) return
    const stop = this.text.indexOf(';', next.start)
    const whole = this.text.slice(first.start, stop < 0 ? undefined : stop).trimEnd()
    this.#told = first.start + whole.length
    this.defects.add('unquoted-value', { start: first.start, end: first.start + whole.length }, whole)
  }

  #tellBare(first: Token, { from, end, rawEnd }: { from: number; end: number; rawEnd: number }): void {
    const { text, defects } = this
    const { start } = first
    const before = text.slice(from, start)
    if (before.includes('(') || rawEnd > end) {
      defects.add('comment-in-value', { start, end }, text.slice(from, rawEnd).trim())
    } else if (before !== '') defects.add('obsolete-spacing', { start: from, end: start })
    if (first.type === 'atom' && first.end < end) defects.add('unquoted-value', { start, end }, first.value)
    else if (first.end < end && this.#wordAt(start) !== end) defects.add('unquoted-value', { start, end })
  }
}

/**
 * Tells whether a token is this character.
 *
 * @internal
 */
export function isSpecial(token: Token | undefined, character: string): boolean {
  return token?.type === 'special' && token.value === character
}
