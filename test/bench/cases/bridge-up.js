/** A large message to a server through a bridge. */
import { prepareBridging } from '../bridging.js'

export const title = 'A large message to a server through a bridge'
export const unit = 'MB/s'
export const rounds = 9

let bridging

export async function setup() {
  bridging = await prepareBridging('up')
  return bridging.rows
}

export async function teardown() {
  await bridging?.close()
}
