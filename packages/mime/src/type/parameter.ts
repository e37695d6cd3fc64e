/**
 * Parameters of structured fields: RFC 2045 section 5.1, with other characters and long values by RFC 2231 section 3
 * and 4. Out of scope: reading them, and languages.
 */

import { clip, findControl, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { quote } from '../syntax/quoted-string.ts'
import { isPlain, wordsOf } from '../text/encoded-word.ts'
import { wellFormed } from '../text/well-formed.ts'

/** One parameter. */
export interface Parameter {
  /** The name, of which letter case does not matter. */
  readonly name: string
  /** The value as it is meant, neither quoted nor encoded; a lone surrogate becomes U+FFFD. */
  readonly value: string
  /**
   * Whether a value beyond short US-ASCII is written as encoded words in quotes instead, against RFC 2047 section 5;
   * default `false`. For the `name` of Content-Type only: the many readers that miss a `filename*` look there.
   */
  readonly encodedWord?: boolean
}

/** A value with its parameters. */
export interface ParameterizedValue {
  /** A token, as of Content-Disposition, or two with a slash between, as of Content-Type. */
  readonly value: string
  /** The parameters in order; default none. */
  readonly parameters?: readonly Parameter[]
}

// " " and ";" stand about a parameter on its line of at most 76 columns.
const MAX_PARAMETER = 74
const MAX_WORD = 64
// attribute-char = any of US-ASCII but SPACE, CTL, "*", "'", "%" and tspecials     ; RFC 2231 section 7
const ATTRIBUTE = /^[!#$&+\-.^_`{|}~0-9A-Za-z]{1,40}$/
const BARE_VALUE = /^[+\-._0-9A-Za-z]+$/
const CHARSET = "utf-8''"

/**
 * Formats one parameter: bare, quoted, or by RFC 2231 when the value is not printable US-ASCII or is too long for a
 * line. A value in several sections has all of them in one form, as some readers lose what is mixed.
 *
 * @param parameter The name and the value.
 * @returns The sections, one unless the value is long, to be parted by `; `.
 * @throws {MailError} `MIME_BAD_PARAMETER` for a name that is no attribute, or a control character in the value.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2231#section-4 | RFC 2231 section 4}
 * @example
 * formatParameter({ name: 'charset', value: 'utf-8' }) // ['charset=utf-8']
 * formatParameter({ name: 'filename', value: 'my notes.txt' }) // ['filename="my notes.txt"']
 * formatParameter({ name: 'filename', value: 'naïve.txt' }) // ["filename*=utf-8''na%C3%AFve.txt"]
 */
export function formatParameter(parameter: Parameter): string[] {
  const { name, encodedWord } = parameter
  const value = wellFormed(parameter.value)
  if (!ATTRIBUTE.test(name)) throw fault(name, 'its name is none')
  if (findControl(value) >= 0) throw fault(name, 'its value has a control character')
  const simple = `${name}=${BARE_VALUE.test(value) ? value : quote(value)}`
  if (isPlain(value) && simple.length <= MAX_PARAMETER) return [simple]
  return encodedWord ? [`${name}="${formatCompatible(name, value)}"`] : formatExtended(name, value)
}

function formatCompatible(name: string, value: string): string {
  return wordsOf(value, { phrase: true, column: name.length + 5 }, MAX_WORD)
}

// RFC 2231 section 4.1: sections are numbered from 0, and the first alone names the charset.
function formatExtended(name: string, value: string): string[] {
  const characters = Array.from(value, escapeCharacter)
  const whole = `${name}*=${CHARSET}${characters.join('')}`
  if (whole.length <= MAX_PARAMETER) return [whole]
  const sections: string[] = []
  let section = `${name}*0*=${CHARSET}`
  for (const character of characters) {
    if (section.length + character.length > MAX_PARAMETER) {
      sections.push(section)
      section = `${name}*${sections.length}*=`
    }
    section += character
  }
  return [...sections, section]
}

function escapeCharacter(character: string): string {
  return ATTRIBUTE.test(character) ? character : encodeURIComponent(character).replace(/['()*]/, hexEscape)
}

function hexEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function fault(name: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_PARAMETER', `Cannot format parameter "${clip(name)}": ${why}`, {
    spec: 'rfc2231#section-7',
  })
}
