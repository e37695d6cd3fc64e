/** Compose and send small messages over five open connections, by the work of the client. */
import { prepareSending } from '../sending.js'

export const title = 'Compose and send small messages over five open connections, by the work of the client'
export const unit = 'messages per CPU second of the client'
export const rounds = 9

let sending

export async function setup() {
  sending = await prepareSending('cpu', 5)
  return sending.rows
}

export async function teardown() {
  await sending?.close()
}
