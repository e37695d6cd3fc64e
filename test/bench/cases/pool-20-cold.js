/** The first thousand 2 KB messages of a process over twenty connections to smtp-sink, by the work of the client. */
import { loadingCase } from '../loading.js'

export const title =
  'The first thousand 2 KB messages of a process over twenty connections to smtp-sink, by the work of the client'
export const unit = 'messages per CPU second'
export const rounds = 7
export const warmUp = 0

export const { setup, teardown } = loadingCase(
  { messages: 1000 },
  { clock: 'cpu', connections: 20, cold: true, names: ['nodemailer', 'upyo', 'posthorn', 'bare socket'] },
)
