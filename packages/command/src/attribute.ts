/**
 * The attributes of XCLIENT and XFORWARD, by which a trusted proxy tells whom it speaks for. Both are extensions of
 * Postfix, described in its XCLIENT_README and XFORWARD_README.
 */

import { clip, MailError, parseIpAddress } from '@posthorn/core'
import type { CommandErrorCode } from './error.ts'
import { toUpperAscii } from './grammar.ts'
import { decodeXtext, encodeXtext } from './xtext.ts'

/** One attribute of a client. */
export interface ClientAttribute {
  /** Its name in upper case, as `ADDR`. */
  readonly name: string
  /** Its value, decoded; an IP address without the prefix `IPV6:`; `null` when it is not known. */
  readonly value: string | null
  /** Whether the value is not known because of a passing failure. */
  readonly temporary?: boolean
}

const NAME = /^[A-Z]+$/
const ADDRESSES: ReadonlySet<string> = new Set(['ADDR', 'DESTADDR'])
const PORTS: ReadonlySet<string> = new Set(['PORT', 'DESTPORT'])
const UNAVAILABLE = '[UNAVAILABLE]'
const TEMPORARY = '[TEMPUNAVAIL]'

/** @internal */
export function formatClientAttributes(attributes: readonly ClientAttribute[]): string[] {
  const words = attributes.map(formatAttribute)
  // What would not be taken must not be sent: one check for both ways.
  parseClientAttributes(words)
  return words
}

function formatAttribute({ name: anyCase, value, temporary }: ClientAttribute): string {
  const name = toUpperAscii(anyCase)
  if (value === null) return `${name}=${temporary ? TEMPORARY : UNAVAILABLE}`
  // Postfix decodes before it looks, so that no encoding makes a value of these words.
  if (isUnavailable(value)) throw badAttribute(`${name}=${value}`)
  return `${name}=${ADDRESSES.has(name) && value.includes(':') ? 'IPV6:' : ''}${encodeXtext(value)}`
}

function isUnavailable(value: string): boolean {
  return [UNAVAILABLE, TEMPORARY].includes(toUpperAscii(value))
}

/** @internal */
export function parseClientAttributes(words: readonly string[]): ClientAttribute[] {
  if (words.length === 0) throw badAttribute('')
  const seen = new Set<string>()
  return words.map((word) => {
    const equals = word.indexOf('=')
    const name = toUpperAscii(word.slice(0, Math.max(equals, 0)))
    if (!NAME.test(name) || seen.has(name)) throw badAttribute(word)
    seen.add(name)
    return parseAttribute(name, word.slice(equals + 1), word)
  })
}

function parseAttribute(name: string, encoded: string, word: string): ClientAttribute {
  const value = decodeXtext(encoded)
  if (isUnavailable(value)) return { name, value: null, ...(toUpperAscii(value) === TEMPORARY && { temporary: true }) }
  if (value === '') throw badAttribute(word)
  if (ADDRESSES.has(name)) return { name, value: parseAddress(value, word) }
  if (PORTS.has(name) && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535)) throw badAttribute(word)
  return { name, value }
}

function parseAddress(value: string, word: string): string {
  const address = value.replace(/^ipv6:/i, '')
  if (!parseIpAddress(address) || (address !== value && !address.includes(':'))) throw badAttribute(word)
  return address
}

function badAttribute(word: string): MailError<CommandErrorCode> {
  return new MailError('COMMAND_BAD_PARAMETER', `Cannot take attribute "${clip(word)}"`)
}
