/** Lists of words. */
import { readPhrases } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'list'

/** @param {string} header A field's value, its lines ended by LF or CRLF. */
export function read(header) {
  return readPhrases(unfolded(header))
}
