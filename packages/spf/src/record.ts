/** SPF records as values: RFC 7208 sections 3, 4.5 and 4.6.1. Out of scope: what a record means for a client. */

import { MailError } from '@posthorn/core'
import { fault, type SpfErrorCode } from './error.ts'
import { formatTerm, isSameTerm, parseTerm, type SpfNamedModifier, type SpfTerm } from './term.ts'

/** A record. */
export interface SpfRecord {
  /** Its mechanisms and modifiers, in order. */
  readonly terms: readonly SpfTerm[]
}

// version = "v=spf1"                  ; RFC 7208 section 4.5: followed by a space or the end, in any case
const VERSION = /^v=spf1(?= |$)/i

/** @internal */
export function isSpf(text: string): boolean {
  return VERSION.test(text)
}

/**
 * Parses a record, the whole of it, before anyone evaluates any of it.
 *
 * @param text The character-strings of one TXT record, joined.
 * @returns The record; what the text leaves open is absent, the qualifier aside.
 * @throws {MailError} With the place of the first fault as its `offset`, in UTF-16 units: `SPF_BAD_VERSION` when it does
 * not begin with `v=spf1`; `SPF_UNKNOWN_MECHANISM`; `SPF_BAD_MACRO`, `SPF_BAD_DOMAIN`, `SPF_BAD_NETWORK`,
 * `SPF_BAD_CIDR` for an argument; `SPF_DUPLICATE_MODIFIER` for a second `redirect` or `exp`; `SPF_BAD_TERM` for what
 * is no term at all.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-4.6.1 | RFC 7208 section 4.6.1}
 * @example
 * parseSpf('v=spf1 ip4:192.0.2.0/24 -all').terms[0] // { type: 'ip4', qualifier: '+', network: '192.0.2.0', length: 24 }
 * parseSpf('v=spf1 ip4:192.0.2.0/33 -all') // throws SPF_BAD_CIDR
 */
export function parseSpf(text: string): SpfRecord {
  const terms: SpfTerm[] = []
  const seen: Seen = { redirect: false, exp: false }
  requireSpf(text)
  for (const { text: piece, offset } of piecesOf(text)) terms.push(readTerm(piece, offset, seen))
  return { terms }
}

/**
 * Writes a record: small letters, one space between terms, no `+`.
 *
 * @param record The record.
 * @returns Its text, which may be longer than one character-string of a TXT record.
 * @throws {MailError} As `parseSpf`, for a value that no record can hold; `SPF_BAD_TERM` also for one that would be read as
 * something else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7208#section-4.6.1 | RFC 7208 section 4.6.1}
 * @example
 * formatSpf({ terms: [{ type: 'mx', qualifier: '+', ip4Length: 24 }, { type: 'all', qualifier: '-' }] }) // 'v=spf1 mx/24 -all'
 */
export function formatSpf(record: SpfRecord): string {
  const text = ['v=spf1', ...record.terms.map(formatTerm)].join(' ')
  const { terms } = parseSpf(text)
  // HAZARD: a space in a value would make two terms of one, and "/24" at the end of a name a length.
  const isSame = terms.length === record.terms.length && terms.every((term, at) => isSameTerm(term, record.terms[at]!))
  if (!isSame) throw fault('SPF_BAD_TERM', text, { section: '4.6.1' })
  return text
}

/** @internal */
export interface ScannedTerm {
  /** Where it stands in the text. */
  readonly offset: number
  /** Its text. */
  readonly text: string
  /** What it says; absent when it is wrong. */
  readonly term?: SpfTerm
  /** What is wrong. */
  readonly error?: MailError<SpfErrorCode>
}

/**
 * Parses every term of a record by itself, whatever the others are.
 *
 * @internal
 * @throws {MailError} `SPF_BAD_VERSION`.
 */
export function* scanSpf(text: string): Generator<ScannedTerm, void> {
  requireSpf(text)
  const seen: Seen = { redirect: false, exp: false }
  for (const { text: piece, offset } of piecesOf(text)) yield scanTerm(piece, offset, seen)
}

function requireSpf(text: string): void {
  if (!isSpf(text)) throw fault('SPF_BAD_VERSION', text, { section: '4.5', offset: 0 })
}

interface Piece {
  readonly text: string
  readonly offset: number
}

/** Gives what stands between spaces behind the version, with its place. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let space = text.indexOf(' '); space >= 0; ) {
    const next = text.indexOf(' ', space + 1)
    const offset = space + 1
    const piece = text.slice(offset, next < 0 ? text.length : next)
    if (piece !== '') pieces.push({ text: piece, offset })
    space = next
  }
  return pieces
}

type Seen = Record<SpfNamedModifier['type'], boolean>

function readTerm(text: string, offset: number, seen: Seen): SpfTerm {
  const term = parseTerm(text, offset)
  // RFC 7208 section 6: these two at most once.
  if (term.type === 'redirect' || term.type === 'exp') {
    if (seen[term.type]) throw fault('SPF_DUPLICATE_MODIFIER', text, { section: '6', offset })
    seen[term.type] = true
  }
  return term
}

function scanTerm(text: string, offset: number, seen: Seen): ScannedTerm {
  try {
    return { offset, text, term: readTerm(text, offset, seen) }
  } catch (error) {
    if (error instanceof MailError) return { offset, text, error }
    throw error
  }
}
