/**
 * Octets in, lines of text out: what the reply parser reads. One character an octet, so that nothing is decoded yet.
 * The `LineBuffer` of core gives octets, for the body of a message; a reply's text is cut here instead, since one
 * conversion a chunk costs far less than one a line.
 */

import { decodeLatin1 } from '@posthorn/core'

/** One line. */
export interface TextLine {
  /** Its text without the line ending, octet 0xNN as character U+00NN. */
  readonly text: string
  /** How it ended; `none` when it was cut because it was too long. */
  readonly ending: 'crlf' | 'lf' | 'none'
}

/**
 * Cuts text into lines, in linear time and bounded memory however it is split. After a line that is too long nothing of
 * use comes.
 *
 * @internal
 */
export class TextLines {
  readonly #maxLength: number
  #chunk = ''
  #start = 0
  #head: string[] = []
  #headLength = 0

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** Whether anything waits. */
  get waiting(): boolean {
    return this.#headLength > 0 || this.#start < this.#chunk.length
  }

  push(bytes: Uint8Array): void {
    const text = decodeLatin1(bytes)
    this.#chunk = this.#start < this.#chunk.length ? this.#chunk.slice(this.#start) + text : text
    this.#start = 0
  }

  next(): TextLine | undefined {
    const chunk = this.#chunk
    const lf = chunk.indexOf('\n', this.#start)
    const end = lf < 0 ? chunk.length : lf
    const length = this.#headLength + end - this.#start
    // The line ending counts, so a line that lacks it has one octet less.
    const tooLong = length >= this.#maxLength
    const piece = tooLong ? chunk.slice(this.#start, this.#start + this.#maxLength) : chunk.slice(this.#start, end)
    this.#start = lf < 0 ? chunk.length : lf + 1
    if (lf < 0 && !tooLong) {
      this.#keep(piece)
      return undefined
    }
    const text = this.#headLength > 0 ? this.#join(piece) : piece
    if (tooLong) return { text, ending: 'none' }
    return text.endsWith('\r') ? { text: text.slice(0, -1), ending: 'crlf' } : { text, ending: 'lf' }
  }

  // The start of a line whose end has not come; it is not looked at again before then.
  #keep(piece: string): void {
    if (piece === '') return
    this.#head.push(piece)
    this.#headLength += piece.length
  }

  #join(piece: string): string {
    const text = this.#head.join('') + piece
    this.#head = []
    this.#headLength = 0
    return text
  }
}
