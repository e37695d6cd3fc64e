/** The forms of Content-Type that nearly all mail has, read at once: RFC 2045 section 5.1. Every other is left to others. */

import type { ReadParameter } from './parameter-reader.ts'

// content = type "/" subtype *( ";" parameter )           ; no comments, no blanks but those before parameters
const PLAIN =
  /^([A-Za-z]{1,20})\/([A-Za-z0-9.+-]{1,60})((?:;[ \t]*[A-Za-z-]{1,20}=(?:"[A-Za-z0-9_.=+-]{1,70}"|[A-Za-z0-9_.+-]{1,70}))*)$/
const PARAMETER = /([A-Za-z-]+)=(?:"([^"]*)"|([^;\s]*))/g

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
  for (const [, name, quoted, bare] of match[3]!.matchAll(PARAMETER)) {
    const parameter = { name: name!.toLowerCase(), value: quoted ?? bare! }
    if (parameters.some((one) => one.name === parameter.name)) return undefined
    parameters.push(parameter)
  }
  const type = match[1]!.toLowerCase()
  if (type === 'multipart' && !parameters.some(({ name }) => name === 'boundary')) return undefined
  return { type, subtype: match[2]!.toLowerCase(), parameters }
}
