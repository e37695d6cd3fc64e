/** The decoder of Punycode, by which A-labels hold U-labels: RFC 3492 section 6.2, with the parameters of section 5. */

const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const INITIAL_BIAS = 72
const INITIAL_N = 128
const MAX_CODE_POINT = 0x10ffff
// HAZARD: each character is inserted among those before it.
const MAX_LENGTH = 63

/**
 * Decodes what follows "xn--" in a label, or gives nothing when it is not of that form.
 *
 * @internal
 */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf('-')
  const output = Array.from(text.slice(0, Math.max(delimiter, 0)), (character) => character.codePointAt(0)!)
  if (text.length > MAX_LENGTH || output.some((unit) => unit >= INITIAL_N)) return undefined
  let n = INITIAL_N
  let i = 0
  let bias = INITIAL_BIAS
  for (let at = delimiter + 1; at < text.length; ) {
    const before = i
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digitOf(text.charCodeAt(at++))
      if (digit === undefined) return undefined
      i += digit * weight
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX)
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const length = output.length + 1
    bias = adapt(i - before, { length, first: before === 0 })
    n += Math.floor(i / length)
    i %= length
    if (n > MAX_CODE_POINT || (n >= 0xd800 && n < 0xe000)) return undefined
    output.splice(i++, 0, n)
  }
  return String.fromCodePoint(...output)
}

function digitOf(unit: number): number | undefined {
  if (unit >= 48 && unit < 58) return unit - 22
  const letter = unit | 32
  return letter >= 97 && letter < 123 ? letter - 97 : undefined
}

function adapt(change: number, { length, first }: { length: number; first: boolean }): number {
  let delta = Math.floor(change / (first ? DAMP : 2))
  delta += Math.floor(delta / length)
  let k = 0
  for (; delta > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) delta = Math.floor(delta / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * delta) / (delta + SKEW))
}
