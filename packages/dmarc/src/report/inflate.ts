/** Compressed octets, undone a piece at a time so that what explodes ends at a limit: RFC 1951, RFC 1952. */

import { concatBytes, MailError } from '@posthorn/core'
import { Gunzip, Inflate } from 'fflate'
import { reportFault } from './error.ts'
import type { AggregateReportLimits } from './limits.ts'

// HAZARD: one octet can become a thousand, so no more than this much is undone before the limits are asked again.
const PIECE = 4096
const FREE = 1_048_576
// HAZARD: each costs the same, also where it is empty; programs write one.
const MAX_MEMBERS = 64

/** @internal */
export interface Inflated {
  readonly bytes: Uint8Array
  /** Whether all of it was there and in order. */
  readonly complete: boolean
}

/**
 * Holds all that is decompressed of one report to its limits.
 *
 * @internal
 */
export class InflateBudget {
  readonly #limits: Required<AggregateReportLimits>
  readonly #given: number

  constructor(limits: Required<AggregateReportLimits>, given: number) {
    this.#limits = limits
    this.#given = given
  }

  /** @throws {MailError} `DMARC_REPORT_TOO_LARGE` when so many octets are too many. */
  check(octets: number): void {
    const { maxXmlSize, maxRatio } = this.#limits
    if (octets > maxXmlSize) throw tooLarge(`it is over ${maxXmlSize} octets`)
    if (octets > FREE && octets > this.#given * maxRatio) throw tooLarge(`it grows over ${maxRatio} times`)
  }
}

function tooLarge(what: string): MailError {
  return reportFault('DMARC_REPORT_TOO_LARGE', `decompress report: ${what}`, 'rfc9990#section-8.1')
}

/**
 * Undoes compression.
 *
 * @internal
 * @returns What could be undone.
 * @throws {MailError} `DMARC_REPORT_TOO_LARGE` beyond the budget.
 */
export function inflate(data: Uint8Array, format: 'gzip' | 'deflate', budget: InflateBudget): Inflated {
  const pieces: Uint8Array[] = []
  let octets = 0
  const take = (piece: Uint8Array) => {
    octets += piece.length
    budget.check(octets)
    pieces.push(piece)
  }
  const stream = format === 'gzip' ? gunzip(take) : new Inflate(take)
  let complete = true
  try {
    for (let at = 0; at < data.length; at += PIECE) {
      stream.push(data.subarray(at, at + PIECE), at + PIECE >= data.length)
    }
  } catch (error) {
    if (error instanceof MailError) throw error
    complete = false
  }
  return { bytes: concatBytes(pieces), complete: complete && data.length > 0 }
}

function gunzip(take: (piece: Uint8Array) => void): Gunzip {
  const stream = new Gunzip(take)
  let members = 0
  stream.onmember = () => {
    members++
    if (members > MAX_MEMBERS) throw tooLarge('it has too many members')
  }
  return stream
}
