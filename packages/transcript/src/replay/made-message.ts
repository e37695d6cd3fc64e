/** A message that stands for one whose text no transcript has: as many octets, in lines that need no dots. */

const LINE = new TextEncoder().encode(`${'x'.repeat(76)}\r\n`)
const CRLF_LENGTH = 2

/** Makes a message of so many octets; the last line is whole, so that the least but none is two. */
export function madeMessage(octets: number): Uint8Array {
  const size = octets === 0 ? 0 : Math.max(CRLF_LENGTH, octets)
  const message = new Uint8Array(size)
  for (let at = 0; at < size; at += LINE.length) message.set(LINE.subarray(0, Math.min(LINE.length, size - at)), at)
  if (size >= CRLF_LENGTH) message.set([13, 10], size - CRLF_LENGTH)
  // A CR that the end cut off from its LF would be a bare one
  if (size > CRLF_LENGTH && message[size - CRLF_LENGTH - 1] === 13) message[size - CRLF_LENGTH - 1] = 120
  return message
}
