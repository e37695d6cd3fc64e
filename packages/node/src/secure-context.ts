/** What OpenSSL needs for a client's handshake, made once for many connections. */

import { createSecureContext, type SecureContext } from 'node:tls'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { connectFault } from './error.ts'

// It takes a fifth of a millisecond to make one, and a certificate of the client as much again; a program has few.
const MAX_KEPT = 8

const FIELDS = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'minVersion', 'ciphers'] as const

type Fields = Pick<ClientTlsOptions, (typeof FIELDS)[number]>

const kept: { readonly fields: Fields; readonly context: SecureContext }[] = []

/**
 * Gives the context for some options, one that was made before where they are the same.
 *
 * @internal
 * @throws {MailError} `NODE_BAD_OPTION` for what OpenSSL does not take.
 */
export function secureContextOf(options: ClientTlsOptions): SecureContext {
  const fields: Fields = { ...options, ...(options.ca !== undefined && { ca: [options.ca].flat().join('\n') }) }
  const known = kept.find((one) => FIELDS.every((field) => one.fields[field] === fields[field]))
  if (known) return known.context
  const context = make(fields)
  kept.unshift({ fields, context })
  kept.length = Math.min(kept.length, MAX_KEPT)
  return context
}

function make({ ca, minVersion = 'TLSv1.2', cert, key, pfx, passphrase, ciphers }: Fields): SecureContext {
  try {
    return createSecureContext({
      minVersion,
      ...(ca !== undefined && { ca: [ca].flat() }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(pfx !== undefined && { pfx: Buffer.from(pfx) }),
      ...(passphrase !== undefined && { passphrase }),
      ...(ciphers !== undefined && { ciphers }),
    })
  } catch (cause) {
    throw connectFault('NODE_BAD_OPTION', 'OpenSSL takes no such key, certificate, authority or cipher', cause)
  }
}
