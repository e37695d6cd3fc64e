/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type SocketsErrorCode =
  | 'SOCKETS_ABORTED'
  | 'SOCKETS_BUSY'
  | 'SOCKETS_CLOSED'
  | 'SOCKETS_CONNECT_FAILED'
  | 'SOCKETS_CONNECT_TIMEOUT'
  | 'SOCKETS_SERVER_NAME'
  | 'SOCKETS_TLS_FAILED'
