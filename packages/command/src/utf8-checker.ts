/** Whether octets are UTF-8, told octet by octet: RFC 3629 section 4. Out of scope: decoding, which the runtime does. */

const FIRST_TAIL = 0x80
const LAST_TAIL = 0xbf

/**
 * Checks UTF-8 as it passes; of a run of US-ASCII one octet is enough.
 *
 * @internal
 */
export class Utf8Checker {
  // How many octets of the sequence are still to come, and what the next of them may be.
  #left = 0
  #low = FIRST_TAIL
  #high = LAST_TAIL
  #broken = false

  /** Whether the octets so far are not UTF-8; a sequence that is cut is not. */
  get malformed(): boolean {
    return this.#broken || this.#left > 0
  }

  /** Takes the next octet. */
  push(octet: number): void {
    if (this.#broken) return
    if (this.#left === 0) {
      if (octet > 127) this.#lead(octet)
    } else if (octet < this.#low || octet > this.#high) this.#broken = true
    else {
      this.#left--
      this.#low = FIRST_TAIL
      this.#high = LAST_TAIL
    }
  }

  // UTF8-2 = %xC2-DF UTF8-tail
  // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2UTF8-tail / %xED %x80-9F UTF8-tail / %xEE-EF 2UTF8-tail
  // UTF8-4 = %xF0 %x90-BF 2UTF8-tail / %xF1-F3 3UTF8-tail / %xF4 %x80-8F 2UTF8-tail
  #lead(octet: number): void {
    if (octet < 0xc2 || octet > 0xf4) {
      this.#broken = true
      return
    }
    this.#left = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3
    // No needless octets, no surrogates, nothing over U+10FFFF.
    if (octet === 0xe0) this.#low = 0xa0
    else if (octet === 0xed) this.#high = 0x9f
    else if (octet === 0xf0) this.#low = 0x90
    else if (octet === 0xf4) this.#high = 0x8f
  }
}
