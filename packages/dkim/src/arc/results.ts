/**
 * The ARC-Authentication-Results field, which keeps what a sealer had found of the message: RFC 8617 section 4.1.1. Its
 * results stay text.
 */

import { clip } from '@posthorn/core'
import { readAuthserv, skipComments } from './authserv.ts'
import { arcFault } from './error.ts'
import { contentOf, type FormatArcOptions, foldField, toInstance } from './field.ts'

/** What a sealer had found. */
export interface ArcAuthenticationResults {
  /** `i=`, the number of the set, from 1. */
  readonly instance: number
  /** Who says so; `undefined` where that cannot be told. */
  readonly authservId: string | undefined
  /** What follows the number, as an Authentication-Results field has it, unfolded. */
  readonly results: string
}

const NAME = 'arc-authentication-results'
const CONTROL = /[\0-\x1f\x7f]/

/**
 * Parses an ARC-Authentication-Results field.
 *
 * @param field The whole field as it stands in the message, its folding kept.
 * @returns What it says, without a look at the results.
 * @throws {MailError} `ARC_BAD_FIELD` for another field; `ARC_BAD_INSTANCE` for an `i=` that is not first, or not 1 to 50;
 * `ARC_BAD_RESULTS` when nothing follows it, or a control.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.1 | RFC 8617 section 4.1.1}
 * @example
 * const field = 'ARC-Authentication-Results: i=1; mx.example;\r\n spf=pass smtp.mailfrom=a@example.com'
 * const { instance, authservId, results } = parseArcAuthenticationResults(field)
 * instance // 1
 * authservId // 'mx.example'
 * results // 'mx.example; spf=pass smtp.mailfrom=a@example.com'
 */
export function parseArcAuthenticationResults(field: string): ArcAuthenticationResults {
  const text = oneLine(contentOf(field, NAME))
  const { instance, end } = readNumber(text)
  const results = text.slice(end).replace(/^ /, '')
  if (results === '' || CONTROL.test(results)) {
    throw arcFault('ARC_BAD_RESULTS', 'take a set without results, or with controls in them', '4.1.1')
  }
  return { instance, authservId: readAuthserv(results)?.id, results }
}

// arc-info = instance [CFWS] ";" authres-payload
function readNumber(text: string): { readonly instance: number; readonly end: number } {
  let at = skipComments(text, 0)
  const equals = skipComments(text, at + 1)
  const start = skipComments(text, equals + 1)
  at = start
  while (/\d/.test(text[at] ?? '')) at++
  const end = skipComments(text, at)
  if (text[skipComments(text, 0)] !== 'i' || text[equals] !== '=' || text[end] !== ';') {
    throw arcFault('ARC_BAD_INSTANCE', `find the number of a set in "${clip(text)}"`, '4.2.1')
  }
  return { instance: toInstance(text.slice(start, at)), end: end + 1 }
}

/**
 * Formats the field, folded.
 *
 * @param value Its number and results; the latter hold no line break and no other control.
 * @param options How long its lines may be.
 * @returns The field without the CRLF that ends it.
 * @throws {MailError} `ARC_BAD_RESULTS` for results with a control, or that do not begin with who says so.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8617#section-4.1.1 | RFC 8617 section 4.1.1}
 * @example
 * formatArcAuthenticationResults({ instance: 1, results: 'mx.example; spf=pass' })
 * // 'ARC-Authentication-Results: i=1; mx.example; spf=pass'
 */
export function formatArcAuthenticationResults(
  value: Pick<ArcAuthenticationResults, 'instance' | 'results'>,
  options: FormatArcOptions = {},
): string {
  const results = oneLine(value.results)
  if (CONTROL.test(results) || !readAuthserv(results)) {
    throw arcFault('ARC_BAD_RESULTS', `keep "${clip(results)}" as results`, '4.1.1')
  }
  const words = results.split(/(?= )/).map(spaced)
  return foldField([`ARC-Authentication-Results: i=${value.instance};`, ...words], options)
}

// All but the first begin with the blank before them.
function spaced(word: string): string {
  return word.startsWith(' ') ? word : ` ${word}`
}

/**
 * Unfolds a text, makes each run of blanks one, and none at the ends.
 *
 * @internal
 */
export function oneLine(text: string): string {
  return text
    .replace(/\r\n(?=[ \t])/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
}
