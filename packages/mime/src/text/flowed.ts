/** Text whose paragraphs flow, `format=flowed`: RFC 3676. The charset is decoded before. */

/** Lines of a flowed text that belong together. */
export interface FlowedParagraph {
  /** How often it is quoted; 0 for the sender's own words. */
  readonly depth: number
  /** The text on one line, without quote marks and stuffing. */
  readonly text: string
}

/** How {@link decodeFlowed} reads, by the parameters of Content-Type. */
export interface DecodeFlowedOptions {
  /** The parameter `delsp=yes`: the blank that ends a line which flows is not part of the text; default `false`. */
  readonly delSp?: boolean
}

/** How {@link encodeFlowed} writes. */
export interface EncodeFlowedOptions extends DecodeFlowedOptions {
  /** Most characters of a line, where a blank allows, from 20 to 998; default 72, below the 78 of section 4.2. */
  readonly width?: number
}

const SIGNATURE = '-- '
// What quote marks leave of a line.
const MIN_ROOM = 10

/**
 * Decodes flowed text: lines that end in a blank go on in the next line of the same depth. A signature's `-- ` is a
 * paragraph of its own and never flows. Nothing in it is an error.
 *
 * @param text The text, its lines ended by CRLF or LF.
 * @param options The parameters of Content-Type.
 * @returns The paragraphs, empty lines among them.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3676#section-4 | RFC 3676 section 4}
 * @example
 * decodeFlowed('> Shall we \r\n> go?\r\n At six, \r\nI think.\r\n')
 * // [{ depth: 1, text: 'Shall we go?' }, { depth: 0, text: 'At six, I think.' }]
 * decodeFlowed('日 \n本\n', { delSp: true }) // [{ depth: 0, text: '日本' }]
 */
export function decodeFlowed(text: string, options: DecodeFlowedOptions = {}): FlowedParagraph[] {
  const paragraphs: FlowedParagraph[] = []
  let pieces: string[] = []
  let flowing: number | undefined
  const close = () => {
    if (flowing !== undefined) paragraphs.push({ depth: flowing, text: pieces.join('') })
    pieces = []
    flowing = undefined
  }
  for (const line of linesOf(text)) {
    const { depth, content } = readLine(line)
    const isSignature = content === SIGNATURE
    // Section 4.5: a line of another depth begins a paragraph, and so does a signature.
    if (flowing !== undefined && (flowing !== depth || isSignature)) close()
    const flows = content.endsWith(' ') && !isSignature
    pieces.push(flows && options.delSp ? content.slice(0, -1) : content)
    flowing = depth
    if (!flows) close()
  }
  close()
  return paragraphs
}

/**
 * Encodes paragraphs as flowed text: cut at blanks, quoted, and stuffed with a blank where a line would begin with a
 * blank, `>` or `From `. Trailing blanks of a paragraph are dropped, since they would make it flow.
 *
 * @param paragraphs The paragraphs; a line break within one ends it. `-- ` is a signature.
 * @param options The parameter `delsp`, which lets lines be cut where there is no blank, and the width.
 * @returns Lines, each ended by CRLF. A word longer than a line stays whole without `delSp`. Quote marks leave room for
 * ten characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3676#section-4.2 | RFC 3676 section 4.2}
 * @example
 * encodeFlowed([{ depth: 1, text: 'Shall we go?' }, { depth: 0, text: ' At six' }]) // '> Shall we go?\r\n  At six\r\n'
 * encodeFlowed([{ depth: 0, text: 'one two three four five' }], { width: 20 }) // 'one two three four \r\nfive\r\n'
 */
export function encodeFlowed(paragraphs: readonly FlowedParagraph[], options: EncodeFlowedOptions = {}): string {
  const { delSp = false, width = 72 } = options
  const limit = Math.min(Math.max(width, 20), 998)
  let written = ''
  for (const { depth, text } of paragraphs) {
    const marks = '>'.repeat(Math.min(Math.max(depth, 0), limit - MIN_ROOM))
    for (const line of text.split(/\r\n|[\r\n]/)) {
      for (const piece of cutLine(line, { delSp, room: limit - marks.length - 1 })) {
        written += `${marks}${stuff(piece, marks)}\r\n`
      }
    }
  }
  return written
}

function* linesOf(text: string): Generator<string> {
  let start = 0
  while (start < text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    yield text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end)
    start = end + 1
  }
}

// quoted-line = quote-mark ... [stuffing] ; quotes are counted before the stuffing is undone
function readLine(line: string): { readonly depth: number; readonly content: string } {
  let depth = 0
  while (line[depth] === '>') depth++
  return { depth, content: line.slice(line[depth] === ' ' ? depth + 1 : depth) }
}

function stuff(piece: string, marks: string): string {
  return marks !== '' || /^(?:[ >]|From )/.test(piece) ? ` ${piece}` : piece
}

interface CutOptions {
  readonly delSp: boolean
  readonly room: number
}

function cutLine(line: string, { delSp, room }: CutOptions): string[] {
  if (line === SIGNATURE) return [line]
  const text = trimBlanks(line)
  const pieces: string[] = []
  let start = 0
  while (text.length - start > room) {
    const end = endOfPiece(text, { start, delSp, room })
    if (end >= text.length) break
    pieces.push(`${text.slice(start, end)}${delSp ? ' ' : ''}`)
    start = end
  }
  return [...pieces, text.slice(start)]
}

interface PieceOptions extends CutOptions {
  readonly start: number
}

// Behind the last blank that fits, or the first that does not; with delSp between any two characters.
function endOfPiece(text: string, { start, delSp, room }: PieceOptions): number {
  // HAZARD: only within the piece, as else a text without blanks is searched from each of its pieces.
  const blank = text.slice(start, start + room - Number(delSp)).lastIndexOf(' ') + start
  if (blank >= start && !isSignatureAt(text, { start, end: blank + 1 })) return blank + 1
  if (!delSp) {
    const next = text.indexOf(' ', start + room)
    return next < 0 ? text.length : next + 1
  }
  const end = start + room - 1
  return /[\ud800-\udbff]/.test(text[end - 1]!) ? end - 1 : end
}

function isSignatureAt(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return end - start === SIGNATURE.length && text.startsWith(SIGNATURE, start)
}

function trimBlanks(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === ' ') end--
  return line.slice(0, end)
}
