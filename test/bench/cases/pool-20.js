/** Compose and send 2 KB messages over a pool of twenty connections to smtp-sink. */
import { loadingCase } from '../loading.js'

export const title = 'Compose and send 2 KB messages over a pool of twenty connections to smtp-sink'
export const unit = 'messages a second'
export const rounds = 9

export const { setup, teardown } = loadingCase(
  { messages: 3000 },
  { clock: 'wall', connections: 20, names: ['nodemailer', 'upyo', 'posthorn', 'bare socket', 'smtp-source'] },
)
