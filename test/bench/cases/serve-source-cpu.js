/** Serve messages of 2 KB to smtp-source over twenty connections, by the work of the server. */
import { sourcingCase } from '../sourcing.js'

export const title = 'Serve messages of 2 KB to smtp-source over twenty connections, by the work of the server'
export const unit = 'ms of CPU for 1,000'
export const rounds = 9

const WHAT = { connections: 20, messages: 5000, octets: 2000 }

export const { setup, teardown } = sourcingCase(WHAT, ({ cpu }) => (cpu * 1e6) / WHAT.messages)
