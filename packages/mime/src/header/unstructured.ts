/** Fields of text, such as Subject, as they are received: RFC 5322 section 2.2.1 and 3.2.5, RFC 2047 section 5(1). */

import { DefectList } from '../syntax/defect.ts'
import { type DecodeWordsOptions, joinWords, type TextReading } from '../text/word-decoder.ts'

/**
 * Reads a field of text: unfolds it, decodes encoded words, and gives it as one line, without the blanks at its ends.
 * Nothing in it is an error; a TAB and any other control character becomes a blank.
 *
 * @param text The value of the field, folded or not.
 * @param options Decoders and limits.
 * @returns The text that is meant; defects as {@link DefectCode} lists them for characters, words and charsets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5322#section-3.2.5 | RFC 5322 section 3.2.5}
 * @example
 * readText(' Gr=?utf-8?Q?=C3=BC=C3=9Fe?=\r\n =?utf-8?Q?_aus_?=\r\n =?utf-8?B?5bGx?=').text // 'Grüße aus 山'
 * readText('a\r\nBcc: b') // { text: 'a  Bcc: b', defects: [{ code: 'bare-line-break', start: 1, end: 3 }] }
 */
export function readText(text: string, options: Omit<DecodeWordsOptions, 'where'> = {}): TextReading {
  const trimmed = text.trim()
  if (!trimmed.includes('=?') && trimmed.search(CONTROL) < 0) return { text: trimmed, defects: [] }
  const defects = new DefectList()
  const from = text.length - text.trimStart().length
  const decoded = joinWords(trimmed, {
    ...options,
    where: 'text',
    defects,
    plain: (piece, start) => blankOut(piece, { start, defects }),
  })
  const shifted = defects.defects.map((defect) => ({ ...defect, start: defect.start + from, end: defect.end + from }))
  return { text: decoded, defects: shifted.sort((a, b) => a.start - b.start) }
}

interface PieceContext {
  readonly start: number
  readonly defects: DefectList
}

// A fold, or one control.
const CONTROL = /\r\n(?=[ \t])|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

function blankOut(piece: string, { start, defects }: PieceContext): string {
  return piece.replace(CONTROL, (found: string, at: number) => {
    if (found.length === 2) return ''
    const isBreak = found === '\r' || found === '\n'
    const range = { start: start + at, end: start + at + 1 }
    if (found !== '\t') defects.add(isBreak ? 'bare-line-break' : 'control-character', range)
    return ' '
  })
}
