/** What the procedures of a client, authentication and transaction, need of it. */

import type { Command } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { ClientSession } from './client-session.ts'
import type { ReplyEvent } from './event.ts'
import type { Recorder } from './transcript.ts'

/** A client as its procedures see it. */
export interface Channel {
  readonly session: ClientSession
  /** Sends a command and records it. */
  readonly command: (command: Command) => void
  /** Sends a chunk of a message and records its command. */
  readonly chunk: (bytes: Uint8Array, last: boolean) => void
  /** Writes what is ready, and waits for the next event. */
  readonly event: () => Promise<ReplyEvent>
  /** Writes what is ready. */
  readonly flush: () => Promise<void>
  /** Ends the connection at once, and gives the error back. */
  readonly fail: (error: MailError) => MailError
  readonly record: Recorder
}
