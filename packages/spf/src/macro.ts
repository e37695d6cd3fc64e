/**
 * Macro strings and domain-specs as values: the grammar of RFC 7208 section 7.1.
 * Out of scope: what they expand to, which expand.ts has.
 */

import { fault } from './error.ts'

/** The letters of RFC 7208 section 7.2; `c`, `r` and `t` stand in explanations only. */
export type MacroLetter = 's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'h' | 'c' | 'r' | 't' | 'v'

/** Text that stands for itself. */
export interface MacroLiteral {
  /** The discriminant. */
  readonly type: 'literal'
  /** The text: visible US-ASCII without `%`; in an explanation also spaces. */
  readonly text: string
}

/** `%%`, `%_` and `%-`: a percent sign, a space, and `%20`. */
export interface MacroEscape {
  /** The discriminant. */
  readonly type: 'escape'
  /** What stands behind the percent sign. */
  readonly character: '%' | '_' | '-'
}

/** `%{…}`: a value of the check at hand. */
export interface MacroExpand {
  /** The discriminant. */
  readonly type: 'macro'
  /** Which value, as a small letter. */
  readonly letter: MacroLetter
  /** Whether the result is URL-escaped: the letter was written large. */
  readonly urlEscape: boolean
  /** How many parts of the right are kept; absent for all. */
  readonly parts?: number
  /** Whether the parts are put in reverse order. */
  readonly reverse: boolean
  /** What the value is split at; empty for the dot. */
  readonly delimiters: string
}

/** One part of a macro string. */
export type MacroPart = MacroLiteral | MacroEscape | MacroExpand

/** A macro string: its parts in order, no two literals side by side. */
export type MacroString = readonly MacroPart[]

/** @internal */
export interface MacroContext {
  /** Whether the text is an explanation, which may have spaces and the letters `c`, `r` and `t`. */
  readonly explanation?: boolean
  /** Where the text stands in the record. */
  readonly offset?: number
}

// macro-expand  = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
// transformers  = *DIGIT [ "r" ]
// macro-literal = %x21-24 / %x26-7E
const PART = /([\x20-\x24\x26-\x7e]+)|%([%_-])|%\{([slodiphcrtv])(\d*)(r?)([-.+,/_=]*)\}/iy

// The most common one, with nothing to expand.
const LITERAL = /^[\x21-\x24\x26-\x7e]+$/

/**
 * Parses a macro string.
 *
 * @internal
 * @throws {MailError} `SPF_BAD_MACRO` at the first part that is none.
 */
export function parseMacroString(text: string, context: MacroContext = {}): MacroString {
  if (LITERAL.test(text)) return [{ type: 'literal', text }]
  const parts: MacroPart[] = []
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    PART.lastIndex = at
    const match = PART.exec(text)
    const part = match && toPart(match, context.explanation ?? false)
    if (!part) throw fault('SPF_BAD_MACRO', text.slice(at), { section: '7.1', offset: (context.offset ?? 0) + at })
    parts.push(part)
  }
  return parts
}

function toPart(match: RegExpExecArray, explanation: boolean): MacroPart | undefined {
  const [, text, character, letter, digits, reverse, delimiters] = match
  if (text !== undefined) return explanation || !text.includes(' ') ? { type: 'literal', text } : undefined
  if (character !== undefined) return { type: 'escape', character: character as MacroEscape['character'] }
  const small = letter!.toLowerCase() as MacroLetter
  // RFC 7208 section 7.2: these three in explanations only.
  if (!explanation && 'crt'.includes(small)) return undefined
  const parts = digits === '' ? undefined : Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
  // RFC 7208 section 7.3: a number of parts is not zero.
  if (parts === 0) return undefined
  return {
    type: 'macro',
    letter: small,
    urlEscape: letter !== small,
    ...(parts === undefined ? {} : { parts }),
    reverse: reverse !== '',
    delimiters: delimiters!,
  }
}

/** @internal */
export function formatMacroString(parts: MacroString): string {
  return parts.length === 1 ? formatPart(parts[0]!) : parts.map(formatPart).join('')
}

/**
 * Gives which parts a macro string has, for those of one text to be compared; texts side by side are one.
 *
 * @internal
 */
export function macroOutline(parts: MacroString): string {
  const outlines: string[] = []
  for (const part of parts) {
    if (part.type !== 'literal') outlines.push(outlineOf(part))
    else if (part.text !== '' && outlines.at(-1) !== 'text') outlines.push('text')
  }
  return outlines.join(' ')
}

function outlineOf(part: MacroEscape | MacroExpand): string {
  return part.type === 'escape' ? '%' : [part.parts, part.reverse, part.delimiters].join(':')
}

function formatPart(part: MacroPart): string {
  if (part.type === 'literal') return part.text
  if (part.type === 'escape') return `%${part.character}`
  const letter = part.urlEscape ? part.letter.toUpperCase() : part.letter
  return `%{${letter}${part.parts ?? ''}${part.reverse ? 'r' : ''}${part.delimiters}}`
}

// domain-end = ( "." toplabel [ "." ] ) / macro-expand
// toplabel   = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
const TOP_LABEL = /^(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/

/**
 * Parses a domain-spec.
 *
 * @internal
 * @throws {MailError} `SPF_BAD_MACRO`; `SPF_BAD_DOMAIN` when it ends in neither a macro nor a label for the top.
 */
export function parseDomainSpec(text: string, offset: number): MacroString {
  const parts = parseMacroString(text, { offset })
  const last = parts.at(-1)
  if (!last || (last.type === 'literal' && !endsInTopLabel(last.text))) {
    throw fault('SPF_BAD_DOMAIN', text, { section: '7.1', offset })
  }
  return parts
}

function endsInTopLabel(text: string): boolean {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const dot = bare.lastIndexOf('.')
  return dot >= 0 && TOP_LABEL.test(bare.slice(dot + 1))
}
