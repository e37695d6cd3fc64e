/** One message of 50 MB from a stream over one connection to smtp-sink, by the work of the client. */
import { loadingCase } from '../loading.js'

export const title = 'One message of 50 MB from a stream over one connection to smtp-sink, by the work of the client'
export const unit = 'MB per CPU second'
export const rounds = 9

export const { setup, teardown } = loadingCase(
  { octets: 50_000_000 },
  { clock: 'cpu', connections: 1, names: ['nodemailer', 'posthorn', 'smtp-source'] },
)
