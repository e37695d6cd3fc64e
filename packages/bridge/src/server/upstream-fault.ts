/** What an error of a connection to a server means to a client of the bridge, without a word of the server. */

import { MailError } from '@posthorn/core'
import type { BridgeCloseCode } from '../protocol/close-code.ts'

/** Why a bridge ends a connection. */
export interface BridgeFault {
  /** The close code. */
  readonly code: BridgeCloseCode
  /** A machine's word. */
  readonly reason: string
}

/**
 * Says what an error is to the client. Adapters name their codes alike, so the ends of the codes tell.
 *
 * @internal
 */
export function faultOf(error: unknown, otherwise: BridgeFault): BridgeFault {
  const code = error instanceof MailError ? error.code : ''
  if (code.endsWith('_TLS_INJECTION')) return { code: 4460, reason: 'plaintext' }
  if (code.endsWith('_TLS_FAILED')) return tlsFault(wordOf(error) ?? 'handshake')
  if (code.endsWith('_CONNECT_TIMEOUT')) return { code: 4408, reason: 'connect' }
  if (code.endsWith('_CONNECT_FAILED')) return { code: 4502, reason: wordOf(error) ?? 'connect' }
  return otherwise
}

// What broke below the handshake says nothing of the certificate, and may pass.
const BROKEN = /^(?:econnreset|econnaborted|epipe|etimedout|ehostunreach|enetunreach)$/

function tlsFault(reason: string): BridgeFault {
  return BROKEN.test(reason) ? { code: 4503, reason: 'lost' } : { code: 4525, reason }
}

// The code of the runtime's own error, as `cert-has-expired`.
function wordOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { readonly code?: unknown }
    if (cause instanceof MailError || typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) continue
    return code
      .replace(/^ERR_(?:TLS|SSL)_/, '')
      .toLowerCase()
      .replaceAll('_', '-')
  }
  return undefined
}
