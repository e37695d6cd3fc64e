/** Text of a log that has to stay on its line, and to look like what it is. */

// Controls, line separators, marks of direction that turn text around, what has no width, and halves of characters
const UNSEEN = /[\0-\x08\n-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Cs}]/gu

/** Puts U+FFFD in the place of each character that is not seen, or that makes others look like what they are not. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, '\ufffd')
}
