/** The tree of a message: parts that hold text, octets, a source, a message, or other parts. RFC 2045, RFC 2046. */

import { clip, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import type { Source } from './content.ts'
import type { Level } from './encoding.ts'
import type { Piece } from './piece.ts'

/**
 * What a part holds. Of the fields of a leaf, each folded, Content-Type is the first, and the transfer encoding is missing.
 *
 * @internal
 */
export type PartNode = LeafNode | EntityNode | MultipartNode

/** @internal */
export type LeafNode = { readonly fields: readonly string[] } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'octets'; readonly octets: Uint8Array; readonly text: boolean }
  | { readonly type: 'source'; readonly source: Source }
  | { readonly type: 'opaque'; readonly octets: Uint8Array; readonly level: Level }
  | { readonly type: 'message'; readonly message: MessageWriter }
)

/** @internal */
export interface EntityNode {
  readonly type: 'entity'
  readonly fields: readonly string[]
  readonly octets: Uint8Array
  readonly level: Level
}

/** @internal */
export interface MultipartNode {
  readonly type: 'multipart'
  /** Gives the field that names the boundary. */
  readonly typeOf: (boundary: string) => string
  readonly signed: boolean
}

/**
 * A message that another can hold.
 *
 * @internal
 */
export interface MessageWriter {
  /** What its delimiters begin with. */
  readonly stem: string
  readonly root: Part
  /** Gives it in a form that takes at most this level, or more where it has to. */
  write(level: Level): { readonly content: readonly Piece[]; readonly level: Level }
}

/**
 * A part of a message, which never changes: made by {@link part}, {@link multipart}, {@link messagePart} and
 * {@link entityPart}. It can stand in several messages, and twice in one, unless its content can be read only once.
 */
export interface Part {
  /** Its media type, in lower case, without parameters. */
  readonly mediaType: string
  /** The parts in it, where it is a multipart. */
  readonly parts: readonly Part[]
  /**
   * How many parts stand within each other at most, itself counted.
   *
   * @internal
   */
  readonly depth: number
  /**
   * Gives what it holds; a function, so that nothing that was parsed from JSON passes for a part.
   *
   * @internal
   */
  readonly node: () => PartNode
}

const NO_PARTS: readonly Part[] = /* @__PURE__ */ Object.freeze([])

// As deep as a message is taken apart by default; what is composed is walked by calls within calls.
const MAX_DEPTH = 100

/**
 * Makes a part; refuses one that holds more than 99 others within each other.
 *
 * @internal
 */
export function makePart(mediaType: string, node: PartNode, parts: readonly Part[] = NO_PARTS): Part {
  const within = node.type === 'message' ? [node.message.root] : parts
  const depth = 1 + within.reduce((deepest, one) => Math.max(deepest, one.depth), 0)
  if (depth > MAX_DEPTH) {
    const text = `Cannot make a part of type ${clip(mediaType)}: more than ${MAX_DEPTH} parts stand within each other`
    throw new MailError<MimeErrorCode>('MIME_BAD_CONTENT', text)
  }
  return { mediaType, parts, depth, node: () => node }
}

/**
 * Gives what a part holds; refuses what only looks like a part.
 *
 * @internal
 */
export function nodeOf(part: Part): PartNode {
  if (typeof (part as Part | undefined)?.node === 'function') return part.node()
  throw new MailError<MimeErrorCode>('MIME_BAD_CONTENT', `Cannot compose a part: "${clip(String(part))}" is none`)
}

/**
 * Tells whether a tree is a notification of delivery or disposition, to which nobody must answer: RFC 3464 section 2, RFC
 * 8098 section 3.
 *
 * @internal
 */
export function isNotification({ mediaType, parts }: Part): boolean {
  // message/delivery-status, message/disposition-notification, and both with "global-"
  return mediaType === 'multipart/report' && parts.some((part) => /\/(global-)?d.+-(stat|not)/.test(part.mediaType))
}
