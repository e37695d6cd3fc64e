/**
 * How a message goes to a server, or why it cannot: RFC 1870 (SIZE), RFC 3030 (BDAT, BINARYMIME), RFC 6152 (8BITMIME),
 * RFC 6531 (SMTPUTF8), RFC 5321 section 4.5.3.1.6 (the length of lines).
 */

import type { Capabilities, MailParameters } from '@posthorn/command'
import { MailError } from '@posthorn/core'
import type { SmtpErrorCode } from './error.ts'

/** What is known of a message and its envelope, as far as its transfer depends on it. */
export interface TransmissionTraits {
  /** The number of octets, where known. */
  readonly size?: number
  /** Whether octets over 127 are in the message; default `false`. */
  readonly eightBit?: boolean
  /** Whether a part has the transfer encoding `binary`, so that line endings mean nothing; default `false`. */
  readonly binary?: boolean
  /** Whether the header of the message or an address has UTF-8; default `false`. */
  readonly smtpUtf8?: boolean
  /** The octets of the longest line without its ending, where known. */
  readonly longestLine?: number
}

/** How the end of the message is told: by a lone dot, or by counted chunks. */
export type Framing = 'DATA' | 'BDAT'

/** How a message goes to a server. */
export interface Transmission {
  /** How its end is told. */
  readonly framing: Framing
  /** What MAIL says of it. */
  readonly parameters: Pick<MailParameters, 'size' | 'body' | 'smtpUtf8'>
}

/** How {@link planTransmission} chooses. */
export interface TransmissionOptions {
  /**
   * Whether BDAT is used where DATA would do too: `auto` (default) where the server offers CHUNKING and PIPELINING, as it
   * saves a round trip; or `never`.
   */
  readonly chunking?: 'auto' | 'never'
  /** Sends lines of over 998 octets by DATA, which a server may break, so that signatures fail; default `false`. */
  readonly unsafeLongLines?: boolean
}

// RFC 5321 section 4.5.3.1.6: 1,000 octets with CRLF.
const MAX_LINE = 998

/**
 * Decides how a message goes to a server.
 *
 * @param offered What the server offers.
 * @param traits What the message is like.
 * @param options What to prefer.
 * @returns The framing, and the parameters of MAIL that it needs.
 * @throws {MailError} `SMTP_NEEDS_8BITMIME`, `SMTP_NEEDS_BINARYMIME` (with CHUNKING) or `SMTP_NEEDS_SMTPUTF8` when the
 * server lacks it and the message needs it, `SMTP_MESSAGE_TOO_LARGE` when it is over the limit that the server told,
 * `SMTP_LINE_TOO_LONG` when it has a line of over 998 octets and is not binary.
 * @see {@link https://www.rfc-editor.org/rfc/rfc3030#section-3 | RFC 3030 section 3}
 * @example
 * import { parseCapabilities } from '@posthorn/command'
 * const offered = parseCapabilities(['mx.example', 'PIPELINING', 'CHUNKING', '8BITMIME', 'SIZE 1000'])
 * planTransmission(offered, { size: 500, eightBit: true })
 * // { framing: 'BDAT', parameters: { size: 500, body: '8BITMIME' } }
 * planTransmission(offered, { size: 500, smtpUtf8: true }) // throws SMTP_NEEDS_SMTPUTF8
 */
export function planTransmission(
  offered: Capabilities,
  traits: TransmissionTraits,
  options: TransmissionOptions = {},
): Transmission {
  const { size, eightBit, binary, smtpUtf8 } = traits
  checkSize(size, offered)
  if (binary && !(offered.binaryMime && offered.chunking)) throw needs('BINARYMIME', 'its body is binary')
  // RFC 6152 section 3: without 8BITMIME the message must be made 7-bit, which is its composer's work.
  if (eightBit && !binary && !offered.eightBitMime) throw needs('8BITMIME', 'it has octets over 127')
  if (smtpUtf8 && !offered.smtpUtf8) throw needs('SMTPUTF8', 'its header or an address is not US-ASCII')
  if (!binary && !options.unsafeLongLines) checkLines(traits.longestLine)
  const chunks = binary || (options.chunking !== 'never' && offered.chunking && offered.pipelining)
  const body = binary ? 'BINARYMIME' : eightBit ? '8BITMIME' : undefined
  return {
    framing: chunks ? 'BDAT' : 'DATA',
    parameters: {
      ...(size !== undefined && offered.size && { size }),
      ...(body && { body }),
      ...(smtpUtf8 && { smtpUtf8 }),
    },
  }
}

function checkSize(size: number | undefined, offered: Capabilities): void {
  const limit = offered.size?.limit
  if (size === undefined || limit === undefined || size <= limit) return
  throw refusal('SMTP_MESSAGE_TOO_LARGE', `it has ${size} octets and the server takes ${limit}`, 'rfc1870#section-6.1')
}

function checkLines(longestLine = 0): void {
  if (longestLine <= MAX_LINE) return
  throw refusal(
    'SMTP_LINE_TOO_LONG',
    `it has a line of ${longestLine} octets, and ${MAX_LINE} are allowed`,
    'rfc5321#section-4.5.3.1.6',
  )
}

function needs(extension: '8BITMIME' | 'BINARYMIME' | 'SMTPUTF8', why: string): MailError<SmtpErrorCode> {
  return refusal(`SMTP_NEEDS_${extension}`, `${why}, and the server does not offer ${extension}`, 'rfc5321#section-2.2')
}

function refusal(code: SmtpErrorCode, why: string, spec: string): MailError<SmtpErrorCode> {
  return new MailError(code, `Cannot send message: ${why}`, { spec })
}
