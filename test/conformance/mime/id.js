/** Identifiers. */
import { readMessageIds } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'id'

/** @param {string} header A field's value, its lines ended by LF. */
export function read(header) {
  const { ids } = readMessageIds(unfolded(header))
  return ids.length > 0 ? ids.map((id) => id.slice(1, -1)) : null
}
