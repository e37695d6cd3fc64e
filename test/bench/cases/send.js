/** Send a small message over one open connection. */
import { prepareSending } from '../sending.js'

export const title = 'Send a small message over one open connection'
export const unit = 'messages/s'
export const rounds = 11

let sending

export async function setup() {
  sending = await prepareSending('wall')
  return sending.rows
}

export async function teardown() {
  await sending?.close()
}
