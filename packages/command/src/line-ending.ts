/**
 * The line endings of a message: RFC 5321 section 2.3.8 knows CRLF alone. For DATA the dot transforms of `stuffing.ts`
 * see to it; this transform serves what goes by BDAT, and a server that mends what it receives.
 */

const CR = 13
const LF = 10

/**
 * Makes every bare CR or LF a CRLF.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-2.3.8 | RFC 5321 section 2.3.8}
 * @example
 * const normalizer = new LineEndNormalizer()
 * const sent = [normalizer.push(new TextEncoder().encode('a\nb\r')), normalizer.end()]
 * sent.map((octets) => new TextDecoder().decode(octets)).join('') // 'a\r\nb\r\n'
 */
export class LineEndNormalizer {
  #heldCr = false
  #mended = false
  #lineOpen = false

  /** Whether the octets so far end within a line, a held CR aside. */
  get lineOpen(): boolean {
    return this.#lineOpen && !this.#heldCr
  }

  /** Whether a bare CR or LF has been made CRLF. */
  get mended(): boolean {
    return this.#mended
  }

  /**
   * Transforms the next octets.
   *
   * @param bytes Any number of them; they are not kept. Given back as they are where nothing has to change.
   * @returns What to send now; a CR at the end is held back until it is known what follows it.
   */
  push(bytes: Uint8Array): Uint8Array {
    if (bytes.length > 0) this.#lineOpen = bytes[bytes.length - 1] !== LF
    if (!this.#heldCr && isClean(bytes)) return bytes
    const out = new Uint8Array(bytes.length * 2 + 2)
    let length = 0
    let heldCr = this.#heldCr
    for (let index = 0; index < bytes.length; index++) {
      const octet = bytes[index]!
      if (heldCr || octet === LF) {
        this.#mended ||= !heldCr || octet !== LF
        out[length++] = CR
        out[length++] = LF
        heldCr = false
        if (octet === LF) continue
      }
      if (octet === CR) heldCr = true
      else out[length++] = octet
    }
    this.#heldCr = heldCr
    return out.subarray(0, length)
  }

  /** Gives what was held back. */
  end(): Uint8Array {
    const held = this.#heldCr
    this.#heldCr = false
    this.#mended ||= held
    this.#lineOpen &&= !held
    return held ? Uint8Array.of(CR, LF) : new Uint8Array(0)
  }
}

// Whether the octets have CR and LF as pairs only, none of them split at an end.
function isClean(bytes: Uint8Array): boolean {
  let crs = 0
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 2)) {
    if (bytes[at + 1] !== LF) return false
    crs++
  }
  let lfs = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lfs++
  return lfs === crs
}
