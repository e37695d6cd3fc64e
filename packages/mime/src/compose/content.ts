/** Where the content of a part comes from: memory, or a stream that is read once, or one that can be opened anew. */

import { chunksOf, isBlob, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'

/** Content whose octets come one after another. */
export type StreamedContent = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** The content of a part; a function opens it anew each time, so that a message can be sent again. No path, no URL. */
export type PartContentInput =
  | string
  | Uint8Array
  | StreamedContent
  | (() => Uint8Array | StreamedContent | Promise<Uint8Array | StreamedContent>)

/**
 * Content that is not in memory.
 *
 * @internal
 */
export interface Source {
  /** The number of octets, where it is known. */
  readonly size: number | undefined
  /** Whether it can be opened more than once. */
  readonly repeatable: boolean
  /** Begins to read; pieces are of {@link PIECE} octets at most. */
  open(): AsyncIterable<Uint8Array>
}

/**
 * The most octets that are encoded at once: whole lines of Base64.
 *
 * @internal
 */
export const PIECE: number = 57 * 1024

/**
 * Gives what is not in memory as a source.
 *
 * @internal
 */
export function sourceOf(content: Exclude<PartContentInput, string | Uint8Array>, declared?: number): Source {
  const size = sizeOf(content, declared)
  const repeatable = typeof content === 'function' || isBlob(content)
  let opened = false
  const open = () => {
    if (opened && !repeatable) throw fault('MIME_CONTENT_USED', 'it can be read once; a function opens it anew')
    opened = true
    return measured(content, size)
  }
  return { size, repeatable, open }
}

function sizeOf(content: Exclude<PartContentInput, string | Uint8Array>, declared: number | undefined) {
  if (!isSource(content)) throw fault('MIME_BAD_CONTENT', 'it is no text, octets, Blob, stream or function')
  if (declared !== undefined && !(Number.isSafeInteger(declared) && declared >= 0)) {
    throw fault('MIME_BAD_CONTENT', `its size is no number of octets: ${declared}`)
  }
  if (!isBlob(content)) return declared
  if (declared !== undefined && declared !== content.size) throw mismatch(content.size, declared)
  return content.size
}

function isSource(content: unknown): boolean {
  if (typeof content === 'function') return true
  return (
    typeof content === 'object' &&
    content !== null &&
    ['stream', 'getReader', Symbol.asyncIterator].some((key) => key in content)
  )
}

async function* measured(
  content: Exclude<PartContentInput, string | Uint8Array>,
  size: number | undefined,
): AsyncGenerator<Uint8Array> {
  const opened = typeof content === 'function' ? await content() : content
  let length = 0
  for await (const chunk of iterate(opened)) {
    if (!(chunk instanceof Uint8Array)) throw fault('MIME_BAD_CONTENT', 'a chunk of it is no Uint8Array')
    length += chunk.length
    if (size !== undefined && length > size) throw mismatch(length, size)
    for (let start = 0; start < chunk.length; start += PIECE) yield chunk.subarray(start, start + PIECE)
  }
  if (size !== undefined && length < size) throw mismatch(length, size)
}

function iterate(content: Uint8Array | StreamedContent): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (content instanceof Uint8Array) return [content]
  if (!isSource(content)) throw fault('MIME_BAD_CONTENT', 'what was opened is no octets, Blob or stream')
  return chunksOf(content)
}

function mismatch(length: number, size: number): MailError<MimeErrorCode> {
  return fault('MIME_SIZE_MISMATCH', `it has ${length} octets or more, and ${size} were declared`)
}

function fault(code: MimeErrorCode, why: string): MailError<MimeErrorCode> {
  return new MailError(code, `Cannot read the content of a part: ${why}`)
}
