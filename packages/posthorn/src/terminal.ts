/** Text for a terminal: colours where they are wanted, widths as they are seen. NO_COLOR and FORCE_COLOR are obeyed. */

import { stripVTControlCharacters, styleText } from 'node:util'

/** What text can be dressed in. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta'

/** Dresses text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** Tells whether to colour what goes to a stream. */
export function wantsColour(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0'
  return stream.isTTY === true && TERM !== 'dumb'
}

/** Gives the painter for a terminal. */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text
}

// East Asian wide characters and emoji take two columns; combining marks none.
const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
const NO_WIDTH = /\p{M}|\p{Cf}/u

/** Counts the columns that text takes. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of stripVTControlCharacters(text)) {
    columns += columnsOfOne(character)
  }
  return columns
}

function columnsOfOne(character: string): number {
  if (WIDE.test(character)) return 2
  return NO_WIDTH.test(character) ? 0 : 1
}

/** Fills text up to some columns. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/** Breaks text into lines of at most some columns: at blanks where it can, within words where it must. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (columnsOf(joined) <= columns) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (columnsOf(line) > columns) {
      const head = headOf(line, columns)
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  return [...lines, line]
}

// As much from the start of a word as fits; at least one character.
function headOf(word: string, columns: number): string {
  let head = ''
  for (const character of word) {
    if (head !== '' && columnsOf(head + character) > columns) break
    head += character
  }
  return head
}
