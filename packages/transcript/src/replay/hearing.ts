/** The replies that a client hears when it is played: read off a connection, and held against those of the transcript. */

import { formatEnhancedStatus, type Reply, ReplyParser } from '@posthorn/reply'
import type { Connection } from '@posthorn/smtp'
import { HIDDEN } from '../dialogue/secret.ts'
import type { ReplyEvent } from '../session.ts'
import { oneLine } from '../write/one-line.ts'

/** One difference between what a server says and what the transcript has. */
export interface ReplayDifference {
  /** The event of the transcript; the number of events for what came after all of them. */
  readonly event: number
  /** What differs: the code, the enhanced status code, the text; or a reply is missing, or nobody expected it. */
  readonly what: 'code' | 'enhanced' | 'text' | 'missing' | 'unexpected'
  /** What the transcript has. */
  readonly expected?: string
  /** What came. */
  readonly received?: string
}

/** Reads replies off a connection. */
export class ReplyReader {
  readonly #connection: Connection
  readonly #parser = new ReplyParser({ tolerate: 'all' })

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Gives the next reply; nothing when the server has gone, or what it says is no reply. */
  async next(): Promise<Reply | undefined> {
    for (;;) {
      const event = this.#parser.next()
      if (event) return event.type === 'reply' ? event.reply : undefined
      const octets = await this.#connection.read().catch(() => undefined)
      if (!octets) return undefined
      this.#parser.push(octets)
    }
  }
}

/** Holds a reply against that of the transcript. */
export function differencesOf({ index, reply }: ReplyEvent, got: Reply, texts: boolean): ReplayDifference[] {
  const aspects = [
    ['code', `${reply.code}`, `${got.code}`],
    ['enhanced', statusOf(reply), statusOf(got)],
    ...(texts ? ([['text', textOf(reply), textOf(got)]] as const) : []),
  ] as const
  return aspects.flatMap(([what, expected, received]) =>
    expected === received ? [] : [{ event: index, what, expected, received }],
  )
}

function statusOf({ enhanced }: Reply): string {
  return enhanced ? formatEnhancedStatus(enhanced) : ''
}

// What a challenge says is in no transcript, and controls are not read as they are
function textOf({ code, lines }: Reply): string {
  return code === 334 ? HIDDEN : lines.map(oneLine).join('\n')
}
