/** The octets of quoted-printable (RFC 2045 section 6.7): which stand for themselves, and what escapes mean. */

const TAB = 9
const SPACE = 32
const EQUALS = 61

// Which octets are copied as they are, blanks among them.
let copied: Uint8Array | undefined
function copiedTable(): Uint8Array {
  if (copied) return copied
  copied = new Uint8Array(256).fill(1, SPACE, 127)
  copied[EQUALS] = 0
  copied[TAB] = 1
  return copied
}

// The values of the digits in upper case, and -1 for every other octet.
let digits: Int8Array | undefined
function digitTable(): Int8Array {
  if (digits) return digits
  digits = new Int8Array(256).fill(-1)
  for (let value = 0; value < 16; value++) digits['0123456789ABCDEF'.charCodeAt(value)] = value
  return digits
}

/**
 * Copies octets that stand for themselves; gives where the first stands that does not.
 *
 * @internal
 */
export function copyRun(input: Uint8Array, from: number, out: Uint8Array, at: number): number {
  const copies = copiedTable()
  let index = from
  for (let offset = at; index < input.length; index++) {
    const octet = input[index]!
    if (copies[octet] === 0) break
    out[offset++] = octet
  }
  return index
}

/**
 * Decodes the escapes in upper case that stand side by side; gives how many there are.
 *
 * @internal
 */
export function decodeEscapes(input: Uint8Array, from: number, out: Uint8Array, at: number): number {
  const values = digitTable()
  let index = from
  for (let offset = at; index + 2 < input.length && input[index] === EQUALS; index += 3) {
    const value = (values[input[index + 1]!]! << 4) | values[input[index + 2]!]!
    if (value < 0) break
    out[offset++] = value
  }
  return (index - from) / 3
}

/** @internal */
export function blanksEnd(bytes: Uint8Array, start: number): number {
  let end = start
  while (end < bytes.length && isBlank(bytes[end]!)) end++
  return end
}

/** @internal */
export function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB
}

/** @internal */
export function isLowerCase(digit: number): boolean {
  return digit > 96
}
