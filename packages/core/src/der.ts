/**
 * The elements of DER (ITU-T X.690 section 10), as much as keys and certificates need: tags of one octet, definite lengths in
 * their shortest form. Out of scope: what the elements mean.
 */

/** One element: a tag, a length, a content. */
export interface DerElement {
  /** The octet of the tag: 48 is a SEQUENCE, 2 an INTEGER, 160 the element `[0]`. */
  readonly tag: number
  /** The content, a view. */
  readonly content: Uint8Array
  /** The whole element with tag and length, a view. */
  readonly whole: Uint8Array
}

// Three octets of length: 16 MB in one element.
const MAX_LENGTH_OCTETS = 3

/**
 * Cuts octets into the elements that stand side by side in them.
 *
 * @returns The elements; `undefined` when the octets are not a whole number of elements in DER.
 * @see {@link https://www.itu.int/rec/T-REC-X.690 | ITU-T X.690 section 10}
 * @example
 * readDer(new Uint8Array([2, 1, 7, 5, 0]))?.map(({ tag }) => tag) // [2, 5]
 * readDer(new Uint8Array([2, 5, 7])) // undefined
 */
export function readDer(bytes: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at)
    if (!element) return undefined
    elements.push(element)
    at += element.whole.length
  }
  return elements
}

function elementAt(bytes: Uint8Array, start: number): DerElement | undefined {
  const tag = bytes[start]!
  const first = bytes[start + 1] ?? 128
  const count = first < 128 ? 0 : first - 128
  const from = start + 2 + count
  // X.690 section 8.1.3.6: 128 begins an indefinite length, which DER has not; section 8.1.2.4: 31 begins a long tag.
  if (first === 128 || count > MAX_LENGTH_OCTETS || (tag & 31) === 31 || from > bytes.length) return undefined
  let length = first < 128 ? first : 0
  for (let at = start + 2; at < from; at++) length = length * 256 + bytes[at]!
  const least = count === 0 ? 0 : count === 1 ? 128 : 256 ** (count - 1)
  if (length < least || from + length > bytes.length) return undefined
  return { tag, content: bytes.subarray(from, from + length), whole: bytes.subarray(start, from + length) }
}
