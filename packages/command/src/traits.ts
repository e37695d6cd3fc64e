/**
 * What a message is like, as far as its transfer depends on it: RFC 5321 section 2.3.8 and 4.5.3.1.6, RFC 6152,
 * RFC 3030, RFC 6532.
 */

import { Utf8Checker } from './utf8-checker.ts'

const CR = 13
const LF = 10
const NUL = 0

const SPACE = 32

/** What a message is like. */
export interface MessageTraits {
  /** The number of octets. */
  readonly size: number
  /** Whether octets over 127 are among them. */
  readonly eightBit: boolean
  /** Whether the header of the message itself has octets over 127 and is UTF-8, which needs SMTPUTF8 (RFC 6532). */
  readonly utf8Header: boolean
  /** Whether the header of the message itself has octets over 127 that are not UTF-8, which no extension provides for. */
  readonly malformedHeader: boolean
  /** Whether a CR stands without LF, or a LF without CR. */
  readonly bareNewline: boolean
  /** Whether a NUL is in it, which no text has (RFC 5321 section 4.5.2). */
  readonly nul: boolean
  /** The octets of the longest line without its ending; 998 is the most of text (RFC 5321 section 4.5.3.1.6). */
  readonly longestLine: number
}

/**
 * Looks at a message as it passes, in one pass and no memory.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.6 | RFC 5321 section 4.5.3.1.6}
 * @example
 * const scanner = new TraitScanner()
 * scanner.push(new TextEncoder().encode('Subject: hi\r\n\r\nSchöne Grüße\r\n'))
 * scanner.traits.eightBit // true
 * scanner.traits.utf8Header // false
 */
export class TraitScanner {
  #size = 0
  #eightBit = false
  #bareNewline = false
  #nul = false
  #longestLine = 0
  #line = 0
  #heldCr = false
  #inHeader = true
  // Of the header, from its first octet over 127 on.
  #utf8: Utf8Checker | undefined

  /** What the message is like so far; a CR that it ends with counts as bare, UTF-8 that it cuts as malformed. */
  get traits(): MessageTraits {
    return {
      size: this.#size,
      eightBit: this.#eightBit,
      utf8Header: this.#utf8?.malformed === false,
      malformedHeader: this.#utf8?.malformed === true,
      bareNewline: this.#bareNewline || this.#heldCr,
      nul: this.#nul,
      longestLine: Math.max(this.#longestLine, this.#line),
    }
  }

  /**
   * Looks at the next octets.
   *
   * @param bytes Any number of them.
   */
  push(bytes: Uint8Array): void {
    this.#size += bytes.length
    let index = 0
    while (index < bytes.length) {
      if (this.#heldCr) this.#afterCr(bytes[index]!)
      const start = index
      // Behind the header, octets over 127 have nothing more to tell once one has been seen.
      const end = this.#eightBit && !this.#inHeader ? 256 : 128
      while (index < bytes.length && bytes[index]! > CR && bytes[index]! < end) index++
      this.#line += index - start
      if (index > start && this.#inHeader) this.#utf8?.push(SPACE)
      if (bytes[index] === CR && bytes[index + 1] === LF) {
        this.#endLine()
        index += 2
      } else if (index < bytes.length) this.#step(bytes[index++]!)
    }
  }

  #afterCr(octet: number): void {
    if (octet === LF) return
    this.#heldCr = false
    this.#bareNewline = true
    this.#endLine()
  }

  #step(octet: number): void {
    if (octet === CR) this.#heldCr = true
    else if (octet === LF) {
      this.#bareNewline ||= !this.#heldCr
      this.#heldCr = false
      this.#endLine()
    } else {
      this.#line++
      this.#nul ||= octet === NUL
      this.#eightBit ||= octet > 127
      if (this.#inHeader) this.#check(octet)
    }
  }

  #check(octet: number): void {
    if (octet > 127) this.#utf8 ??= new Utf8Checker()
    this.#utf8?.push(octet)
  }

  #endLine(): void {
    if (this.#inHeader) this.#utf8?.push(LF)
    if (this.#line > this.#longestLine) this.#longestLine = this.#line
    // RFC 5322 section 2.1: the first empty line ends the header.
    if (this.#line === 0) this.#inHeader = false
    this.#line = 0
  }
}
