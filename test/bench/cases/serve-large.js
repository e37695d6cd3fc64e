/** Serve one message of 50 MB to smtp-source. */
import { sourcingCase } from '../sourcing.js'

export const title = 'Serve one message of 50 MB to smtp-source'
export const unit = 'MB/s'
export const rounds = 9

const WHAT = { connections: 1, messages: 1, octets: 50_000_000 }

export const { setup, teardown } = sourcingCase(WHAT, ({ seconds }) => WHAT.octets / 1e6 / seconds)
