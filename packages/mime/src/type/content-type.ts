/** Content-Type as it is received: RFC 2045 section 5, with the boundary of RFC 2046 section 5.1.1. */

import { type Defect, DefectList } from '../syntax/defect.ts'
import { joinParameters, type ReadParameter, type ReadParametersOptions } from './parameter-reader.ts'
import { isSpecial, lowerCase, ParameterScanner, type RawParameter } from './parameter-scanner.ts'
import { readPlainType } from './plain-type.ts'

/** What a part is said to hold. */
export interface ContentType {
  /** In lower case; `text` where there is no type, as RFC 2045 section 5.2 has it. */
  readonly type: string
  /** In lower case; `plain` where there is no type. */
  readonly subtype: string
  /** In order, none twice. */
  readonly parameters: readonly ReadParameter[]
  /** What was doubted, with offsets in the text. */
  readonly defects: readonly Defect[]
}

// boundary = 0*69<bchars> bcharsnospace
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/

/**
 * Reads the value of Content-Type. Nothing in it is an error: what is not of the form `type/subtype` is `text/plain`,
 * its parameters are read all the same, and defects tell what was doubted, and the other value where readers differ.
 *
 * Comments about a value are none of it, those within an unquoted one are; such a value reaches to the semicolon, or to
 * a blank and what looks like a parameter. Of two parameters alike the first counts, and a value by RFC 2231 before a
 * plain one. Encoded words count as what they mean in `name` and `filename` alone.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits, and decoders for charsets.
 * @returns The type; defects as {@link DefectCode} lists them for characters, types and parameters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2045#section-5.1 | RFC 2045 section 5.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc2231 | RFC 2231}
 * @example
 * const read = readContentType('Text/HTML; charset=utf-8; charset=koi8-r')
 * read.type // 'text'
 * read.subtype // 'html'
 * read.parameters // [{ name: 'charset', value: 'utf-8' }]
 * read.defects // [{ code: 'duplicate-parameter', start: 26, end: 40, other: 'koi8-r' }]
 */
export function readContentType(text: string, options: ReadParametersOptions = {}): ContentType {
  const plain = readPlainType(text)
  if (plain) return { type: plain.type, subtype: plain.subtype, parameters: plain.parameters, defects: [] }
  const defects = new DefectList()
  const scanner = new ParameterScanner(text, defects)
  const { type, subtype } = takeType(scanner)
  const raws = scanner.takeParameters(options.maxParameters ?? 200)
  const parameters = joinParameters(raws, { ...options, defects })
  const boundary = findParameter(parameters, 'boundary')
  if (boundary !== undefined) checkBoundary(boundary, { raws, defects })
  else if (type === 'multipart') defects.add('missing-boundary', { start: 0, end: text.length })
  return { type, subtype, parameters, defects: defects.defects }
}

/**
 * Finds the value of a parameter.
 *
 * @param parameters Those of a {@link ContentType} or a {@link Disposition}.
 * @param name The name in lower case.
 * @returns The value, if there is one.
 * @example
 * findParameter(readContentType('text/plain; charset=utf-8').parameters, 'charset') // 'utf-8'
 * findParameter([], 'charset') // undefined
 */
export function findParameter(parameters: readonly ReadParameter[], name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value
}

// content = type "/" subtype *( ";" parameter )
function takeType(scanner: ParameterScanner): { readonly type: string; readonly subtype: string } {
  const { text, defects } = scanner
  const { tokens, end } = scanner.takeHead()
  const [type, slash, subtype, more] = tokens
  if (type?.type !== 'atom' || !isSpecial(slash, '/') || subtype?.type !== 'atom') {
    const written = text.slice(type?.start ?? 0, end)
    defects.add('bad-type', { start: type?.start ?? 0, end }, written || undefined)
    return { type: 'text', subtype: 'plain' }
  }
  if (slash?.spaced || subtype.spaced) defects.add('obsolete-spacing', { start: type.end, end: subtype.start })
  if (more) defects.add('trailing-text', { start: more.start, end }, text.slice(type.start, end))
  return { type: lowerCase(type.value), subtype: lowerCase(subtype.value) }
}

interface BoundaryContext {
  readonly raws: readonly RawParameter[]
  readonly defects: DefectList
}

function checkBoundary(boundary: string, { raws, defects }: BoundaryContext): void {
  const range = raws.find(({ name }) => name.startsWith('boundary'))!
  if (/^'.*'$/.test(boundary)) defects.add('single-quoted', range, boundary.slice(1, -1))
  if (BOUNDARY.test(boundary)) return
  const trimmed = boundary.trimEnd()
  if (trimmed === boundary) defects.add('bad-boundary', range)
  else defects.add('bad-boundary', range, trimmed)
}
