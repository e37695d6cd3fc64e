/** What a mailer tells of its work, as it happens. */

import type { Capabilities } from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { ConnectionInfo } from '@posthorn/smtp'
import type { MailOutcome } from './outcome.ts'

/** Why a session of the pool ended. */
export type SessionEndReason = 'idle' | 'messages' | 'server' | 'error' | 'closed'

/** What a mailer tells of its work; sessions are numbered from 1. */
export type MailerEvent =
  | {
      readonly type: 'session-opened'
      readonly session: number
      readonly connection: ConnectionInfo
      readonly capabilities: Capabilities
    }
  | { readonly type: 'session-failed'; readonly session: number; readonly error: MailError }
  | {
      readonly type: 'session-ended'
      readonly session: number
      readonly reason: SessionEndReason
      /** How many messages it was given. */
      readonly messages: number
    }
  | { readonly type: 'retrying'; readonly messageId?: string; readonly error?: MailError }
  | { readonly type: 'sent'; readonly outcome: MailOutcome }

/** Hears what a mailer tells. */
export type MailerListener = (event: MailerEvent) => void
