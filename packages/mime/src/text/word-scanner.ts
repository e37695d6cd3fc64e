/** Where the encoded words in text are, and the octets in each: RFC 2047 section 2 to 5. */

import { concatBytes, decodeBase64, decodeLatin1, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import type { DefectCode, DefectList } from '../syntax/defect.ts'
import { charsetName } from './charset-name.ts'

/** Where encoded words stand: RFC 2047 section 5 (1), (3) and (2). */
export type WordPlace = 'text' | 'phrase' | 'comment'

/** @internal */
export interface EncodedWord {
  /** In lower case, without the language. */
  readonly charset: string
  readonly octets: Uint8Array
  readonly start: number
  readonly end: number
}

interface WordScannerOptions {
  readonly defects: DefectList
  readonly where: WordPlace
}

const MAX_WORD = 75
// "=?" charset [ "*" language ] "?" encoding "?"
const HEAD = /=\?([^?\s]{1,200})\?([BbQq])\?/g
const FOLD = /\r?\n[ \t]*/g
const STRAY: Readonly<Record<WordPlace, RegExp>> = {
  text: /[^!->@-~]/,
  phrase: /[^A-Za-z0-9!*+/=_-]/,
  comment: /[^!#-'*->@-~]/,
}

/**
 * Finds one word after the other. A word ends at the first `?=`; where another begins before that, it is none.
 *
 * @internal
 */
export class WordScanner {
  readonly #text: string
  readonly #defects: DefectList
  readonly #where: WordPlace
  readonly #head = new RegExp(HEAD)
  #at = 0
  #next: RegExpExecArray | null = null
  #close = 0

  constructor(text: string, { defects, where }: WordScannerOptions) {
    this.#text = text
    this.#defects = defects
    this.#where = where
  }

  next(): EncodedWord | undefined {
    for (let head = this.#headFrom(this.#at); head; head = this.#headFrom(this.#at)) {
      const start = head.index
      const from = start + head[0].length
      const close = this.#closeFrom(from)
      const following = this.#headFrom(from)
      if (close >= 0 && !(following && following.index < close)) {
        this.#at = close + 2
        return this.#word(head, this.#text.slice(from, close))
      }
      this.#at = following?.index ?? this.#text.length
      this.#defects.add('unclosed-word', { start, end: this.#at })
    }
    return undefined
  }

  // Found heads and ends are kept until they are passed, so that no stretch is searched twice.
  #headFrom(at: number): RegExpExecArray | null {
    const kept = this.#next
    if (kept && kept.index >= at) return kept
    if (this.#head.lastIndex > this.#text.length) return null
    this.#head.lastIndex = at
    this.#next = this.#head.exec(this.#text)
    if (!this.#next) this.#head.lastIndex = this.#text.length + 1
    return this.#next
  }

  #closeFrom(at: number): number {
    if (this.#close >= 0 && this.#close < at) this.#close = this.#text.indexOf('?=', at)
    return this.#close
  }

  #word(head: RegExpExecArray, payload: string): EncodedWord {
    const [written, label, encoding] = head as unknown as [string, string, string]
    const start = head.index
    const end = start + written.length + payload.length + 2
    const tell = (code: DefectCode) => this.#defects.add(code, { start, end })
    if (end - start > MAX_WORD) tell('long-word')
    if (/\s/.test(payload)) tell('blank-in-word')
    if (STRAY[this.#where].test(payload.replace(/\s+/g, ''))) tell('character-in-word')
    const charset = label.split('*', 1)[0]!.toLowerCase()
    const octets = /b/i.test(encoding) ? decodeB(payload, tell) : decodeQ(octetsOf(payload, charset), tell)
    return { charset, octets, start, end }
  }
}

type Tell = (code: DefectCode) => void

// What is not written as an escape is an octet of the charset where it can be one, as headers that are not UTF-8 are read an
// octet a character; an octet a character too.
function octetsOf(payload: string, charset: string): string {
  if (/^[\0-\u007f]*$/.test(payload)) return payload
  const isOctets = /^[\0-\u00ff]*$/.test(payload) && !/^(?:utf-8|us-ascii)$/.test(charsetName(charset) ?? '')
  return isOctets ? payload : decodeLatin1(encodeUtf8(payload))
}

// The octet "_" is 0x20 whatever the charset; an "=" that no two digits follow stands for itself.
function decodeQ(payload: string, tell: Tell): Uint8Array {
  const octets = payload.replace(FOLD, '').replaceAll('_', ' ')
  if (/=(?![0-9A-Fa-f]{2})/.test(octets)) tell('bad-escape')
  return encodeLatin1(
    octets.replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
  )
}

// Each stretch up to padding is Base64 of its own; it is filled up with zero bits, and what they add is cut off.
function decodeB(payload: string, tell: Tell): Uint8Array {
  const letters = payload.replace(/[^A-Za-z0-9+/=]/g, '')
  if (letters.length % 4 !== 0 || /=[^=]|={3}/.test(letters)) tell('bad-base64')
  return concatBytes(
    letters.split(/=+/).map((text) => {
      const filled = text.padEnd(4 * Math.ceil(text.length / 4), 'A')
      return decodeBase64(filled).subarray(0, Math.floor((text.length * 3) / 4))
    }),
  )
}
