/**
 * The lexer of structured header fields: RFC 5322 section 3.2 with the obsolete forms of 4.1 and 4.2, the characters of
 * RFC 6532 section 3.2, and the tokens of RFC 2045 section 5.1 as a mode. It decodes nothing but quoted pairs and
 * folding. Each token is read once, in time linear in its length, and nesting costs no stack.
 */

import { BLANK, BREAK, CONTROL, type Grammar, isWideControl, kindsOf, LETTER, SPECIAL } from './character.ts'
import type { DefectList } from './defect.ts'

/**
 * What a field is made of.
 *
 * @internal
 */
export interface Token {
  /** An atom (or a token of RFC 2045), a string in quotes, a literal in brackets, a comment, or one of the specials. */
  readonly type: 'atom' | 'quoted-string' | 'domain-literal' | 'comment' | 'special'
  /**
   * What it means: without the quotes of a string, the brackets of a literal and the outer parentheses of a comment,
   * and with quoted pairs and folding undone. Controls stay in it, also CR and LF.
   */
  readonly value: string
  /** The offset of its first character. */
  readonly start: number
  /** The offset after its last. */
  readonly end: number
  /** Whether blanks, a control or a comment stand before it. */
  readonly spaced: boolean
}

/** @internal */
export interface ScannerOptions {
  /** Which words there are; default `rfc5322`. */
  readonly grammar?: Grammar
  /** Where the lexer begins; default 0. */
  readonly start?: number
  /** Where it ends; default the end of the text. */
  readonly end?: number
  /** How deep comments may nest without being a defect; default 32. They are read to any depth. */
  readonly maxCommentDepth?: number
  /**
   * What is not closed: `rest`, it reaches to the end, by default; `stray`, its first character is a special of its own,
   * and the text goes on behind it.
   */
  readonly unclosed?: 'rest' | 'stray'
}

const UNCLOSED = {
  comment: 'unclosed-comment',
  'domain-literal': 'unclosed-literal',
  'quoted-string': 'unclosed-quoted-string',
} as const
const BACKSLASH = 92
const QUOTE = 34
const OPEN = 40
const CLOSE = 41
const OPEN_SQUARE = 91
const CLOSE_SQUARE = 93
const CR = 13
const LF = 10
// HAZARD: each opening character could have the rest of the text read again.
const MAX_STRAYS = 8

/**
 * Reads tokens one at a time.
 *
 * @internal
 */
export class Scanner {
  readonly text: string
  /** What was doubted so far, to be shared with the reader of the tokens. */
  readonly defects: DefectList
  /** The offset where the next token is looked for. */
  position: number
  readonly end: number
  readonly #kinds: Uint8Array
  readonly #grammar: Grammar
  readonly #maxCommentDepth: number
  // How often more a closing character is looked for in vain.
  #strays: number
  #spaced = false
  #comments: Token[] = []

  constructor(text: string, defects: DefectList, options: ScannerOptions = {}) {
    this.text = text
    this.defects = defects
    this.position = options.start ?? 0
    this.end = options.end ?? text.length
    this.#grammar = options.grammar ?? 'rfc5322'
    this.#kinds = kindsOf(this.#grammar)
    this.#maxCommentDepth = options.maxCommentDepth ?? 32
    this.#strays = options.unclosed === 'stray' ? MAX_STRAYS : Number.POSITIVE_INFINITY
  }

  /** The next token that is no comment; comments passed are kept for {@link Scanner.takeComments}. */
  next(): Token | undefined {
    for (let token = this.nextOfAll(); token; token = this.nextOfAll()) {
      if (token.type !== 'comment') return token
      this.#comments.push(token)
    }
    return undefined
  }

  /** The comments that {@link Scanner.next} passed since this was last called. */
  takeComments(): Token[] {
    const comments = this.#comments
    if (comments.length > 0) this.#comments = []
    return comments
  }

  /** The next token, comments included. */
  nextOfAll(): Token | undefined {
    this.#skipBlanks()
    if (this.position >= this.end) return undefined
    const unit = this.text.charCodeAt(this.position)
    if (this.#kindOf(unit) === LETTER) return this.#atom()
    if (this.#strays === 0) return this.#stray(unit)
    if (unit === QUOTE) return this.#quotedString()
    if (unit === OPEN) return this.#comment()
    if (unit === OPEN_SQUARE && this.#grammar === 'rfc5322') return this.#literal()
    return this.special()
  }

  /** The character at the position as a token of its own, whatever it is. */
  special(): Token {
    const start = this.position++
    return this.#token('special', { start, value: this.text.charAt(start) })
  }

  /** All characters up to one of those given, as they are written; for values that should be in quotes and are not. */
  takeUntil(stops: string): { readonly value: string; readonly start: number; readonly end: number } {
    const start = this.position
    while (this.position < this.end && !stops.includes(this.text.charAt(this.position))) this.position++
    this.#spaced = false
    return { value: this.text.slice(start, this.position), start, end: this.position }
  }

  #kindOf(unit: number): number {
    if (unit < 128) return this.#kinds[unit]!
    return isWideControl(unit) ? CONTROL : LETTER
  }

  #token(type: Token['type'], { value, start }: { value: string; start: number }): Token {
    const spaced = this.#spaced
    this.#spaced = type === 'comment'
    return { type, value, start, end: this.position, spaced }
  }

  // FWS = ([*WSP CRLF] 1*WSP) / obs-FWS
  #skipBlanks(): void {
    while (this.position < this.end) {
      const start = this.position
      const kind = this.#kindOf(this.text.charCodeAt(start))
      if (kind === LETTER || kind === SPECIAL) return
      this.#spaced = true
      if (kind === BREAK) this.position += this.#breakAt(start)
      else this.position++
      if (kind === CONTROL) this.defects.add('control-character', { start, end: this.position })
    }
  }

  // The length of the CRLF at an offset if it folds or ends the field, or else 1, with a defect.
  #breakAt(start: number): number {
    if (this.#foldLength(start) === 2) return 2
    this.defects.add('bare-line-break', { start, end: start + 1 })
    return 1
  }

  #foldLength(start: number): number {
    const { text } = this
    const after = start + 2
    if (text.charCodeAt(start) !== CR || text.charCodeAt(start + 1) !== LF) return 0
    return after >= this.end || this.#kinds[text.charCodeAt(after)] === BLANK ? 2 : 0
  }

  #atom(): Token {
    const start = this.position
    let wide = false
    for (; this.position < this.end; this.position++) {
      const unit = this.text.charCodeAt(this.position)
      if (this.#kindOf(unit) !== LETTER) break
      wide ||= unit > 127
    }
    const value = this.text.slice(start, this.position)
    if (wide && this.#grammar === 'rfc2045') this.defects.add('utf8-in-token', { start, end: this.position })
    return this.#token('atom', { value, start })
  }

  // quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE ; qcontent = qtext / quoted-pair
  #quotedString(): Token {
    const start = this.position++
    const value = this.#content((unit) => unit === QUOTE)
    return this.#closed('quoted-string', { start, value })
  }

  // comment = "(" *([FWS] ccontent) [FWS] ")" ; ccontent = ctext / quoted-pair / comment
  #comment(): Token {
    const start = this.position++
    let depth = 1
    let deepest = 1
    const value = this.#content((unit) => {
      if (unit === OPEN) deepest = Math.max(deepest, ++depth)
      return unit === CLOSE && --depth === 0
    })
    const token = this.#closed('comment', { start, value })
    if (deepest > this.#maxCommentDepth) this.defects.add('deep-comment', token)
    return token
  }

  // domain-literal = "[" *([FWS] dtext) [FWS] "]" ; dtext leaves out "[", obs-dtext has quoted pairs
  #literal(): Token {
    const start = this.position++
    const value = this.#content((unit) => unit === CLOSE_SQUARE)
    return this.#closed('domain-literal', { start, value })
  }

  #closed(type: keyof typeof UNCLOSED, content: { start: number; value: string }): Token {
    if (this.position < this.end) {
      this.position++
      return this.#token(type, content)
    }
    const { start } = content
    if (this.#strays !== Number.POSITIVE_INFINITY) {
      this.#strays--
      this.position = start
      return this.#stray(this.text.charCodeAt(start))
    }
    this.defects.add(UNCLOSED[type], { start, end: this.end })
    return this.#token(type, content)
  }

  #stray(unit: number): Token {
    const token = this.special()
    const code = unit === QUOTE ? 'unclosed-quoted-string' : unit === OPEN ? 'unclosed-comment' : 'unclosed-literal'
    if (unit === QUOTE || unit === OPEN || unit === OPEN_SQUARE) this.defects.add(code, token)
    return token
  }

  // Reads up to what closes, or the end, and undoes quoted pairs and folding.
  #content(closes: (unit: number) => boolean): string {
    let value = ''
    let from = this.position
    for (; this.position < this.end; this.position++) {
      const at = this.position
      const unit = this.text.charCodeAt(at)
      if (unit === BACKSLASH && at + 1 < this.end) {
        value += this.text.slice(from, at)
        from = at + 1 + this.#foldLength(at + 1)
        this.position = from
        this.#checkPair(from)
      } else if (closes(unit)) break
      else if (this.#kindOf(unit) === BREAK) {
        if (this.#breakAt(at) === 1) continue
        value += this.text.slice(from, at)
        from = ++this.position + 1
      } else if (this.#kindOf(unit) === CONTROL) this.defects.add('control-character', { start: at, end: at + 1 })
    }
    return value + this.text.slice(from, this.position)
  }

  // obs-qp = "\" (%d0 / obs-NO-WS-CTL / LF / CR)
  #checkPair(at: number): void {
    const kind = this.#kindOf(this.text.charCodeAt(at))
    if (kind === CONTROL || kind === BREAK) this.defects.add('control-character', { start: at, end: at + 1 })
  }
}
