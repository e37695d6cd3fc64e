/** What goes over a connection, as the end that records it sees it: who says which line, when TLS begins, who ends. */

import type { Connection } from '@posthorn/smtp'

/** One line, the beginning of TLS, or the end. */
export type Turn =
  | { readonly by: 'client' | 'server'; readonly text: string; readonly octets: number }
  | { readonly by: 'tls'; readonly version: string; readonly cipher: string }
  | { readonly by: 'end'; readonly who: 'client' | 'server' }

/** A connection, and what has been said on it. */
export interface Recorded {
  readonly connection: Connection
  readonly turns: readonly Turn[]
  /** Settles when both ends are done. */
  readonly ended: Promise<void>
}

class Lines {
  #rest = ''

  split(octets: Uint8Array): string[] {
    const lines = (this.#rest + Buffer.from(octets).toString('utf8')).split('\r\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }
}

function lineOf(by: 'client' | 'server', text: string): Turn {
  return { by, text, octets: Buffer.byteLength(text) + 2 }
}

/** Records a connection of which one end is ours. */
export function record(connection: Connection, ours: 'client' | 'server'): Recorded {
  const turns: Turn[] = []
  const theirs = ours === 'client' ? 'server' : 'client'
  const [sent, received] = [new Lines(), new Lines()]
  let settle: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    settle = resolve
  })
  const end = (who: 'client' | 'server'): void => {
    if (turns.at(-1)?.by !== 'end') turns.push({ by: 'end', who })
    settle()
  }
  return {
    turns,
    ended,
    connection: {
      get info() {
        return connection.info
      },
      async read() {
        const octets = await connection.read().catch((error) => {
          end(theirs)
          throw error
        })
        if (octets) turns.push(...received.split(octets).map((text) => lineOf(theirs, text)))
        else end(theirs)
        return octets
      },
      write(octets) {
        if (turns.at(-1)?.by !== 'end') turns.push(...sent.split(octets).map((text) => lineOf(ours, text)))
        return connection.write(octets)
      },
      async startTls(options) {
        const info = await connection.startTls(options)
        turns.push({ by: 'tls', version: info.protocol, cipher: info.cipher })
        return info
      },
      async close() {
        end(ours)
        await connection.close()
      },
      abort(reason) {
        end(ours)
        connection.abort(reason)
      },
    },
  }
}
