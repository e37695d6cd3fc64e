/** What a mailer is told: by what it connects, how its sessions behave, and what it does to each message. */

import type { SignDkimOptions } from '@posthorn/dkim'
import type { MessageInput } from '@posthorn/mime'
import type { Connect, ConnectionInfo, Recorder, SendOptions, SmtpClientOptions } from '@posthorn/smtp'
import type { MailerListener } from './event.ts'
import type { PoolOptions } from './pool-options.ts'

/** How a mailer connects, and how its sessions behave. */
export interface MailerOptions extends Omit<SmtpClientOptions, 'protocol' | 'signal' | 'record'> {
  /** Opens a connection. */
  readonly connect: Connect
  /** How long a connection may take, TLS at once included, in milliseconds; default: as `connect` has it. */
  readonly connectTimeout?: number
  /** How many sessions there are, how long they last, and how fast messages go. */
  readonly pool?: PoolOptions
  /** Who signs each message; several for several signatures. */
  readonly dkim?: SignDkimOptions | readonly SignDkimOptions[]
  /** The most octets that are kept in memory of a message to sign that can be read once only; default 16,777,216. */
  readonly maxKeptToSign?: number
  /** What a message to compose has where it does not say otherwise. */
  readonly defaults?: Partial<MessageInput>
  /** How each message is sent where `send` does not say otherwise. */
  readonly transmission?: Pick<SendOptions, 'chunking' | 'unsafeLongLines'>
  /** Hears of sessions, of further attempts, and of what became of each message. What it throws is dropped. */
  readonly onEvent?: MailerListener
  /** Gives what takes the conversation of a session, secrets left out. */
  readonly recorder?: (session: number, connection: ConnectionInfo) => Recorder | undefined
}

/** How one message is sent. */
export interface MailSendOptions extends SendOptions {
  /** Whose turn it takes where messages wait: lanes take turns, and each is in order; default one lane for all. */
  readonly lane?: string
  /** Who signs it in place of those of the mailer; `false`: nobody. */
  readonly dkim?: SignDkimOptions | readonly SignDkimOptions[] | false
}
