/**
 * Charsets of received text: UTF-8, US-ASCII and the Western one-octet charset alike in every runtime, others as the
 * runtime's TextDecoder has them.
 */

import { decodeLatin1, decodeUtf8 } from '@posthorn/core'

/** Turns octets of one charset into text; what is malformed becomes U+FFFD. */
export type Decoder = (bytes: Uint8Array) => string

// Octets 0x80 to 0x9F of windows-1252, which mail labels ISO-8859-1.
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/**
 * Finds the decoder of a charset.
 *
 * @internal
 */
export function charsetDecoder(label: string): Decoder | undefined {
  // Mail labelled US-ASCII that has octets above 127 is most often UTF-8.
  if (/^(?:utf-?8|us-ascii|ascii)$/i.test(label)) return decodeUtf8
  // QUIRK: some runtimes decode windows-1252 as ISO-8859-1, https://github.com/nodejs/node/issues/56542
  if (/^(?:iso-?8859-1|latin-?1|windows-1252|cp1252)$/i.test(label)) return decodeWestern
  try {
    const decoder = new TextDecoder(label)
    return (bytes) => decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function decodeWestern(bytes: Uint8Array): string {
  return decodeLatin1(bytes).replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]!)
}
