/** Where the octets of a message come from: memory, or a stream with what is known of it. */

/** A message that is not in memory as a whole. */
export interface StreamedMessage {
  /** The octets in wire form, in order. */
  readonly content: AsyncIterable<Uint8Array>
  /** The number of octets, where known. */
  readonly size?: number
  /** Whether octets over 127 are among them; default `true`, because a server must be told. */
  readonly eightBit?: boolean
  /** Whether the header has UTF-8 (RFC 6532); default `false`. */
  readonly smtpUtf8?: boolean
}

/** A message in wire form, or a source of it. */
export type MessageSource = Uint8Array | StreamedMessage

// A small message goes out in one write, a large one in pieces.
const PIECE = 65_536

/**
 * Gives a message as a stream.
 *
 * @internal
 */
export function asStream(source: MessageSource): StreamedMessage {
  return source instanceof Uint8Array ? inMemory(source) : source
}

function inMemory(bytes: Uint8Array): StreamedMessage {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE)
  }
  return { content: pieces(), size: bytes.length, eightBit: hasEightBit(bytes) }
}

function hasEightBit(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index]! > 127) return true
  return false
}
