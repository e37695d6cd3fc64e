/** Round trips of a small command through a bridge, one after the other. */
import { prepareBridging } from '../bridging.js'

export const title = 'Round trips of a small command through a bridge, one after the other'
export const unit = 'round trips/s'
export const rounds = 9

let bridging

export async function setup() {
  bridging = await prepareBridging('echo')
  return bridging.rows
}

export async function teardown() {
  await bridging?.close()
}
