/**
 * Octets of a labelled charset to text, alike in every runtime, whole or in pieces: UTF-8, UTF-16 and the charsets of one
 * octet a character. For those of East Asia a decoder can be given; the runtimes' own differ from each other.
 */

import { decodeUtf8 } from '@posthorn/core'
import { type Defect, DefectList } from '../syntax/defect.ts'
import { charsetName } from './charset-name.ts'
import { charsetTable } from './charset-table.ts'
import type { ChunkDecoder } from './chunk-decoder.ts'
import { lineDecoder } from './line-decoder.ts'
import { decodeByTable } from './octet-table.ts'

/**
 * Makes the decoder of a charset, with no octets seen yet, or nothing for a charset that it does not know. It is asked
 * for `big5`, `euc-jp`, `euc-kr`, `gb18030`, `iso-2022-jp` and `shift_jis`, and with a label in lower case for what is
 * unknown otherwise. Malformed octets become U+FFFD.
 */
export type CharsetSource = (charset: string) => ChunkDecoder | undefined

/** How charsets are decoded. */
export interface CharsetOptions {
  /**
   * Decoders for charsets of several octets; default the runtime's, which differ, and are told by the defect
   * `runtime-charset`. `@posthorn/mime/charsets` has one that is the same everywhere, and of 86 KB.
   */
  readonly decoder?: CharsetSource
}

/** Text of a labelled charset. */
export interface DecodedText {
  /** The text; U+FFFD stands for what is malformed. */
  readonly text: string
  /** The charset that it was decoded by, as the Encoding Standard names it. */
  readonly charset: string
  /** What was doubted; each is of all octets. */
  readonly defects: readonly Defect[]
}

/** @internal */
export type CharsetDoubt = 'refused-charset' | 'runtime-charset' | 'unknown-charset'

interface Found {
  readonly charset: string
  readonly decode: ChunkDecoder
  readonly doubt?: CharsetDoubt
}

const MULTI_BYTE: ReadonlySet<string> = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'iso-2022-jp', 'shift_jis'])

/**
 * Decodes octets by the charset that a label means. Nothing is an error:
 *
 * - US-ASCII is read as UTF-8, as that is what octets above 127 in it most often are, and so is an unknown charset, with
 *   the defect `unknown-charset`; ISO-8859-1, -9 and -11 are the Windows code pages that extend them, as in the web.
 * - UTF-7, HZ, ISO-2022-KR, ISO-2022-CN and UTF-32 are refused with `refused-charset`, lest markup hide from who looks at
 *   the octets: US-ASCII comes back as it stands, and U+FFFD for any other octet.
 * - `malformed-octets` tells that the text has U+FFFD.
 *
 * @param bytes The octets.
 * @param label The charset's label, in any case and spelling; the language that RFC 2231 section 5 adds is cut off.
 * @param options Decoders for charsets of East Asia.
 * @returns The text.
 * @see {@link https://encoding.spec.whatwg.org/ | Encoding Standard}
 * @example
 * decodeCharset(new Uint8Array([0x80, 0xe9]), 'ISO_8859-1') // { text: '€é', charset: 'windows-1252', defects: [] }
 * decodeCharset(new Uint8Array([0x2b, 0x41, 0x2d]), 'utf-7').defects // [{ code: 'refused-charset', start: 0, end: 3 }]
 */
export function decodeCharset(bytes: Uint8Array, label: string, options: CharsetOptions = {}): DecodedText {
  if (isUtf8Label(label)) return decodeAsUtf8(bytes)
  const decoder = new CharsetDecoder(label, options)
  const text = decoder.push(bytes) + decoder.end()
  return { text, charset: decoder.charset, defects: decoder.defects }
}

// What most text is, at once.
function decodeAsUtf8(bytes: Uint8Array): DecodedText {
  const text = decodeUtf8(bytes)
  const isMalformed = text.includes('\ufffd')
  return {
    text,
    charset: 'utf-8',
    defects: isMalformed ? [{ code: 'malformed-octets', start: 0, end: bytes.length }] : [],
  }
}

/**
 * Decodes octets in pieces, as {@link decodeCharset} does the whole: wherever they are cut, the text is the same.
 *
 * @example
 * const decoder = new CharsetDecoder('utf-8')
 * decoder.push(new Uint8Array([0x6e, 0xc3])) // 'n'
 * decoder.push(new Uint8Array([0xa9])) // 'é'
 * decoder.end() // ''
 * decoder.defects // []
 */
export class CharsetDecoder {
  /** The charset by which octets are decoded, as the Encoding Standard names it. */
  readonly charset: string
  readonly #decode: ChunkDecoder
  readonly #doubt: CharsetDoubt | undefined
  #length = 0
  #replaced = false
  #beyondAscii = false

  /**
   * @param label The charset's label.
   * @param options Decoders for charsets of East Asia.
   */
  constructor(label: string, options: CharsetOptions = {}) {
    const { charset, decode, doubt } = findDecoder(label, options)
    this.charset = charset
    this.#decode = decode
    this.#doubt = doubt
  }

  /** What was doubted so far; each defect is of all octets. */
  get defects(): readonly Defect[] {
    const list = new DefectList()
    const range = { start: 0, end: this.#length }
    const doubt = this.#doubt
    // What is US-ASCII throughout is the same in all of them.
    if (doubt && (doubt !== 'runtime-charset' || this.#beyondAscii)) list.add(doubt, range)
    if (this.#replaced) list.add('malformed-octets', range)
    return list.defects
  }

  /** Decodes the next octets; what may be the beginning of a character waits for the rest. */
  push(bytes: Uint8Array): string {
    this.#length += bytes.length
    if (this.#doubt === 'runtime-charset') this.#beyondAscii ||= bytes.some((octet) => octet > 127 || octet === ESCAPE)
    return bytes.length > 0 ? this.#check(this.#decode(bytes, true)) : ''
  }

  /** Tells what is left over, once there are no more octets. */
  end(): string {
    return this.#check(this.#decode(new Uint8Array(0), false))
  }

  #check(text: string): string {
    this.#replaced ||= text.includes('\ufffd')
    return text
  }
}

const ESCAPE = 27

/**
 * Tells what is doubted of a charset before any octets are seen.
 *
 * @internal
 */
export function charsetDoubt(label: string, options: CharsetOptions): CharsetDoubt | undefined {
  return isUtf8Label(label) ? undefined : findDecoder(label, options).doubt
}

function isUtf8Label(label: string): boolean {
  const name = charsetName(label)
  return name === 'utf-8' || name === 'us-ascii'
}

function findDecoder(label: string, { decoder: source }: CharsetOptions): Found {
  const plain = label.split('*', 1)[0]!.trim()
  const charset = charsetName(plain)
  if (charset === 'refused') return { charset: 'us-ascii', decode: decodeAscii, doubt: 'refused-charset' }
  if (charset === 'utf-8' || charset === 'us-ascii') return { charset: 'utf-8', decode: runtimeDecoder('utf-8') }
  if (charset === 'utf-16') return { charset, decode: utf16Decoder() }
  if (charset === undefined) {
    const decode = source?.(plain.toLowerCase())
    if (decode) return { charset: plain.toLowerCase(), decode }
    return { charset: 'utf-8', decode: runtimeDecoder('utf-8'), doubt: 'unknown-charset' }
  }
  if (MULTI_BYTE.has(charset)) return multiByteDecoder(charset, source)
  if (charset.startsWith('utf-16')) return { charset, decode: runtimeDecoder(charset) }
  const table = charsetTable(charset)
  if (table) return { charset, decode: (bytes) => decodeByTable(bytes, table) }
  return { charset: 'utf-8', decode: runtimeDecoder('utf-8'), doubt: 'unknown-charset' }
}

function multiByteDecoder(charset: string, source: CharsetSource | undefined): Found {
  const given = source?.(charset)
  if (given) return { charset, decode: given }
  const decode = lineDecoder(charset)
  if (decode) return { charset, decode, doubt: 'runtime-charset' }
  return { charset: 'us-ascii', decode: decodeAscii, doubt: 'unknown-charset' }
}

// UTF-8 and UTF-16, which every runtime has and streams.
function runtimeDecoder(charset: string): ChunkDecoder {
  const decoder = new TextDecoder(charset, { ignoreBOM: true })
  return (bytes, more) => decoder.decode(bytes, { stream: more })
}

function decodeAscii(bytes: Uint8Array): string {
  return decodeByTable(bytes, ASCII)
}

const ASCII = /* @__PURE__ */ (() => Uint16Array.from({ length: 256 }, (_, at) => (at < 128 ? at : 0xfffd)))()

// RFC 2781 section 4.3: without a byte order mark it is big-endian.
function utf16Decoder(): ChunkDecoder {
  let decode: ChunkDecoder | undefined
  let first: number | undefined
  return (bytes, more) => {
    if (decode) return decode(bytes, more)
    const all = first === undefined ? bytes : Uint8Array.of(first, ...bytes)
    if (all.length < 2 && more) {
      first = all[0]
      return ''
    }
    const isLittle = all[0] === 0xff && all[1] === 0xfe
    const isMarked = isLittle || (all[0] === 0xfe && all[1] === 0xff)
    decode = runtimeDecoder(isLittle ? 'utf-16le' : 'utf-16be')
    return decode(isMarked ? all.subarray(2) : all, more)
  }
}
