/** Sign a message of 1 MB with Ed25519. */
import { NODE, signRows } from '../signing.js'

export const title = 'DKIM: sign a message of 1 MB with Ed25519'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

export const setup = () => signRows('ed25519', { length: 1_000_000, count: 5 })
