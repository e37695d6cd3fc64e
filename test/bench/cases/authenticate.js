/** A message of 4 KB authenticated: SPF by ip4, a signature by RSA, and the policy of the author's domain. */
import { authRows, NODE } from '../authenticating.js'

export const title = 'Authentication of 4 KB: SPF, one RSA signature, DMARC'
export const unit = 'messages/s'
export const rounds = 15
export const node = NODE

export const setup = () => authRows(false)
