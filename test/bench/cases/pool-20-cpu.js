/** Compose and send 2 KB messages over a pool of twenty connections to smtp-sink, by the work of the client. */
import { prepareLoading } from '../loading.js'

export const title =
  'Compose and send 2 KB messages over a pool of twenty connections to smtp-sink, by the work of the client'
export const unit = 'messages per CPU second'
export const rounds = 9

let loading

export async function setup() {
  loading = await prepareLoading(
    { messages: 3000 },
    { clock: 'cpu', connections: 20, names: ['nodemailer', 'upyo', 'posthorn', 'bare socket', 'smtp-source'] },
  )
  return loading.rows
}

export function teardown() {
  loading?.close()
}
