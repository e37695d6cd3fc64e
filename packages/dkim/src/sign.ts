/** Signing: RFC 6376 section 5, RFC 8301, RFC 8463. Out of scope: `l=`, which lets anyone add to what was signed. */

import { type ChunkSource, concatBytes, encodeUtf8 } from '@posthorn/core'
import type { DkimBodyHashes } from './body-digest.ts'
import { plan, type SignDkimOptions } from './sign-options.ts'
import { appendValue, formatUnsigned } from './signature.ts'
import { signedHeader } from './signed-data.ts'
import { algorithmOf, computeValue } from './signer.ts'
import { formsOfOptions, hashMessage, readFields, toSign } from './to-sign.ts'

/**
 * Signs a message.
 *
 * The field is made for exactly the octets given: whatever changes them later, but for what the canonicalization
 * forgives, breaks it.
 *
 * @param message The message with CRLF line endings and one From field: its octets, or where they come from one chunk after
 * another. A source is read once, to its end, and the memory taken is that of the header and of one chunk.
 * @param options Who signs, with what, and how; several for several signatures, which the body is read once for.
 * @returns The DKIM-Signature field, folded, with its CRLF, to put before the message; of several, in their order.
 * @throws {MailError} `DKIM_BAD_DOMAIN`, `DKIM_BAD_LABEL`, `DKIM_BAD_IDENTITY`, `DKIM_BAD_FIELD` or `DKIM_BAD_TIME` for
 * such an option; `DKIM_BAD_KEY` for a key that is not private, or of another algorithm; `DKIM_WEAK_KEY` for an RSA key
 * under 1,024 bits; `DKIM_BAD_MESSAGE` for a bare CR or LF, or not one From field; `DKIM_UNSUPPORTED_ALGORITHM` where the
 * runtime cannot sign with the key; the codes of `splitMessage`; and what a source or a signer throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-5 | RFC 6376 section 5}
 * @example
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const message = new TextEncoder().encode('From: ann@example.com\r\nSubject: Hi\r\n\r\nHello\r\n')
 * const field = await signDkim(message, { domain: 'example.com', selector: 'mail', key: privateKey })
 * const signature = parseDkimSignature(new TextDecoder().decode(field).trimEnd())
 * signature.algorithm // 'ed25519-sha256'
 * signature.signedFields.slice(0, 4) // ['from', 'subject', 'from', 'to']
 */
export async function signDkim(
  message: Uint8Array | ChunkSource,
  options: SignDkimOptions | readonly SignDkimOptions[],
): Promise<Uint8Array<ArrayBuffer>> {
  const signers = [options].flat()
  const { header, hashes } = await hashMessage(
    message,
    signers.map((one) => formsOfOptions(one)[1]),
  )
  return concatBytes(await Promise.all(signers.map((one) => signDkimHeader(header, hashes, one))))
}

/**
 * Signs a message of which the body has been hashed already, as while it was written to disk.
 *
 * @param header The header with CRLF line endings, with or without the empty line that ends it.
 * @param bodyHashes What a {@link DkimBodyHasher} gave for the body.
 * @param options Who signs, with what, and how.
 * @returns The DKIM-Signature field, as {@link signDkim} gives it.
 * @throws {MailError} `DKIM_BAD_MESSAGE` without the hash of the body in the form that is wanted; and as {@link signDkim}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6376#section-3.7 | RFC 6376 section 3.7}
 * @example
 * const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
 * const hasher = new DkimBodyHasher()
 * hasher.push(new TextEncoder().encode('Hello\r\n'))
 * const header = new TextEncoder().encode('From: ann@example.com\r\n')
 * const options = { domain: 'example.com', selector: 'mail', key: privateKey }
 * const field = await signDkimHeader(header, await hasher.end(), options)
 * new TextDecoder().decode(field.subarray(0, 15)) // 'DKIM-Signature:'
 */
export async function signDkimHeader(
  header: Uint8Array,
  bodyHashes: DkimBodyHashes,
  options: SignDkimOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { fields, headerForm, bodyHash } = toSign(readFields(header), bodyHashes, options)
  const algorithm = algorithmOf(options.key, options.algorithm)
  const planned = plan(fields, options)
  const unsigned = formatUnsigned({ ...planned, algorithm, bodyHash })
  const data = signedHeader(fields, planned.signedFields, encodeUtf8(unsigned), headerForm)
  const value = await computeValue(options.key, algorithm, data)
  return encodeUtf8(`${appendValue(unsigned, value)}\r\n`)
}
