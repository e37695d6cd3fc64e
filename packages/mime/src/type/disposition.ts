/** Content-Disposition as it is received: RFC 2183, with the parameters of RFC 2231. */

import { type Defect, DefectList } from '../syntax/defect.ts'
import { findParameter } from './content-type.ts'
import { safeFilename } from './filename.ts'
import { joinParameters, type ReadParameter, type ReadParametersOptions } from './parameter-reader.ts'
import { lowerCase, ParameterScanner } from './parameter-scanner.ts'

/** How a part is meant to be shown. */
export interface Disposition {
  /** `inline`, `attachment` or another in lower case, which RFC 2183 section 2.8 has treated as `attachment`. */
  readonly type: string
  /** The name that the sender proposes, as it was sent: it may hold a path, controls, anything. */
  readonly filename?: string
  /** The name made safe by {@link safeFilename}; absent where nothing is left of it. */
  readonly safeFilename?: string
  /** In order, none twice, `filename` among them. */
  readonly parameters: readonly ReadParameter[]
  /** What was doubted, with offsets in the text. */
  readonly defects: readonly Defect[]
}

/**
 * Reads the value of Content-Disposition, parameters as {@link readContentType} does. Nothing in it is an error: without
 * a type it is an `attachment`, with a defect.
 *
 * @param text The value of the field, folded or not.
 * @param options Limits, and decoders for charsets.
 * @returns The type and the file name; defects as {@link DefectCode} lists them for characters, types and parameters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc2183#section-2 | RFC 2183 section 2}
 * @example
 * const disposition = readDisposition("ATTACHMENT; filename=a.txt; filename*=utf-8''b%2Fna%C3%AFve.exe")
 * disposition.type // 'attachment'
 * disposition.filename // 'b/naïve.exe'
 * disposition.safeFilename // 'naïve.exe'
 * disposition.defects // [{ code: 'two-forms', start: 12, end: 26, other: 'a.txt' }]
 */
export function readDisposition(text: string, options: ReadParametersOptions = {}): Disposition {
  const defects = new DefectList()
  const scanner = new ParameterScanner(text, defects)
  const type = takeType(scanner)
  const raws = scanner.takeParameters(options.maxParameters ?? 200)
  const parameters = joinParameters(raws, { ...options, defects })
  const filename = findParameter(parameters, 'filename')
  const safe = filename === undefined ? undefined : safeFilename(filename)
  return {
    type,
    ...(filename !== undefined && { filename }),
    ...(safe !== undefined && { safeFilename: safe }),
    parameters,
    defects: defects.defects,
  }
}

// disposition = "Content-Disposition" ":" disposition-type *(";" disposition-parm)
function takeType(scanner: ParameterScanner): string {
  const { text, defects } = scanner
  const { tokens, end } = scanner.takeHead()
  const [type, more] = tokens
  if (type?.type !== 'atom') {
    const start = type?.start ?? 0
    defects.add('bad-type', { start, end }, text.slice(start, end) || undefined)
    return 'attachment'
  }
  if (more) defects.add('trailing-text', { start: more.start, end }, text.slice(type.start, end))
  return lowerCase(type.value)
}
