/** Cutting text to the length of a reply line: RFC 5321 section 4.5.3.1.5. */

const SPACE = 32

/**
 * Cuts text into pieces of at most so many octets of UTF-8, at a space, which goes, where there is one.
 *
 * @internal
 */
export function foldText(text: string, room: number): readonly string[] {
  const pieces: string[] = []
  let start = 0
  let size = 0
  let space = -1
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at)!
    size += octetsOf(point)
    if (size > room) {
      const end = point === SPACE || space <= start ? at : space
      pieces.push(text.slice(start, end))
      start = text.charCodeAt(end) === SPACE ? end + 1 : end
      // What stands behind the space is walked once more, and has no other, so the work stays linear.
      at = start
      size = 0
      space = -1
    } else {
      if (point === SPACE) space = at
      at += point > 0xffff ? 2 : 1
    }
  }
  return start < text.length || pieces.length === 0 ? [...pieces, text.slice(start)] : pieces
}

function octetsOf(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
