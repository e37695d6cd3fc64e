/** Serve messages of 2 KB to smtp-source over twenty connections, beside a thousand that are idle. */
import { sourcingCase } from '../sourcing.js'

export const title = 'Serve messages of 2 KB to smtp-source over twenty connections, beside a thousand that are idle'
export const unit = 'messages/s'
export const rounds = 9

const WHAT = { connections: 20, messages: 5000, octets: 2000, idle: 1000 }

export const { setup, teardown } = sourcingCase(WHAT, ({ seconds }) => WHAT.messages / seconds, [
  'smtp-server',
  'posthorn',
  'bare',
])
