/** The numbers, names and signs that dates are made of, comments aside. */

import type { DefectList } from '../syntax/defect.ts'
import { Scanner } from '../syntax/scanner.ts'

/** @internal */
export interface DateItem {
  readonly type: 'number' | 'name' | 'zone' | 'sign'
  readonly text: string
  readonly start: number
  readonly end: number
}

const PIECE = /[+-]\d{4}(?!\d)|\d+|[A-Za-z]+|[^\dA-Za-z]/g

/**
 * Gives one item after the other; `-` and `+` with four digits are one.
 *
 * @internal
 */
export class DateItems {
  readonly #scanner: Scanner
  #queue: DateItem[] = []
  #at = 0
  /** The offset after the last item that was taken. */
  end = 0

  constructor(text: string, defects: DefectList) {
    this.#scanner = new Scanner(text, defects)
  }

  peek(ahead = 0): DateItem | undefined {
    while (this.#queue.length - this.#at <= ahead && this.#fill());
    return this.#queue[this.#at + ahead]
  }

  take(): DateItem | undefined {
    const item = this.peek()
    if (!item) return undefined
    this.#at++
    this.end = item.end
    return item
  }

  /** Takes the next item if it is of this type, and of these characters. */
  takeIf(type: DateItem['type'], pattern: RegExp): DateItem | undefined {
    const item = this.peek()
    return item?.type === type && pattern.test(item.text) ? this.take() : undefined
  }

  #fill(): boolean {
    const token = this.#scanner.next()
    if (!token) return false
    this.#queue = this.#queue.slice(this.#at)
    this.#at = 0
    const { text } = this.#scanner
    for (const { 0: piece, index } of text.slice(token.start, token.end).matchAll(PIECE)) {
      const start = token.start + index
      this.#queue.push({ type: typeOf(piece), text: piece, start, end: start + piece.length })
      // A date has no more, and what follows is only told.
      if (this.#queue.length >= MAX_ITEMS) return true
    }
    return true
  }
}

const MAX_ITEMS = 32

function typeOf(piece: string): DateItem['type'] {
  if (/^\d/.test(piece)) return 'number'
  if (/^[A-Za-z]/.test(piece)) return 'name'
  return piece.length > 1 ? 'zone' : 'sign'
}
