/** Serve messages of 2 KB to smtp-source over twenty connections. */
import { sourcingCase } from '../sourcing.js'

export const title = 'Serve messages of 2 KB to smtp-source over twenty connections'
export const unit = 'messages/s'
export const rounds = 9

const WHAT = { connections: 20, messages: 5000, octets: 2000 }

export const { setup, teardown } = sourcingCase(WHAT, ({ seconds }) => WHAT.messages / seconds)
