/** How mail-bridge.v1 says why it ends: docs/bridge-protocol.md, section "Close codes". */

/** Every `code` of a `MailError` from this package. */
export type BridgeErrorCode =
  | 'BRIDGE_ABORTED'
  | 'BRIDGE_BAD_OPTION'
  | 'BRIDGE_BAD_TICKET'
  | 'BRIDGE_BUSY'
  | 'BRIDGE_CLOSED'
  | 'BRIDGE_CONNECT_FAILED'
  | 'BRIDGE_FORBIDDEN'
  | 'BRIDGE_GOING_AWAY'
  | 'BRIDGE_LOST'
  | 'BRIDGE_NOT_FOUND'
  | 'BRIDGE_OUT_OF_TURN'
  | 'BRIDGE_PROTOCOL'
  | 'BRIDGE_SERVER_LOST'
  | 'BRIDGE_TICKET'
  | 'BRIDGE_TIMEOUT'
  | 'BRIDGE_TLS_FAILED'
  | 'BRIDGE_TLS_INJECTION'
  | 'BRIDGE_TOO_MUCH'
  | 'BRIDGE_UNREACHABLE'

/**
 * Whether the same can succeed: not at all, only because of a new ticket, after a while, or at once. A ticket is good for one
 * connection, so whichever it is, the next one needs its own.
 */
export type BridgeRetry = 'never' | 'with-new-ticket' | 'later' | 'now'

/** What the end of a bridge means. */
export interface BridgeEnd {
  /** The code of the error. */
  readonly code: BridgeErrorCode
  /** Whether the same can succeed. */
  readonly retry: BridgeRetry
  /** What happened, and what to do next, for people. */
  readonly text: string
}

/** The close codes of the protocol, and those of WebSocket that say something of a bridge. */
export const CLOSE_CODES: Readonly<Record<number, BridgeEnd>> = {
  1001: { code: 'BRIDGE_GOING_AWAY', retry: 'now', text: 'the bridge is shutting down; connect again' },
  1006: { code: 'BRIDGE_LOST', retry: 'later', text: 'the connection to the bridge was lost; connect again' },
  1009: { code: 'BRIDGE_PROTOCOL', retry: 'never', text: 'a frame was too large' },
  4400: { code: 'BRIDGE_PROTOCOL', retry: 'never', text: 'a frame was malformed or out of turn' },
  4401: { code: 'BRIDGE_TICKET', retry: 'with-new-ticket', text: 'the ticket is not good any more; ask for a new one' },
  4403: {
    code: 'BRIDGE_FORBIDDEN',
    retry: 'never',
    text: 'the bridge does not connect there; name it in the ticket and the policy',
  },
  4404: { code: 'BRIDGE_NOT_FOUND', retry: 'never', text: 'the name of the server has no address' },
  4408: { code: 'BRIDGE_TIMEOUT', retry: 'later', text: 'it took too long' },
  4413: { code: 'BRIDGE_TOO_MUCH', retry: 'with-new-ticket', text: 'the ticket allows no more octets' },
  4429: { code: 'BRIDGE_BUSY', retry: 'later', text: 'there are too many connections; close some, or wait' },
  4460: { code: 'BRIDGE_TLS_INJECTION', retry: 'never', text: 'plaintext came after the reply to STARTTLS' },
  4502: { code: 'BRIDGE_CONNECT_FAILED', retry: 'later', text: 'the server cannot be reached' },
  4503: { code: 'BRIDGE_SERVER_LOST', retry: 'later', text: 'the connection to the server was lost' },
  4525: { code: 'BRIDGE_TLS_FAILED', retry: 'never', text: 'the handshake or the certificate of the server failed' },
}

/** A close code that says what went wrong. */
export type BridgeCloseCode = 1001 | 4400 | 4401 | 4403 | 4404 | 4408 | 4413 | 4429 | 4460 | 4502 | 4503 | 4525

/** A close code that a bridge gives. */
export type ServerCloseCode = 1000 | BridgeCloseCode
