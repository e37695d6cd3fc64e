/** What the sessions tell: one union for each end. */

import type {
  ClientAttribute,
  Command,
  ForwardPath,
  MailParameters,
  RcptParameters,
  ReversePath,
  Tolerated,
} from '@posthorn/command'
import type { MailError } from '@posthorn/core'
import type { Reply } from '@posthorn/reply'
import type { MessageReply } from './recipient-replies.ts'

/**
 * What a {@link ClientSession} tells; `error` is the last event of all. `closing` is the end too: the server closes of its
 * own accord (421), or has refused a message before its end.
 */
export type ClientEvent =
  | { readonly type: 'greeting'; readonly reply: Reply }
  | { readonly type: 'reply'; readonly command: Command; readonly reply: Reply }
  | { readonly type: 'challenge'; readonly data: Uint8Array; readonly reply: Reply }
  | { readonly type: 'authenticated' | 'auth-failed'; readonly reply: Reply }
  | { readonly type: 'upgrade-tls'; readonly reply: Reply }
  | { readonly type: 'send-body'; readonly reply: Reply }
  | ({ readonly type: 'message-reply'; readonly reply: Reply } & MessageReply)
  | { readonly type: 'closing'; readonly reply: Reply }
  | { readonly type: 'error'; readonly error: MailError }

/**
 * The events of a client that a reply brings: all but the terminal one.
 *
 * @internal
 */
export type ReplyEvent = Exclude<ClientEvent, { readonly type: 'error' }>

/**
 * What a {@link ServerSession} tells; `error` is the last event of all.
 * After `connect`, `auth`, `auth-response`, `xclient`, `mail`, `rcpt` and `message-end` the next event comes once it is
 * answered.
 */
export type ServerEvent =
  | { readonly type: 'connect' }
  | ({ readonly type: 'hello'; readonly domain: string; readonly extended: boolean } & Tolerated)
  | { readonly type: 'upgrade-tls' }
  | { readonly type: 'auth'; readonly mechanism: string; readonly initialResponse?: Uint8Array }
  | { readonly type: 'auth-response'; readonly data: Uint8Array }
  | ({ readonly type: 'mail'; readonly reversePath: ReversePath; readonly parameters: MailParameters } & Tolerated)
  | ({ readonly type: 'rcpt'; readonly forwardPath: ForwardPath; readonly parameters: RcptParameters } & Tolerated)
  | { readonly type: 'xclient' | 'xforward'; readonly attributes: readonly ClientAttribute[] }
  | { readonly type: 'message-start' }
  | { readonly type: 'body'; readonly bytes: Uint8Array }
  | { readonly type: 'message-end' }
  | { readonly type: 'message-refused'; readonly error: MailError }
  | { readonly type: 'reset' }
  | { readonly type: 'quit' }
  | { readonly type: 'error'; readonly error: MailError }
