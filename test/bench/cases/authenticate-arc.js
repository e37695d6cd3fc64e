/** A message of 4 KB authenticated, as `authenticate.js` has it, and a chain of one ARC set. */
import { authRows, NODE } from '../authenticating.js'

export const title = 'Authentication of 4 KB: SPF, one RSA signature, one ARC set, DMARC'
export const unit = 'messages/s'
export const rounds = 15
export const node = NODE

export const setup = () => authRows(true)
