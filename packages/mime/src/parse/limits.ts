/** How much of a message is taken apart, and how: what goes beyond a limit is kept as content, and told of as a defect. */

import type { CharsetOptions } from '../text/charset-decoder.ts'

/** The limits of a parser. */
export interface ParseLimits {
  /** Most entities within each other; default 100. */
  readonly maxDepth?: number
  /** Most parts in all; default 1,000. */
  readonly maxParts?: number
  /** Most octets of one header; default 1,048,576. */
  readonly maxHeaderLength?: number
  /** Most fields of one header; default 1,000. */
  readonly maxFields?: number
  /** Most defects that are told of; default 1,000. */
  readonly maxDefects?: number
}

/** @internal */
export const PARSE_LIMITS: Required<ParseLimits> = {
  maxDepth: 100,
  maxParts: 1000,
  maxHeaderLength: 1_048_576,
  maxFields: 1000,
  maxDefects: 1000,
}

/** How a message is parsed. */
export interface ParseOptions extends ParseLimits, CharsetOptions {}
