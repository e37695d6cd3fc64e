/** Names of mailboxes and groups: the phrase of RFC 5322 section 3.2.5, decoded only now that its structure is known. */

import { blankControls } from '../syntax/character.ts'
import type { DefectList } from '../syntax/defect.ts'
import type { Token } from '../syntax/scanner.ts'
import type { CharsetOptions } from '../text/charset-decoder.ts'
import { wellFormed } from '../text/well-formed.ts'
import { decodeWords } from '../text/word-decoder.ts'

/**
 * How a reader of phrases decodes, and where it tells what it doubts.
 *
 * @internal
 */
export interface PhraseContext {
  readonly charsets: CharsetOptions
  readonly defects: DefectList
}

/**
 * The text of a phrase. Atoms beside each other are decoded together, as a word may be continued in the next; a string
 * in quotes is decoded by itself, with a defect.
 *
 * @internal
 */
export function readPhrase(tokens: readonly Token[], context: PhraseContext): string {
  let text = ''
  let atoms = ''
  for (const token of tokens) {
    if (isOpening(token)) continue
    const gap = token.spaced && (text !== '' || atoms !== '') ? ' ' : ''
    if (token.type !== 'quoted-string') atoms += gap + written(token)
    else {
      text += decodeWords(atoms, context.charsets) + gap + quoted(token, context)
      atoms = ''
    }
  }
  return clean(text + decodeWords(atoms, context.charsets))
}

/**
 * What a comment says.
 *
 * @internal
 */
export function readComment({ value }: Token, charsets: CharsetOptions): string {
  return clean(decodeWords(value, charsets)).trim()
}

/**
 * The property that holds comments, where there are any.
 *
 * @internal
 */
export function commentsOf(tokens: readonly Token[], charsets: CharsetOptions): { comments?: readonly string[] } {
  return tokens.length > 0 ? { comments: tokens.map((token) => readComment(token, charsets)) } : {}
}

function quoted(token: Token, { charsets, defects }: PhraseContext): string {
  const decoded = token.value.includes('=?') ? decodeWords(token.value, charsets) : token.value
  if (decoded !== token.value) defects.add('encoded-in-quotes', token, token.value)
  return decoded
}

function written({ type, value }: Token): string {
  return type === 'domain-literal' ? `[${value}]` : value
}

// A quote or comment that is not closed.
function isOpening({ type, value }: Token): boolean {
  return type === 'special' && (value === '"' || value === '(')
}

function clean(text: string): string {
  return wellFormed(blankControls(text))
}
