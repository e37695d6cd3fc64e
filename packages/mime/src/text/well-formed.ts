/** Text that has a form in UTF-8. */

import { decodeUtf8, encodeUtf8, isAscii } from '@posthorn/core'

/**
 * Puts U+FFFD for each half of a surrogate pair that stands alone.
 *
 * @internal
 */
export function wellFormed(text: string): string {
  return isAscii(text) ? text : decodeUtf8(encodeUtf8(text))
}
