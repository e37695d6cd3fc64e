import { concatBytes } from '../src/index.ts'

export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 the obvious way, one bit at a time. */
export function slowEncode(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (octet) => octet.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,6}/g) ?? []
  const text = groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(6, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** The octets that the bits of some digits hold. */
export function slowOctets(digits: string): Uint8Array {
  const bits = Array.from(digits, (digit) => ALPHABET.indexOf(digit).toString(2).padStart(6, '0')).join('')
  return Uint8Array.from(bits.match(/[01]{8}/g) ?? [], (octet) => Number.parseInt(octet, 2))
}

/** As many octets, which look random and are the same each time. */
export function someOctets(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 2_654_435_761) >>> 13)
}

/** Octets of the characters U+0000 to U+00FF. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** What a codec gives for an input that comes `size` octets at a time. */
export function drive(
  codec: { push(bytes: Uint8Array): Uint8Array; finish(): Uint8Array },
  bytes: Uint8Array,
  size: number,
): Uint8Array {
  const given: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += size) {
    given.push(codec.push(bytes.subarray(start, start + size)).slice())
  }
  return concatBytes([...given, codec.finish()])
}

/** An array that counts how often one of its elements is looked at. */
export function counting(bytes: Uint8Array): { proxy: Uint8Array; reads: () => number } {
  let count = 0
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { proxy, reads: () => count }
}
