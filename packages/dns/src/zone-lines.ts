/** The entries of a master file, each cut into words: RFC 1035 section 5.1. */

import { decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'

/** @internal */
export interface ZoneWord {
  /** Octets as characters U+0000 to U+00FF. */
  readonly text: string
  /** Whether it stood in quotes, so that it is no directive, TTL or class. */
  readonly isQuoted: boolean
}

/**
 * One entry, which parentheses may spread over several lines.
 *
 * @internal
 */
export interface ZoneLine {
  readonly words: readonly ZoneWord[]
  /** Whether blanks stand before it, so that it belongs to the name before. */
  readonly isIndented: boolean
  /** Where it begins, from 1. */
  readonly number: number
}

// A blank, a comment, a bracket, a line end, a string in quotes, a word
const TOKEN = /([ \t]+)|(;[^\n]*)|([()])|(\r?\n)|"((?:[^"\\\n]|\\[^\n])*)"|((?:[^\s;()"\\]|\\[^\n])+)/y

/**
 * Gives one entry after the other; those without words are left out.
 *
 * @internal
 */
export class ZoneLines {
  readonly #text: string
  #at = 0
  #number = 1

  constructor(text: string) {
    this.#text = text
  }

  next(): ZoneLine | undefined {
    while (this.#at < this.#text.length) {
      const line = this.#read()
      if (line.words.length > 0) return line
    }
    return undefined
  }

  #read(): ZoneLine {
    const number = this.#number
    const words: ZoneWord[] = []
    const isIndented = /[ \t]/.test(this.#text.charAt(this.#at))
    let depth = 0
    while (this.#at < this.#text.length) {
      TOKEN.lastIndex = this.#at
      const match = TOKEN.exec(this.#text)
      if (!match) throw fault(this.#number)
      this.#at = TOKEN.lastIndex
      const [, , , bracket, end, quoted, bare] = match
      if (end) this.#number++
      if (end && depth === 0) break
      if (bracket) depth += bracket === '(' ? 1 : -1
      if (depth < 0) throw fault(this.#number)
      const text = quoted ?? bare
      if (text !== undefined) words.push({ text: octetsOf(text), isQuoted: quoted !== undefined })
    }
    if (depth > 0) throw fault(number)
    return { words, isIndented, number }
  }
}

// "\DDD" is an octet, "\X" that character; other than US-ASCII is UTF-8
function octetsOf(text: string): string {
  const plain = decodeLatin1(encodeUtf8(text))
  return plain.replace(/\\(?:(\d{3})|(.))/gs, (_, octet?: string, character = '') =>
    octet === undefined ? character : String.fromCharCode(Number(octet) & 255),
  )
}

function fault(number: number): MailError<DnsErrorCode> {
  return new MailError('DNS_BAD_ZONE', `Cannot read line ${number} of a zone: a quote or a parenthesis has no other`, {
    spec: 'rfc1035#section-5.1',
  })
}
