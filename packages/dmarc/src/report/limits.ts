/** How much of a report is read: RFC 9990 section 8.1. */

/** How much of a report is read; beyond it, reading fails with `DMARC_REPORT_TOO_LARGE`, or leaves out as is said. */
export interface AggregateReportLimits {
  /** Of what is given, in octets, or in UTF-16 units of text; default 10,485,760. */
  readonly maxSize?: number
  /** Of the XML, decompressed, in octets; default 33,554,432. */
  readonly maxXmlSize?: number
  /** How many times the given size the XML may be, once it is over 1 MiB; default 200, as reports come to 10 to 60. */
  readonly maxRatio?: number
  /** How many files an archive may list; default 16. */
  readonly maxFiles?: number
  /** How deep elements may be nested; default 32, of which a report needs six. */
  readonly maxDepth?: number
  /** How many attributes an element may have; default 64. */
  readonly maxAttributes?: number
  /** How many records are read, the others are left out; default 100,000. */
  readonly maxRecords?: number
  /** How many elements are read of one record or another part, and how many other parts; default 2,000. */
  readonly maxElements?: number
  /** How much is read of one text, in UTF-16 units, the rest is left out; default 4,096. */
  readonly maxText?: number
}

/** @internal */
export const REPORT_LIMITS: Required<AggregateReportLimits> = {
  maxSize: 10_485_760,
  maxXmlSize: 33_554_432,
  maxRatio: 200,
  maxFiles: 16,
  maxDepth: 32,
  maxAttributes: 64,
  maxRecords: 100_000,
  maxElements: 2000,
  maxText: 4096,
}
