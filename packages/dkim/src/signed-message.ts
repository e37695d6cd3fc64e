/** A message whose signatures are looked at while its body goes by: the header at once, the hashes at the end. */

import { type ChunkSource, MailError } from '@posthorn/core'
import { type RawField, splitMessage } from '@posthorn/mime'
import { type BodySource, feedBody } from './body-feed.ts'
import { type BodyHash, BodyHasher, type BodyHashKind } from './body-hash.ts'
import { hashKindsOf } from './hash-kinds.ts'
import type { CreateHasher } from './hasher.ts'
import { openChunks, readHeader, release } from './header-reader.ts'

/** How a message is opened. */
export interface ReadSignedOptions {
  /** Most octets of the header; default 1,048,576. */
  readonly maxHeaderLength?: number
  /** Most signatures whose hash is made, from the top; default 10, that of {@link verifyDkim}. */
  readonly maxSignatures?: number
  /** Makes a SHA-256 that is fed in steps; default what the runtime has, else one in JavaScript. */
  readonly createHasher?: CreateHasher
  /** Ends the reading. */
  readonly signal?: AbortSignal
}

/** A message whose header has been read, and whose body is being read once for all its signatures. */
export interface SignedMessage {
  /** `signed-message`. */
  readonly type: 'signed-message'
  /** The header fields, in order. */
  readonly fields: readonly RawField[]
  /** Gives a hash once the body has ended; `undefined` for one that none of the signatures within the limit asks for. */
  readonly hashOf: (kind: BodyHashKind) => Promise<BodyHash | undefined>
  /** Ends when nothing more is read; rejects with what the source throws, or with the reason of the signal. */
  readonly ended: Promise<void>
}

/**
 * Reads the header of a message, and hashes its body from then on, each octet once, for the signatures of DKIM and of ARC
 * alike. Without any the body is not read.
 *
 * @param message The message with CRLF line endings, or where it comes from one chunk after another.
 * @param options Limits, and what ends the reading.
 * @returns The message for `verifyDkim`, as soon as its header has been read.
 * @throws {MailError} The codes of `splitMessage`: the header cannot be read, or is too long.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-6.1.3 | RFC 6376 section 6.1.3}
 * @example
 * const message = await readSigned(new TextEncoder().encode('From: ann@example.com\r\n\r\nHello\r\n'))
 * message.fields.map(({ name }) => name) // ['From']
 */
export async function readSigned(
  message: Uint8Array | ChunkSource,
  options: ReadSignedOptions = {},
): Promise<SignedMessage> {
  const chunks = openChunks(message)
  try {
    const { header, rest } = await readHeader(chunks, options)
    const { fields } = splitMessage(header, options)
    const kinds = hashKindsOf(fields, options.maxSignatures)
    const hasher = new BodyHasher(kinds, options.createHasher)
    const ended = kinds.length === 0 ? release(chunks) : hash(hasher, { rest, chunks, signal: options.signal })
    ended.catch(() => undefined)
    return { type: 'signed-message', fields, ended, hashOf: (kind) => ended.then(() => hasher.hashOf(kind)) }
  } catch (error) {
    await release(chunks)
    throw error
  }
}

/**
 * Opens a message unless it is open; `undefined` for one whose header cannot be read.
 *
 * @internal
 */
export async function openSigned(
  message: Uint8Array | ChunkSource | SignedMessage,
  options: ReadSignedOptions,
): Promise<SignedMessage | undefined> {
  if (isSignedMessage(message)) return message
  try {
    return await readSigned(message, options)
  } catch (error) {
    if (error instanceof MailError && error.code.startsWith('MIME_')) return undefined
    throw error
  }
}

function isSignedMessage(message: Uint8Array | ChunkSource | SignedMessage): message is SignedMessage {
  return 'type' in message && message.type === 'signed-message'
}

async function hash(hasher: BodyHasher, source: BodySource): Promise<void> {
  try {
    await feedBody(hasher, source)
  } catch (error) {
    await release(source.chunks)
    throw error
  }
  hasher.end()
}
