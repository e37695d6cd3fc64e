/** Compose and send 2 KB messages over a pool of twenty connections to smtp-sink, by the work of the client. */
import { loadingCase } from '../loading.js'

export const title =
  'Compose and send 2 KB messages over a pool of twenty connections to smtp-sink, by the work of the client'
export const unit = 'messages per CPU second'
export const rounds = 9

export const { setup, teardown } = loadingCase(
  { messages: 3000 },
  { clock: 'cpu', connections: 20, names: ['nodemailer', 'upyo', 'posthorn', 'bare socket', 'smtp-source'] },
)
