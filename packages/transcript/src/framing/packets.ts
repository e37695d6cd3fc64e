/** Packets printed as text: the octets of the headers stand before what was said, and look like text. */

import { type Line, partOf } from '../import/line.ts'
import { classifyPayload } from '../payload/classify.ts'

const PACKET = /^[\d:. -]*IP6? .*Flags \[/
const MAX_HEADER = 120

/** Cuts the headers of packets off the lines of `tcpdump -A`. */
export function cutPacketHeaders(lines: readonly Line[]): Line[] {
  let inHeader = false
  return lines.flatMap((line) => {
    if (PACKET.test(line.text)) {
      inHeader = true
      return [line]
    }
    if (!inHeader) return [line]
    const at = payloadIn(line.text)
    if (at === undefined) return []
    inHeader = false
    return [partOf(line, at)]
  })
}

function payloadIn(text: string): number | undefined {
  const last = Math.min(text.length, MAX_HEADER)
  for (let i = 0; i < last; i++) {
    if (/[A-Za-z2-5]/.test(text[i] ?? '') && classifyPayload(text.slice(i))) return i
  }
  return undefined
}
