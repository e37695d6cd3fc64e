/** The forms of Content-Type that nearly all mail has, read at once: RFC 2045 section 5.1. Every other is left to others. */

import type { ReadParameter } from './parameter-reader.ts'

// content = type "/" subtype *( ";" parameter )           ; no comments, no blanks but those before parameters
const PLAIN =
  /^([A-Za-z]{1,20})\/([A-Za-z0-9.+-]{1,60})((?:;[ \t]*[A-Za-z-]{1,20}=(?:"[A-Za-z0-9_.=+-]{1,70}"|[A-Za-z0-9_.+-]{1,70}))*)$/

/** A type that breaks no rule. */
export interface PlainType {
  readonly type: string
  readonly subtype: string
  readonly parameters: readonly ReadParameter[]
}

/**
 * Reads a type of that form, and none that could be doubted.
 *
 * @internal
 * @returns The type; nothing for all else.
 */
export function readPlainType(text: string): PlainType | undefined {
  const match = PLAIN.exec(text)
  if (!match) return undefined
  const parameters: ReadParameter[] = []
  for (const written of match[3]!.split(';').slice(1)) {
    const equals = written.indexOf('=')
    const name = written.slice(0, equals).trim().toLowerCase()
    const isQuoted = written.charAt(equals + 1) === '"'
    if (parameters.some((one) => one.name === name)) return undefined
    parameters.push({ name, value: isQuoted ? written.slice(equals + 2, -1) : written.slice(equals + 1) })
  }
  const type = match[1]!.toLowerCase()
  if (type === 'multipart' && !parameters.some(({ name }) => name === 'boundary')) return undefined
  return { type, subtype: match[2]!.toLowerCase(), parameters }
}
