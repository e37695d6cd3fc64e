/** Tokens as they would be written, without what folding and comments put between them. */

import { blankControls } from './character.ts'
import { quote } from './quoted-string.ts'
import type { Token } from './scanner.ts'

/** @internal */
export function writtenOf({ type, value }: Token): string {
  if (type === 'quoted-string') return quote(value)
  if (type === 'domain-literal') return `[${value}]`
  return type === 'comment' ? `(${value})` : value
}

/**
 * Tokens as one text, in which a blank stands for each gap; controls are blanks too.
 *
 * @internal
 */
export function textOf(tokens: readonly Token[]): string {
  let text = ''
  for (const token of tokens) text += (token.spaced && text !== '' ? ' ' : '') + writtenOf(token)
  return blankControls(text)
}
