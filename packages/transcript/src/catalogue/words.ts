/** Finding a phrase in the words of a reply. */

/**
 * Tells whether the pieces of a phrase stand in a text, in order and each as whole words.
 *
 * @internal
 */
export function hasPhrase(words: string, pieces: readonly string[]): boolean {
  let from = 0
  for (const piece of pieces) {
    const at = findPiece(words, piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return true
}

function findPiece(words: string, piece: string, from: number): number {
  for (let at = words.indexOf(piece, from); at >= 0; at = words.indexOf(piece, at + 1)) {
    if (!joins(words, at - 1, at) && !joins(words, at + piece.length - 1, at + piece.length)) return at
  }
  return -1
}

function joins(words: string, left: number, right: number): boolean {
  return isWordAt(words, left) && isWordAt(words, right)
}

function isWordAt(words: string, index: number): boolean {
  const code = words.charCodeAt(index)
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a)
}
