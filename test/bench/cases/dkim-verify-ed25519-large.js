/** Verify a message of 1 MB with Ed25519. */
import { NODE, verifyRows } from '../signing.js'

export const title = 'DKIM: verify a message of 1 MB with Ed25519'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

export const setup = () => verifyRows('ed25519', { length: 1_000_000, count: 5 })
