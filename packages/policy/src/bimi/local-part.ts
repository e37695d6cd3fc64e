/** Selectors that come from the sender's address: "Local-part Selectors" of BIMI draft 14. */

const MAX_LABEL = 63

/**
 * Derives a selector from the local part of an address: without what follows `+`, underscores and dots as one hyphen, in
 * lower case.
 *
 * @param localPart What stands before the `@` of the From field, unquoted.
 * @returns The selector, or `undefined` where none can be derived: another character is in it, nothing is left, or it is
 * over 63 characters long.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-brand-indicators-for-message-identification-14 | Draft 14, "Local-part Selectors"}
 * @example
 * localPartSelector('News._Letters+2026') // 'news-letters'
 * localPartSelector('josé') // undefined
 */
export function localPartSelector(localPart: string): string | undefined {
  const plus = localPart.indexOf('+')
  const dashed = (plus < 0 ? localPart : localPart.slice(0, plus)).replace(/[._-]+/g, '-')
  const start = dashed.startsWith('-') ? 1 : 0
  const selector = dashed.slice(start, dashed.length > start && dashed.endsWith('-') ? -1 : undefined)
  if (selector.length > MAX_LABEL || !/^[A-Za-z0-9-]+$/.test(selector)) return undefined
  return selector.toLowerCase()
}
