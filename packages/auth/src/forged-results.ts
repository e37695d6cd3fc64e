/** Removal of Authentication-Results fields that claim to be one's own: RFC 8601 section 5. */

import { concatBytes } from '@posthorn/core'
import { type RawField, type SplitMessageOptions, splitMessage } from '@posthorn/mime'
import { headOf, idsOf, isResultsField, normalizeId } from './authserv-id.ts'

/** Whose fields to remove. */
export interface RemoveForgedResultsOptions {
  /** One's own identifiers, compared without regard to case; at least one. */
  readonly ids: readonly string[]
  /**
   * Keeps a field whose identifier cannot be read; default `false`, because a reader that is less strict may find one's own
   * in it.
   */
  readonly keepUnreadable?: boolean
}

/** The fields that are left, and those that are not. */
export interface RemovedFields {
  /** The fields that are left, in order. */
  readonly fields: readonly RawField[]
  /** The Authentication-Results fields that were removed, in order. */
  readonly removed: readonly RawField[]
}

/** The message that is left, and the fields that are not. */
export interface RemovedFromMessage {
  /** The message without them, octet for octet; the very one that was given where nothing was removed. */
  readonly message: Uint8Array
  /** The Authentication-Results fields that were removed, in order. */
  readonly removed: readonly RawField[]
}

/**
 * Removes the Authentication-Results fields that claim to be one's own, from a message that comes from outside and before
 * one's own field is put on top. The identifier may be folded, quoted, in any case, or beside comments; what follows it
 * does not matter.
 *
 * @param fields The header fields.
 * @param options One's own identifiers.
 * @returns What is left, and what was removed.
 * @throws {MailError} `AUTH_BAD_ID` without any identifier, or for one that is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-5 | RFC 8601 section 5}
 * @example
 * import { splitMessage } from '@posthorn/mime'
 *
 * const text = 'Authentication-Results: (me) "MX.example" 1; dkim=pass\r\nFrom: a@b.example\r\n\r\n'
 * const { fields } = splitMessage(new TextEncoder().encode(text))
 * removeForgedResults(fields, { ids: ['mx.example'] }).fields.map(({ name }) => name) // ['From']
 */
export function removeForgedResults(fields: readonly RawField[], options: RemoveForgedResultsOptions): RemovedFields {
  const ids = idsOf(options.ids)
  const left: RawField[] = []
  const removed: RawField[] = []
  for (const field of fields) (isForged(field, ids, options) ? removed : left).push(field)
  return { fields: left, removed }
}

/**
 * Does the same for a whole message.
 *
 * @param message The message with CRLF line endings.
 * @param options One's own identifiers, and the longest header.
 * @returns What is left, and what was removed.
 * @throws {MailError} `AUTH_BAD_ID`; the codes of `splitMessage` for a header that cannot be read.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-5 | RFC 8601 section 5}
 * @example
 * const text = 'Authentication-Results: mx.example; none\r\nFrom: a@b.example\r\n\r\nHi\r\n'
 * const { message } = removeForgedResultsFromMessage(new TextEncoder().encode(text), { ids: ['mx.example'] })
 * new TextDecoder().decode(message) // 'From: a@b.example\r\n\r\nHi\r\n'
 */
export function removeForgedResultsFromMessage(
  message: Uint8Array,
  options: RemoveForgedResultsOptions & SplitMessageOptions,
): RemovedFromMessage {
  const { removed } = removeForgedResults(splitMessage(message, options).fields, options)
  if (removed.length === 0) return { message, removed }
  const kept: Uint8Array[] = []
  let start = 0
  for (const { bytes } of removed) {
    const begin = bytes.byteOffset - message.byteOffset
    kept.push(message.subarray(start, begin))
    start = begin + bytes.length + 2
  }
  return { message: concatBytes([...kept, message.subarray(start)]), removed }
}

function isForged(field: RawField, ids: ReadonlySet<string>, { keepUnreadable = false }: RemoveForgedResultsOptions) {
  if (!isResultsField(field)) return false
  const head = headOf(field)
  if (!head) return !keepUnreadable
  // HAZARD: who reads it may map more than a domain has mapped, or drop a final dot.
  const loose = head.authservId.normalize('NFKC').replace(/\.$/, '')
  return ids.has(normalizeId(head.authservId) ?? '') || ids.has(normalizeId(loose) ?? loose.toLowerCase())
}
