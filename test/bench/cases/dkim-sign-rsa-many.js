/** Sign messages of 4 KB with RSA-2048, 20 at a time. */
import { NODE, signRows } from '../signing.js'

export const title = 'DKIM: sign messages of 4 KB with RSA-2048, 20 at a time'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

export const setup = () => signRows('rsa', { length: 4_000, count: 2000, together: 20 })
