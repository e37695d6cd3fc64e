/** Text with encoded words. */
import { readText } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'unstructured'

/** @param {string} header A field's value, its lines ended by LF, and what follows the field. */
export function read(header) {
  return readText(unfolded(header)).text
}
