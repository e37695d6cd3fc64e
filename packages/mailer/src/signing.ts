/** The DKIM signature of what is sent: the message is read once for it, and a second time when it is sent. */

import { concatBytes } from '@posthorn/core'
import { type SignDkimOptions, signDkim } from '@posthorn/dkim'
import type { MessageSource, StreamedMessage } from '@posthorn/smtp'
import { fault } from './error.ts'
import { contentOf, isRepeatable, openContent, traitsOf } from './source.ts'

/** Who signs, and how much of a message that can be read once only is kept for that. */
export interface MailSigner {
  /** Who signs, with what, and how; several for several signatures. */
  readonly signatures: SignDkimOptions | readonly SignDkimOptions[]
  /** The most octets of a message that can be read once only, which is kept in memory; default 16,777,216. */
  readonly maxKept?: number
}

const MAX_KEPT = 16_777_216

/**
 * Puts signatures before a message.
 *
 * @internal
 * @throws {MailError} `MAILER_TOO_LARGE_TO_SIGN` for a message that can be read once only and is larger than may be kept;
 * the codes of `signDkim`.
 */
export async function sign(source: MessageSource, signer: MailSigner): Promise<MessageSource> {
  const message = isRepeatable(source) ? source : await kept(source, signer.maxKept ?? MAX_KEPT)
  const content = contentOf(message)
  const field = await signDkim(content instanceof Uint8Array ? content : openContent(content), signer.signatures)
  if (message instanceof Uint8Array) return concatBytes([field, message])
  if (content instanceof Uint8Array) return withField(traitsOf(message), field, concatBytes([field, content]))
  return withField(traitsOf(message), field, () => following(field, openContent(content)))
}

function withField(
  { size, ...traits }: Omit<StreamedMessage, 'content'>,
  field: Uint8Array,
  content: StreamedMessage['content'],
): StreamedMessage {
  return { ...traits, ...(size !== undefined && { size: size + field.length }), content }
}

async function* following(field: Uint8Array, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield field
  yield* content
}

async function kept(source: MessageSource, most: number): Promise<StreamedMessage> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of openContent(contentOf(source))) {
    size += chunk.length
    if (size > most) {
      throw fault('MAILER_TOO_LARGE_TO_SIGN', `sign message: it can be read once only and has over ${most} octets`)
    }
    chunks.push(chunk.slice())
  }
  return { ...traitsOf(source), size, content: concatBytes(chunks) }
}
