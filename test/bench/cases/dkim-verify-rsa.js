/** Verify a message of 4 KB with RSA-2048. */
import { NODE, verifyRows } from '../signing.js'

export const title = 'DKIM: verify a message of 4 KB with RSA-2048'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

export const setup = () => verifyRows('rsa', { length: 4_000, count: 200 })
