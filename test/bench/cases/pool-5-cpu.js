/** Compose and send 2 KB messages over a pool of five connections to smtp-sink, by the work of the client. */
import { loadingCase } from '../loading.js'

export const title =
  'Compose and send 2 KB messages over a pool of five connections to smtp-sink, by the work of the client'
export const unit = 'messages per CPU second'
export const rounds = 9

export const { setup, teardown } = loadingCase(
  { messages: 3000 },
  { clock: 'cpu', connections: 5, names: ['nodemailer', 'upyo', 'posthorn', 'bare socket', 'smtp-source'] },
)
