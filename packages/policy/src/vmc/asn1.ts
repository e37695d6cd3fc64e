/** ASN.1 in DER (ITU-T X.690) as a tree of values, as far down as certificates go. */

import { type DerElement, decodeLatin1, decodeUtf8, readDer } from '@posthorn/core'

/** @internal */
export interface Asn1Value {
  /** The identifier octet. */
  readonly tag: number
  /** The whole of it. */
  readonly octets: Uint8Array
  /** It without identifier and length. */
  readonly content: Uint8Array
  /** What is inside it; none for one that is not constructed. */
  readonly values: readonly Asn1Value[]
}

/** Identifier octets. @internal */
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  objectIdentifier: 6,
  utf8String: 12,
  printableString: 19,
  teletexString: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
  sequence: 48,
  set: 49,
} as const

const CONSTRUCTED = 32
const MAX_DEPTH = 32

/**
 * Reads one value, and nothing after it.
 *
 * @internal
 * @throws {Error} For what is none.
 */
export function readAsn1(octets: Uint8Array): Asn1Value {
  const [value, more] = elementsOf(octets)
  if (!value || more) throw new Error('it is not one value of DER')
  return treeOf(value, 0)
}

function elementsOf(octets: Uint8Array): readonly DerElement[] {
  const elements = readDer(octets)
  if (elements) return elements
  throw new Error('it is no DER')
}

function treeOf({ tag, content, whole }: DerElement, depth: number): Asn1Value {
  if (depth > MAX_DEPTH) throw new Error('it is nested too deep')
  const inside = (tag & CONSTRUCTED) === 0 ? [] : elementsOf(content)
  return { tag, octets: whole, content, values: inside.map((element) => treeOf(element, depth + 1)) }
}

/**
 * Gives a value that must be of a kind.
 *
 * @internal
 * @throws {Error} Where it is not there, or of another.
 */
export function expectTag(value: Asn1Value | undefined, tag: number): Asn1Value {
  if (value?.tag === tag) return value
  throw new Error(`a value of tag ${tag} is missing`)
}

/** @internal */
export function identifierOf(value: Asn1Value | undefined): string {
  const { content } = expectTag(value, TAG.objectIdentifier)
  const numbers: number[] = []
  let number = 0
  for (const octet of content) {
    number = number * 128 + (octet & 127)
    if (octet < 128) {
      numbers.push(number)
      number = 0
    }
  }
  const [first = 0, ...rest] = numbers
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - 40 * root, ...rest].join('.')
}

/** @internal */
export function textOf({ tag, content }: Asn1Value): string {
  if (tag === TAG.utf8String) return decodeUtf8(content)
  if (tag !== TAG.bmpString) return decodeLatin1(content)
  const units = Array.from({ length: content.length >> 1 }, (_, at) => content[2 * at]! * 256 + content[2 * at + 1]!)
  return String.fromCharCode(...units)
}

// RFC 5280 section 4.1.2.5: seconds are there, and the zone is "Z".
const TIME = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/

/**
 * Gives a time, in milliseconds since 1970.
 *
 * @internal
 * @throws {Error} For what is none.
 */
export function timeOf(value: Asn1Value | undefined): number {
  const [, year = '', month, day, hour, minute, second] = TIME.exec(value ? decodeLatin1(value.content) : '') ?? []
  const isShort = value?.tag === TAG.utcTime
  if (!isShort) expectTag(value, TAG.generalizedTime)
  if (year.length !== (isShort ? 2 : 4)) throw new Error('it has no time')
  const full = isShort ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year)
  return Date.UTC(full, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}
