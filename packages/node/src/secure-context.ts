/** What OpenSSL needs for a client's handshake, made once for many connections. */

import { createSecureContext, type SecureContext } from 'node:tls'
import type { ClientTlsOptions } from './client-tls-options.ts'
import { connectFault } from './error.ts'

// It takes a fifth of a millisecond to make one, and a certificate of the client as much again; a program has few.
const MAX_KEPT = 8

/** What of the options it is made of; nothing else of them is kept. */
type Fields = ReturnType<typeof fieldsOf>

const kept: { readonly fields: Fields; readonly context: SecureContext }[] = []

/**
 * Gives the context for some options, one that was made before where they are the same.
 *
 * @internal
 * @throws {MailError} `NODE_BAD_OPTION` for what OpenSSL does not take.
 */
export function secureContextOf(options: ClientTlsOptions): SecureContext {
  const fields = fieldsOf(options)
  const names = Object.keys(fields) as (keyof Fields)[]
  const known = kept.find((one) => names.every((name) => one.fields[name] === fields[name]))
  if (known) return known.context
  const context = make(fields)
  kept.unshift({ fields, context })
  kept.length = Math.min(kept.length, MAX_KEPT)
  return context
}

function fieldsOf({ ca, cert, key, pfx, passphrase, minVersion = 'TLSv1.2', ciphers }: ClientTlsOptions) {
  return { ca: ca === undefined ? ca : [ca].flat().join('\n'), cert, key, pfx, passphrase, minVersion, ciphers }
}

function make({ pfx, ...fields }: Fields): SecureContext {
  try {
    return createSecureContext({ ...fields, ...(pfx && { pfx: Buffer.from(pfx) }) })
  } catch (cause) {
    throw connectFault('NODE_BAD_OPTION', 'OpenSSL takes no such key, certificate, authority or cipher', cause)
  }
}
