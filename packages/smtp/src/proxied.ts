/** The beginning of a connection that a trusted proxy opened: its header, before anything else. */

import { concatBytes } from '@posthorn/core'
import type { Connection, Endpoint } from './connection.ts'
import { deadlineFor } from './deadline.ts'
import { type Bounds, Wait } from './driver.ts'
import { fault } from './error.ts'
import { readProxyHeader } from './proxy-protocol.ts'

/** What a proxy has said, and what came behind it. */
export interface Proxied {
  /** The client; absent when the proxy speaks for itself, or does not know. */
  readonly source: Endpoint | undefined
  readonly rest: Uint8Array
}

/**
 * Reads the header of the PROXY protocol off a connection.
 *
 * @internal
 */
export async function receiveProxyHeader(connection: Connection, bounds: Bounds): Promise<Proxied> {
  const wait = new Wait(deadlineFor('handshake'), bounds)
  try {
    let all = new Uint8Array(0)
    for (;;) {
      const bytes = await wait.race(() => connection.read())
      if (!bytes) throw fault('SMTP_CLOSED', 'the connection ended before the header of the proxy')
      all = concatBytes([all, bytes])
      const header = readProxyHeader(all)
      if (header.type === 'bad') throw fault('SMTP_BAD_PROXY_HEADER', 'the header of the proxy is missing or malformed')
      if (header.type === 'header') return { source: header.source, rest: all.subarray(header.length) }
    }
  } finally {
    wait.stop()
  }
}
