/** A message in the form that one server takes, to be had at once or as a stream, with what a sender needs to know. */

import type { ComposedEnvelope } from './people.ts'
import { flowOf, isRepeatable, joinPieces, type Piece, sizeOfPieces } from './piece.ts'

/** A message in wire form: what a client that speaks SMTP takes as the source of a message. */
export interface SerializedMessage extends AsyncIterable<Uint8Array> {
  /** The octets, from the beginning each time; or once, where a part is a stream that can be read once. */
  readonly content: AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>)
  /** The number of octets; absent where a stream did not declare its own. */
  readonly size?: number
  /** Whether octets over 127 are among them, so that the server must offer 8BITMIME. */
  readonly eightBit: boolean
  /** Whether a part is `binary`, so that the server must offer BINARYMIME. */
  readonly binary: boolean
  /** Whether an address is not US-ASCII, so that the server must offer SMTPUTF8. */
  readonly smtpUtf8: boolean
  /** Whether it can be read more than once. */
  readonly repeatable: boolean
  /** Whom it comes from and goes to, in the characters that this form has. */
  readonly envelope: ComposedEnvelope
  /**
   * Gives all of it at once.
   *
   * @throws {MailError} `MIME_NOT_IN_MEMORY` when a part is a Blob, a stream or a function.
   */
  bytes(): Uint8Array<ArrayBuffer>
  /** Gives it as a stream, of which nothing is made before it is asked for. */
  stream(): ReadableStream<Uint8Array>
}

/**
 * What a form is made of.
 *
 * @internal
 */
export interface Form {
  readonly pieces: readonly Piece[]
  readonly level: 0 | 1 | 2
  readonly smtpUtf8: boolean
  readonly envelope: ComposedEnvelope
}

/** @internal */
export function serialize({ pieces, level, smtpUtf8, envelope }: Form): SerializedMessage {
  const open = () => flowOf(pieces)
  const repeatable = isRepeatable(pieces)
  return {
    content: repeatable ? open : { [Symbol.asyncIterator]: open },
    // Where the size is not known this is undefined, as it is where there is no such property.
    size: sizeOfPieces(pieces, level === 0 && !smtpUtf8) as number,
    eightBit: level > 0 || smtpUtf8,
    binary: level === 2,
    smtpUtf8,
    repeatable,
    envelope,
    bytes: () => joinPieces(pieces),
    stream: () => streamOf(open()),
    [Symbol.asyncIterator]: open,
  }
}

// Nothing is read ahead, so that a slow reader holds up the source.
function streamOf(flow: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const result = await flow.next()
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      async cancel() {
        await flow.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
