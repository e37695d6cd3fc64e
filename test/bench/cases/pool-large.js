/** One message of 50 MB from a stream over one connection to smtp-sink. */
import { prepareLoading } from '../loading.js'

export const title = 'One message of 50 MB from a stream over one connection to smtp-sink'
export const unit = 'MB/s'
export const rounds = 9

let loading

export async function setup() {
  loading = await prepareLoading(
    { octets: 50_000_000 },
    { clock: 'wall', connections: 1, names: ['nodemailer', 'posthorn', 'smtp-source'] },
  )
  return loading.rows
}

export function teardown() {
  loading?.close()
}
