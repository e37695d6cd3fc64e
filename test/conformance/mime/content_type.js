/** Types and dispositions with their parameters. */
import { readContentType, readDisposition } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'content_type'

/** @param {string} header A field's value, its lines ended by LF. */
export function read(header) {
  const text = unfolded(header.trimStart())
  const { type, subtype, parameters, defects } = readContentType(text)
  const isType = defects.every(({ code }) => code !== 'bad-type')
  const attributes = parameters.flatMap(({ name, value, language }) => [
    ...(language ? [[`${name}-language`, language]] : []),
    [name, value],
  ])
  return {
    c_type: isType ? type : readDisposition(text).type,
    c_subtype: isType ? subtype : null,
    attributes: attributes.length > 0 ? attributes : null,
  }
}

read.normalize = (expected) => expected && { ...expected, attributes: expected.attributes ?? null }
