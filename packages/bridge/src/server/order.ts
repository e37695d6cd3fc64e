/** What a `BridgeSession` wants done; whoever drives it does it and tells what came of it. */

import type { ServerCloseCode } from '../protocol/close-code.ts'

/** One thing to do. */
export type BridgeOrder =
  /** Look the host up, connect, and call `connected`, or `fail`. */
  | { readonly type: 'connect'; readonly host: string; readonly port: number; readonly implicitTls: boolean }
  /** Read from the server, and call `read`. */
  | { readonly type: 'read' }
  /** Write to the server, and call `wrote`. */
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  /** Raise TLS with the server, and call `secured`, or `fail`. */
  | { readonly type: 'start-tls' }
  /** End the direction to the server. */
  | { readonly type: 'end' }
  /** Send a frame to the client, and call `sent`. */
  | { readonly type: 'send'; readonly data: string | Uint8Array }
  /** Send a last frame, where there is one, and close both; the server's side by a reset where it must not look like an end. */
  | {
      readonly type: 'close'
      readonly code: ServerCloseCode
      readonly reason: string
      readonly frame?: string
      readonly reset: boolean
    }

/** What is awaited, as the limits on time name it. */
export type BridgePhase = 'open' | 'connect' | 'tls' | 'idle' | 'closed'
