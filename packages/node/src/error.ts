/** The codes of the errors that this package raises, and the one error that carries more. */

import { MailError } from '@posthorn/core'
import type { PeerCertificate } from '@posthorn/smtp'

/** Every `code` of a `MailError` from this package. */
export type NodeErrorCode =
  | 'NODE_ABORTED'
  | 'NODE_BAD_OPTION'
  | 'NODE_BAD_PROXY_HEADER'
  | 'NODE_BUSY'
  | 'NODE_CLOSED'
  | 'NODE_CONNECT_FAILED'
  | 'NODE_CONNECT_TIMEOUT'
  | 'NODE_LISTEN_FAILED'
  | 'NODE_SINK_TIMEOUT'
  | 'NODE_TLS_FAILED'
  | 'NODE_TLS_INJECTION'

/** The certificates that were refused, and why. */
export interface CertificateErrorOptions {
  /** What led to the refusal: what the check threw, or an error with the `code` of Node. */
  readonly cause: unknown
  /** The certificate of the server. */
  readonly peer?: PeerCertificate
  /** The other certificates that the server sent. */
  readonly issuers?: readonly PeerCertificate[]
}

/**
 * The error of a handshake whose certificates were refused: a `MailError` of code `NODE_TLS_FAILED` that shows them.
 *
 * @example
 * new CertificateError('Cannot raise TLS: it has expired', { cause: undefined }).code // 'NODE_TLS_FAILED'
 */
export class CertificateError extends MailError<'NODE_TLS_FAILED'> {
  /** The certificate of the server; absent where it sent none. */
  readonly peer: PeerCertificate | undefined
  /** The other certificates that it sent, in its order. */
  readonly issuers: readonly PeerCertificate[]

  /**
   * @param message What could not be done.
   * @param options Which certificates, and why.
   */
  constructor(message: string, { cause, peer, issuers = [] }: CertificateErrorOptions) {
    super('NODE_TLS_FAILED', message, { cause, spec: 'rfc9525#section-6' })
    this.peer = peer
    this.issuers = issuers
  }
}

/**
 * Makes the error of a connection that was not had.
 *
 * @internal
 */
export function connectFault(code: NodeErrorCode, why: string, cause?: unknown): MailError<NodeErrorCode> {
  return new MailError(code, `Cannot connect: ${why}`, { cause })
}
