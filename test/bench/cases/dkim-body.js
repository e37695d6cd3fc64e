/** Canonicalize and hash a body of 1 MB. */
import { bodyRows, NODE } from '../signing.js'

export const title = 'DKIM: the hash of a body of 1 MB, relaxed'
export const unit = 'MB/s'
export const rounds = 9
export const node = NODE

export const setup = bodyRows
