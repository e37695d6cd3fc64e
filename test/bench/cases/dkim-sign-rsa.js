/** Sign a message of 4 KB with RSA-2048. */
import { NODE, signRows } from '../signing.js'

export const title = 'DKIM: sign a message of 4 KB with RSA-2048'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

export const setup = () => signRows('rsa', { length: 4_000, count: 1000 })
