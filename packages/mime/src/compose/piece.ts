/**
 * The stretches that a message is made of, put together in memory or given one after another. What is encoded is encoded
 * only then, so that a large part is never in memory twice.
 */

import {
  Base64LineEncoder,
  base64LinesLength,
  encodeUtf8,
  isAscii,
  MailError,
  QuotedPrintableEncoder,
} from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { PIECE, type Source } from './content.ts'

/**
 * Octets in memory that are to be encoded.
 *
 * @internal
 */
export interface EncodedPiece {
  readonly encoding: 'base64' | 'quoted-printable'
  readonly octets: Uint8Array
  /** What they become. */
  readonly size: number
  /** Whether quoted-printable has to keep line ends exactly. */
  readonly binary: boolean
}

/**
 * A stretch of a message: text and octets as they stand, octets to be encoded, or a source that becomes Base64.
 *
 * @internal
 */
export type Piece = string | Uint8Array | EncodedPiece | { readonly source: Source }

/** @internal */
export function isRepeatable(pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => typeof piece === 'string' || !('source' in piece) || piece.source.repeatable)
}

/**
 * Counts the octets of all pieces, where that can be told before they are read.
 *
 * @param ascii Whether all text is known to be US-ASCII.
 *
 * @internal
 */
export function sizeOfPieces(pieces: readonly Piece[], ascii: boolean): number | undefined {
  let size = 0
  for (const piece of pieces) {
    const one = ascii && typeof piece === 'string' ? piece.length : sizeOf(piece)
    if (one === undefined) return undefined
    size += one
  }
  return size
}

function sizeOf(piece: Piece): number | undefined {
  if (typeof piece === 'string') return isAscii(piece) ? piece.length : encodeUtf8(piece).length
  if (piece instanceof Uint8Array) return piece.length
  if ('octets' in piece) return piece.size
  return piece.source.size === undefined ? undefined : base64LinesLength(piece.source.size)
}

/**
 * Tells whether the last of some pieces ends a line, or is empty behind one that does.
 *
 * @internal
 */
export function endsLine(pieces: readonly Piece[]): boolean {
  const piece = pieces.at(-1)!
  if (typeof piece === 'string') return piece === '' || piece.endsWith('\r\n')
  if ('source' in piece) return false
  const octets = piece instanceof Uint8Array ? piece : piece.octets
  const kept = piece instanceof Uint8Array || (piece.encoding === 'quoted-printable' && !piece.binary)
  return octets.length === 0 || (kept && octets.at(-2) === 13 && octets.at(-1) === 10)
}

/**
 * Puts a message together in memory.
 *
 * @internal
 */
export function joinPieces(pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const parts = mergeText(pieces)
  if (parts.length === 1 && typeof parts[0] === 'string') return encodeUtf8(parts[0])
  const chunks = parts.map((part) => (typeof part === 'string' ? encodeUtf8(part) : inMemory(part)))
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + (sizeOf(chunk) ?? 0), 0))
  let at = 0
  for (const chunk of chunks) {
    for (const octets of chunk instanceof Uint8Array ? [chunk] : encoded(chunk, true)) {
      out.set(octets, at)
      at += octets.length
    }
  }
  return out
}

function inMemory(piece: Exclude<Piece, string>): Uint8Array | EncodedPiece {
  if (!('source' in piece)) return piece
  throw new MailError<MimeErrorCode>('MIME_NOT_IN_MEMORY', 'Cannot give a message at once: a part of it is a stream')
}

function mergeText(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = []
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else {
      if (text !== '') merged.push(text)
      merged.push(piece)
      text = ''
    }
  }
  if (text !== '' || merged.length === 0) merged.push(text)
  return merged
}

/**
 * Gives a message piece after piece, each made when it is asked for.
 *
 * @internal
 */
export async function* flowOf(pieces: readonly Piece[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const piece of mergeText(pieces)) {
    if (typeof piece === 'string') yield encodeUtf8(piece)
    else if (piece instanceof Uint8Array) yield* cut(piece)
    else if ('octets' in piece) yield* encoded(piece, false)
    else yield* encodedSource(piece.source)
  }
}

function* cut(octets: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < octets.length; start += PIECE) {
    yield octets.subarray(start, start + PIECE) as Uint8Array<ArrayBuffer>
  }
}

function* encoded({ encoding, octets, binary }: EncodedPiece, reuse: boolean): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = encoding === 'base64' ? new Base64LineEncoder({ reuse }) : new QuotedPrintableEncoder({ binary })
  for (const one of cut(octets)) yield encoder.push(one)
  const last = encoder.finish()
  if (last.length > 0) yield last
}

async function* encodedSource(source: Source): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new Base64LineEncoder()
  for await (const chunk of source.open()) {
    const lines = encoder.push(chunk)
    if (lines.length > 0) yield lines
  }
  const last = encoder.finish()
  if (last.length > 0) yield last
}
