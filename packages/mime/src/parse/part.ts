/** One entity of a message that was parsed: its header, where its body stands, and the entities within. */

import type { ContentType } from '../type/content-type.ts'
import type { Disposition } from '../type/disposition.ts'
import type { TransferEncodingName } from '../type/transfer-encoding.ts'
import type { ParsedField } from './fields.ts'

/** A range of octets of the message: from the first, to before the last. */
export interface ByteRange {
  /** The first octet. */
  readonly start: number
  /** The octet behind the last. */
  readonly end: number
}

/** An entity: the message itself, a part of a multipart, or a message within. */
export interface MimePart {
  /** Which it is: `1` is the message, `1.2` its second part, `1.2.1` the first of that, or the message within. */
  readonly path: string
  /** The fields of its header, in order. */
  readonly fields: readonly ParsedField[]
  /** What it is; where that is not said, what RFC 2045 section 5.2 and RFC 2046 section 5.1.5 take it for. */
  readonly contentType: ContentType
  /** How it is to be shown, where that is said. */
  readonly disposition?: Disposition
  /** How its body is encoded. */
  readonly encoding: TransferEncodingName
  /** What `cid:` URLs name it by, without angle brackets. */
  readonly contentId?: string
  /** Where its header stands, without the empty line. */
  readonly header: ByteRange
  /** Where its body stands. */
  readonly body: ByteRange
  /** What stands in the body of a multipart before its first part. */
  readonly preamble?: ByteRange
  /** What stands there behind its last part. */
  readonly epilogue?: ByteRange
  /** The parts of a multipart, or the message within. */
  readonly parts: readonly MimePart[]
}
