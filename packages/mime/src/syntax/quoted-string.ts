/** The quoted string of RFC 5322 section 3.2.4, which phrases, local parts and parameters share. */

/**
 * Writes text without controls as a quoted string.
 *
 * @internal
 */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
