/** Encoded words, wherever they stand: RFC 2047 section 2, 4 and 5. */

import { concatBytes, isUtf8 } from '@posthorn/core'
import { isSpecial } from '../address/addr-spec.ts'
import { readText } from '../header/unstructured.ts'
import type { ByteRange } from '../parse/part.ts'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { Scanner } from '../syntax/scanner.ts'
import { readWords } from '../text/word-decoder.ts'
import { type EncodedWord, type WordPlace, WordScanner } from '../text/word-scanner.ts'
import type { ValueKind } from './defects.ts'
import { addDefect, type FieldValue } from './field-value.ts'

// RFC 2047 section 5: these have neither text nor phrases, or it forbids words in them by name.
const PLAIN: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'received',
  'return-path',
  'message-id',
  'resent-message-id',
  'references',
  'content-id',
  'mime-version',
  'content-transfer-encoding',
])
const OWN_READER: ReadonlySet<ValueKind | undefined> = /* @__PURE__ */ new Set<ValueKind>([
  'type',
  'disposition',
  'encoding',
  'list-urls',
])
const BLANKS = /^[ \t]*$/

interface FieldKind {
  /** In lower case. */
  readonly name: string
  readonly kind: ValueKind | undefined
}

interface Piece {
  readonly text: string
  readonly start: number
  readonly where: WordPlace
}

/**
 * Looks at the encoded words of a field, and at what its names are made of.
 *
 * @internal
 */
export function lintWords(value: FieldValue, { name, kind }: FieldKind): void {
  const { field } = value
  const hasWords = field.value.includes('=?')
  if (hasWords && PLAIN.has(name)) tellOutOfPlace(value)
  else if (kind === 'addresses' || kind === 'list-id') {
    for (const piece of piecesOf(value, hasWords)) lintPiece(value, piece)
  } else if (hasWords && !OWN_READER.has(kind) && kind !== 'date' && kind !== 'ids') {
    lintPiece(value, { text: field.value, start: 0, where: name === 'keywords' ? 'phrase' : 'text' })
  }
}

function tellOutOfPlace({ context, part, field, places }: FieldValue): void {
  const scanner = new WordScanner(field.value, { defects: new DefectList(), where: 'text' })
  const word = scanner.next()
  if (!word) return
  context.findings.add('word-out-of-place', { path: part.path, field: field.name, ...places.of(word) })
}

// Comments, and the phrases of all mailboxes as one text in which all else is blank, or a quote.
function piecesOf(value: FieldValue, hasWords: boolean): readonly Piece[] {
  const { text, comments, dot } = maskStructure(value.field.value)
  if (dot) tellDot(value, dot)
  if (!hasWords) return []
  return [{ text, start: 0, where: 'phrase' }, ...comments]
}

function tellDot({ context, part, field, places }: FieldValue, dot: ByteRange): void {
  context.findings.add('address-obsolete-phrase', { path: part.path, field: field.name, ...places.of(dot) })
}

interface Masked {
  readonly text: string
  readonly comments: readonly Piece[]
  /** A dot in a name, which is obsolete. */
  readonly dot: ByteRange | undefined
}

function maskStructure(value: string): Masked {
  const scanner = new Scanner(value, new DefectList(), { unclosed: 'stray' })
  const comments: Piece[] = []
  let [text, end, isInAngle] = ['', 0, false]
  // A dot is of a name when brackets follow.
  let pending: ByteRange | undefined
  let dot: ByteRange | undefined
  for (let token = scanner.nextOfAll(); token; token = scanner.nextOfAll()) {
    text += value.slice(end, token.start)
    end = token.end
    const written = value.slice(token.start, end)
    const isWord = token.type === 'atom' || token.type === 'special'
    text += isWord ? written : (token.type === 'comment' ? ' ' : '"').repeat(written.length)
    if (token.type === 'comment') {
      comments.push({ text: written.slice(1, -1), start: token.start + 1, where: 'comment' })
    } else if (isSpecial(token, '.')) pending ??= isInAngle ? undefined : token
    else if (isSpecial(token, '<')) {
      dot ??= pending
      isInAngle = true
    } else if (isSpecial(token, '>') || isSpecial(token, ',') || isSpecial(token, '@')) pending = undefined
    if (isSpecial(token, '>')) isInAngle = false
  }
  return { text: text + value.slice(end), comments, dot }
}

function lintPiece(value: FieldValue, { text, start, where }: Piece): void {
  const { charsets } = value.context
  const { defects } = where === 'text' ? readText(text, charsets) : readWords(text, { ...charsets, where })
  for (const defect of defects) {
    if (defect.code === 'malformed-octets' && !isMalformed(text.slice(defect.start, defect.end))) continue
    addDefect(value, 'words', moved(defect, start))
  }
  lintCuts(value, { text, start, where })
}

function moved(defect: Defect, by: number): Defect {
  return { ...defect, start: defect.start + by, end: defect.end + by }
}

function wordsOf(text: string, where: WordPlace): EncodedWord[] {
  const scanner = new WordScanner(text, { defects: new DefectList(), where })
  const words: EncodedWord[] = []
  for (let word = scanner.next(); word; word = scanner.next()) words.push(word)
  return words
}

// U+FFFD may be what the writer had there.
function isMalformed(text: string): boolean {
  const words = wordsOf(text, 'text')
  return !words.every(isOfUtf8) || !isUtf8(concatBytes(words.map(({ octets }) => octets)))
}

function isOfUtf8({ charset }: EncodedWord): boolean {
  return charset === 'utf-8' || charset === 'utf8'
}

// RFC 2047 section 5: each encoded word has whole characters; readers that decode them one by one show no others.
function lintCuts(value: FieldValue, { text, start, where }: Piece): void {
  const { context, part, field, places } = value
  const words = wordsOf(text, where)
  for (const [index, word] of words.entries()) {
    const next = words[index + 1]
    if (!next || !isOfUtf8(word) || !isOfUtf8(next) || !BLANKS.test(text.slice(word.end, next.start))) continue
    if (!isCut(word.octets) || (next.octets[0]! & 0xc0) !== 0x80) continue
    const range = places.of({ start: word.start + start, end: word.end + start })
    context.findings.add('word-split-character', { path: part.path, field: field.name, ...range })
  }
}

// Whether the last character of UTF-8 has begun and not ended.
function isCut(octets: Uint8Array): boolean {
  for (let behind = 1; behind <= Math.min(3, octets.length); behind++) {
    const octet = octets[octets.length - behind]!
    if (octet >= 0xc0) return behind < (octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2)
    if (octet < 0x80) return false
  }
  return false
}
