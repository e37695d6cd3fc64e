/** What XML 1.0 section 2.2 has no place for: controls, U+FFFE and U+FFFF, and surrogates that are alone. */

const IMPOSSIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Replaces what no XML can hold by U+FFFD.
 *
 * @internal
 */
export function possibleText(text: string): string {
  return text.replace(IMPOSSIBLE, '\ufffd')
}
