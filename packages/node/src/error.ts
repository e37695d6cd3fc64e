/** The codes of the errors that this package raises. */

/** Every `code` of a `MailError` from this package. */
export type NodeErrorCode =
  | 'NODE_ABORTED'
  | 'NODE_BAD_PROXY_HEADER'
  | 'NODE_BUSY'
  | 'NODE_CLOSED'
  | 'NODE_CONNECT_FAILED'
  | 'NODE_CONNECT_TIMEOUT'
  | 'NODE_LISTEN_FAILED'
  | 'NODE_SINK_TIMEOUT'
  | 'NODE_TLS_FAILED'
  | 'NODE_TLS_INJECTION'
