/** Serve messages of 2 KB to smtp-source over twenty connections, by the work of the server. */
import { prepareSourcing } from '../sourcing.js'

export const title = 'Serve messages of 2 KB to smtp-source over twenty connections, by the work of the server'
export const unit = 'ms of CPU for 1,000'
export const rounds = 9

const WHAT = { connections: 20, messages: 5000, octets: 2000 }

let sourcing

export async function setup() {
  sourcing = await prepareSourcing(WHAT, ({ cpu }) => (cpu * 1e6) / WHAT.messages)
  return sourcing.rows
}

export function teardown() {
  sourcing?.close()
}
