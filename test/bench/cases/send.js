/** Compose and send small messages over one open connection. */
import { prepareSending } from '../sending.js'

export const title = 'Compose and send small messages over one open connection'
export const unit = 'messages/s'
export const rounds = 9

let sending

export async function setup() {
  sending = await prepareSending('wall', 1)
  return sending.rows
}

export async function teardown() {
  await sending?.close()
}
