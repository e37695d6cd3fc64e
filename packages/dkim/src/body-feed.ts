/** A body that goes to what hashes it, chunk after chunk. */

import type { Chunks, Head } from './header-reader.ts'

/** @internal */
export interface BodySink {
  push(bytes: Uint8Array): void
  /** Settles when more can be taken, without that it is kept in memory. */
  ready(): Promise<void>
}

/** @internal */
export interface BodySource extends Pick<Head, 'rest'> {
  readonly chunks: Chunks
  readonly signal?: AbortSignal | undefined
}

/**
 * Gives all that is left of a message to a sink.
 *
 * @internal
 */
export async function feedBody(sink: BodySink, { rest, chunks, signal }: BodySource): Promise<void> {
  sink.push(rest)
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    signal?.throwIfAborted()
    sink.push(next.value)
    await sink.ready()
  }
}
