/** A message that is to be signed: its header in fields, its body as hashes. RFC 6376 section 5.3 and 3.7. */

import type { ChunkSource } from '@posthorn/core'
import { type RawField, splitMessage } from '@posthorn/mime'
import { DkimBodyHasher, type DkimBodyHashes } from './body-digest.ts'
import { feedBody } from './body-feed.ts'
import { type Canonicalization, formsOf } from './canonical-field.ts'
import { fault } from './error.ts'
import { openChunks, readHeader, release } from './header-reader.ts'
import { LineEnds } from './line-ends.ts'
import type { SignDkimOptions } from './sign-options.ts'

type Forms = Pick<SignDkimOptions, 'canonicalization'>

/** @internal */
export interface HashedMessage {
  readonly header: Uint8Array
  readonly hashes: DkimBodyHashes
}

/**
 * Reads a message to its end, and hashes its body.
 *
 * @internal
 * @param canonicalizations In which forms; each is hashed once.
 */
export async function hashMessage(
  message: Uint8Array | ChunkSource,
  canonicalizations: readonly Canonicalization[],
): Promise<HashedMessage> {
  const chunks = openChunks(message)
  const hasher = new DkimBodyHasher({ canonicalizations: [...new Set(canonicalizations)] })
  try {
    const { header, rest } = await readHeader(chunks, {})
    await feedBody(hasher, { rest, chunks })
    return { header, hashes: await hasher.end() }
  } catch (error) {
    await release(chunks)
    throw error
  }
}

/**
 * Reads the header alone, and lets go of the rest.
 *
 * @internal
 */
export async function readHeaderAlone(message: Uint8Array | ChunkSource): Promise<Uint8Array> {
  const chunks = openChunks(message)
  try {
    return (await readHeader(chunks, {})).header
  } finally {
    await release(chunks)
  }
}

/**
 * Splits the header of a message that is to be signed.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_MESSAGE` for a bare CR or LF; the codes of `splitMessage`.
 */
export function readFields(header: Uint8Array): readonly RawField[] {
  const lineEnds = new LineEnds()
  lineEnds.check(header)
  lineEnds.end()
  return splitMessage(header).fields
}

/** @internal */
export interface ToSign {
  readonly fields: readonly RawField[]
  readonly headerForm: Canonicalization
  readonly bodyHash: string
}

/**
 * Finds the form of the header, and the hash that a signature is to hold.
 *
 * @internal
 * @throws {MailError} `DKIM_BAD_MESSAGE` for a body that is not hashed as wanted.
 */
export function toSign(fields: readonly RawField[], hashes: DkimBodyHashes, options: Forms): ToSign {
  const [headerForm, bodyForm] = formsOfOptions(options)
  const bodyHash = hashes[bodyForm]
  if (bodyHash === undefined) throw fault('DKIM_BAD_MESSAGE', `sign message: its ${bodyForm} body is not hashed`, '3.7')
  return { fields, headerForm, bodyHash }
}

/** @internal */
export function formsOfOptions({
  canonicalization = 'relaxed/relaxed',
}: Forms): readonly [Canonicalization, Canonicalization] {
  const forms = formsOf(canonicalization)
  if (forms) return forms
  throw fault('DKIM_BAD_TAG', `sign with the canonicalization "${canonicalization}"`, '3.4')
}
