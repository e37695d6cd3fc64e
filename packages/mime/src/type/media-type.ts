/** The media type of a part as a caller states it: RFC 2045 section 5.1, without comments and RFC 2231 forms. */

import { clip, findControl, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import type { Parameter, ParameterizedValue } from './parameter.ts'

const TOKEN = "[!#$%&'*+\\-.^_`{|}~0-9A-Za-z]+"
// content = type "/" subtype *( ";" parameter )
const TYPE = /* @__PURE__ */ (() => new RegExp(`^${TOKEN}/${TOKEN}`))()
// parameter = attribute "=" ( token / quoted-string )
const PARAMETER = /* @__PURE__ */ (() => new RegExp(` *; *([^=*'%; ]+)=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")`, 'uy'))()

/**
 * Parses a media type; type, subtype and the names of parameters come back in lower case.
 *
 * @internal
 */
export function parseMediaType(text: string): Required<ParameterizedValue> {
  if (findControl(text) >= 0) throw fault(text, 'it has a control character')
  const value = TYPE.exec(text)?.[0].toLowerCase()
  if (value === undefined) throw fault(text, 'it is not of the form type/subtype')
  const parameters: Parameter[] = []
  let end = value.length
  while (end < text.length) {
    PARAMETER.lastIndex = end
    const match = PARAMETER.exec(text)
    if (!match) throw fault(text, 'a parameter is not well-formed')
    const name = match[1]!.toLowerCase()
    // HAZARD: RFC 2045 section 5.1 leaves open what a second one means, and readers differ.
    if (parameters.some((other) => other.name === name)) throw fault(text, `it has ${clip(name)} twice`)
    parameters.push({ name, value: match[2] ?? match[3]!.replace(/\\(.)/gu, '$1') })
    end = PARAMETER.lastIndex
  }
  return { value, parameters }
}

function fault(text: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_TYPE', `Cannot take media type "${clip(text)}": ${why}`, {
    spec: 'rfc2045#section-5.1',
  })
}
