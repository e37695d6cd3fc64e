/** How a sink is set up. */

import type { ServeOptions } from '@posthorn/smtp'
import type { ServerTlsOptions } from '../server-tls.ts'
import type { SinkBehaviour } from './behaviour.ts'

/** How a sink is set up; what may change while it runs is its `behaviour`. */
export interface SinkOptions {
  /** The address; default `127.0.0.1`. */
  readonly host?: string
  /** The port; default 0, which takes a free one. */
  readonly port?: number
  /** The name that it greets with; default `sink.example`. */
  readonly hostname?: string
  /** What is spoken; default `smtp`. */
  readonly protocol?: 'smtp' | 'lmtp'
  /** The certificate; with it STARTTLS is offered. */
  readonly tls?: ServerTlsOptions
  /** Whether TLS begins at once; default `false`. */
  readonly implicitTls?: boolean
  /** The passwords of the users who may authenticate, by PLAIN or LOGIN; default none, and AUTH is not offered. */
  readonly accounts?: Readonly<Record<string, string>>
  /** Offers AUTH without TLS; default `false`. */
  readonly unsafePlaintextAuth?: boolean
  /** Refuses MAIL before AUTH; default `false`. */
  readonly requireAuth?: boolean
  /** Refuses MAIL before TLS; default `false`. */
  readonly requireTls?: boolean
  /** How it behaves at first; default well. */
  readonly behaviour?: SinkBehaviour
  /** A folder for messages, beside memory: each an `.eml` with a `.json` of its envelope; it is made where there is none. */
  readonly folder?: string
  /** Most messages that are kept in memory, the newest; default 1,000. */
  readonly maxMessages?: number
  /** Most octets of messages that are kept in memory; default 100,000,000. */
  readonly maxOctets?: number
  /** Most sessions whose transcripts are kept, the newest, and most entries of each; default 1,000 and 10,000. */
  readonly maxTranscripts?: { readonly sessions?: number; readonly entries?: number }
  /** Further options of the server, as `extensions` to offer; decisions are made by `behaviour`. */
  readonly serve?: Partial<Omit<ServeOptions, 'onMail' | 'onRecipient' | 'onMessage' | 'recorder'>>
  /** Hears of errors, as of a folder that is full; those that the behaviour brings about are none. */
  readonly onError?: (error: unknown) => void
}
