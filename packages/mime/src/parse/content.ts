/** What a body says once its transfer encoding is undone: RFC 2045 section 6. */

import {
  type Anomaly,
  Base64Decoder,
  decodeBase64Body,
  decodeQuotedPrintableBody,
  QuotedPrintableDecoder,
} from '@posthorn/core'
import type { TransferEncodingName } from '../type/transfer-encoding.ts'

/** The content of a part. */
export interface PartContent {
  /** Its octets, as its writer had them. */
  readonly bytes: Uint8Array
  /** What its encoding does not allow. */
  readonly anomalies: readonly Anomaly[]
}

/**
 * Undoes an encoding; what is not encoded, or in a way that is not known, comes as it stands.
 *
 * @internal
 */
export function decodeContent(body: Uint8Array, encoding: TransferEncodingName): PartContent {
  if (encoding === 'base64') return decodeBase64Body(body)
  if (encoding === 'quoted-printable') return decodeQuotedPrintableBody(body)
  return { bytes: body, anomalies: [] }
}

/**
 * Undoes an encoding as octets come.
 *
 * @internal
 */
export interface ContentDecoder {
  push(chunk: Uint8Array): Uint8Array
  finish(): Uint8Array
  readonly anomalies: readonly Anomaly[]
}

/** @internal */
export function contentDecoder(encoding: TransferEncodingName): ContentDecoder {
  if (encoding === 'base64') return new Base64Decoder()
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder()
  return { push: (chunk) => chunk, finish: () => new Uint8Array(0), anomalies: [] }
}
