/**
 * Encoded words as they are received, also those that break the rules: RFC 2047, with the language suffix of RFC 2231
 * section 5. Structure is for the field's reader to parse before: what hides in a word is text.
 */

import { concatBytes } from '@posthorn/core'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { type CharsetDoubt, type CharsetOptions, charsetDoubt, decodeCharset } from './charset-decoder.ts'
import { type EncodedWord, type WordPlace, WordScanner } from './word-scanner.ts'

/** How encoded words are decoded. */
export interface DecodeWordsOptions extends CharsetOptions {
  /**
   * Where they stand, which decides what characters they may have: in text, in a phrase such as a display name, or in a
   * comment; default `text`. What they may not have is read all the same.
   */
  readonly where?: WordPlace
  /** Most words that are decoded; default 100,000. What follows stays as it is. */
  readonly maxWords?: number
}

/** Text that may have been written in encoded words. */
export interface TextReading {
  /** What is meant, on one line. */
  readonly text: string
  /** What was doubted, with offsets in the text as given. */
  readonly defects: readonly Defect[]
}

// Neighbouring words of one charset, whose octets are joined before they are decoded.
interface Run {
  readonly charset: string
  readonly chunks: Uint8Array[]
  readonly start: number
  end: number
}

const BLANKS = /^[ \t\r\n]*$/
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/**
 * Decodes the encoded words in text; blanks between two of them are dropped. It never fails: a word of a charset that is
 * unknown or refused stays as it is, and so does what is no word. Tolerated are words not parted from what stands beside
 * them, blanks, folding and "?" inside words, characters cut by the end of a word, padding that lacks, and escapes that
 * are none. A control character that hides in a word becomes a blank. {@link readWords} tells all this as defects.
 *
 * @param text A field's text or a phrase, folded or not; structure such as quotes and addresses is to be parsed first.
 * @param options Where the words stand, decoders and limits.
 * @returns The text that is meant.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2047#section-6 | RFC 2047 section 6}
 * @example
 * decodeWords('=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?= c') // 'ab c'
 * decodeWords('=?utf-8?B?8J+Tqw==?=') // '📫'
 * decodeWords('=?x-unknown?Q?a?=') // '=?x-unknown?Q?a?='
 */
export function decodeWords(text: string, options: DecodeWordsOptions = {}): string {
  return text.includes('=?') ? readWords(text, options).text : text
}

/**
 * Decodes the encoded words in text as {@link decodeWords} does, and tells what it doubted.
 *
 * @param text A field's text or a phrase.
 * @param options Where the words stand, decoders and limits.
 * @returns The text that is meant; defects as {@link DefectCode} lists them for words and charsets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2047#section-5 | RFC 2047 section 5}
 * @example
 * readWords('a=?utf-8?Q?b?=').text // 'ab'
 * readWords('a=?utf-8?Q?b?=').defects // [{ code: 'word-spacing', start: 1, end: 14, other: '=?utf-8?Q?b?=' }]
 */
export function readWords(text: string, options: DecodeWordsOptions = {}): TextReading {
  const defects = new DefectList()
  const decoded = joinWords(text, { ...options, defects, plain: (piece) => piece })
  return { text: decoded, defects: defects.defects }
}

/** @internal */
export interface JoinWordsOptions extends DecodeWordsOptions {
  readonly defects: DefectList
  /** Reads what is no word; it is given the offset too. */
  readonly plain: (piece: string, start: number) => string
}

/**
 * Decodes words and reads what stands between.
 *
 * @internal
 */
export function joinWords(text: string, options: JoinWordsOptions): string {
  const { defects, plain, maxWords = 100_000, where = 'text' } = options
  if (!text.includes('=?')) return plain(text, 0)
  const scanner = new WordScanner(text, { defects, where })
  const known = new Map<string, CharsetDoubt | undefined>()
  let joined = ''
  let end = 0
  let run: Run | undefined
  let count = 0
  for (let word = scanner.next(); word; word = scanner.next()) {
    if (++count > maxWords) {
      defects.add('word-limit', { start: word.start, end: text.length })
      break
    }
    if (!isKnown(word, { known, options })) continue
    const between = text.slice(end, word.start)
    const adjacent = run !== undefined && BLANKS.test(between)
    tellSpacing(text, word, { defects, where, adjacent: adjacent && between === '' })
    if (!run || !adjacent || run.charset !== word.charset) {
      joined += decodeRun(run, options) + (adjacent ? '' : plain(between, end))
      run = { charset: word.charset, chunks: [], start: word.start, end: word.end }
    }
    run.chunks.push(word.octets)
    end = run.end = word.end
  }
  return joined + decodeRun(run, options) + plain(text.slice(end), end)
}

interface KnownOptions {
  readonly known: Map<string, CharsetDoubt | undefined>
  readonly options: JoinWordsOptions
}

function isKnown({ charset, start, end }: EncodedWord, { known, options }: KnownOptions): boolean {
  if (!known.has(charset)) known.set(charset, charsetDoubt(charset, options))
  const doubt = known.get(charset)
  if (doubt === undefined || doubt === 'runtime-charset') return true
  options.defects.add(doubt, { start, end })
  return false
}

function decodeRun(run: Run | undefined, options: JoinWordsOptions): string {
  if (!run) return ''
  const [first, ...more] = run.chunks
  const { text, defects } = decodeCharset(more.length > 0 ? concatBytes(run.chunks) : first!, run.charset, options)
  for (const { code } of defects) options.defects.add(code, run)
  // HAZARD: a hidden CR LF would end a line where the text is used again.
  const clean = text.replace(CONTROLS, ' ')
  if (clean !== text) options.defects.add('control-character', run)
  return clean
}

interface SpacingOptions {
  readonly defects: DefectList
  readonly where: WordPlace
  readonly adjacent: boolean
}

// RFC 2047 section 5: a word is parted by blanks from what stands beside it, or in comments by parentheses.
function tellSpacing(text: string, word: EncodedWord, { defects, where, adjacent }: SpacingOptions): void {
  const before = text.charAt(word.start - 1)
  const after = text.charAt(word.end)
  const allowed = where === 'comment' ? ' \t\r\n()' : ' \t\r\n'
  // What follows without a blank is told by a word that follows.
  const isApart = (character: string) => character === '' || allowed.includes(character)
  if (adjacent || !isApart(before) || !(isApart(after) || text.startsWith('=?', word.end))) {
    defects.add('word-spacing', word, text.slice(word.start, word.end))
  }
}
