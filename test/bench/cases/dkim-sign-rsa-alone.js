/** Sign a message of 4 KB with RSA-2048 beside WebCrypto, with nothing else in the process, after 20,000 messages. */
import { NODE, signRows } from '../signing.js'

export const title = 'DKIM: sign a message of 4 KB with RSA-2048, beside WebCrypto'
export const unit = 'messages/s'
export const rounds = 15
export const warmUp = 40
export const node = NODE

export async function setup() {
  const rows = await signRows('rsa', { length: 4_000, count: 500 })
  return rows.filter(({ name }) => name === 'WebCrypto alone' || name === 'posthorn')
}
