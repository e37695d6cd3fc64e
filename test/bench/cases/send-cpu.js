/** Send a small message over one open connection, by the work of the client. */
import { prepareSending } from '../sending.js'

export const title = 'Send a small message over one open connection, by the work of the client'
export const unit = 'messages per CPU second of the client'
export const rounds = 11

let sending

export async function setup() {
  sending = await prepareSending('cpu')
  return sending.rows
}

export async function teardown() {
  await sending?.close()
}
