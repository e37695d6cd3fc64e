/** One message of 50 MB from a stream over one connection to smtp-sink. */
import { loadingCase } from '../loading.js'

export const title = 'One message of 50 MB from a stream over one connection to smtp-sink'
export const unit = 'MB/s'
export const rounds = 9

export const { setup, teardown } = loadingCase(
  { octets: 50_000_000 },
  { clock: 'wall', connections: 1, names: ['nodemailer', 'posthorn', 'smtp-source'] },
)
