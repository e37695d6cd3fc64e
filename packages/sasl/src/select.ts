/** The choice of a mechanism: the strongest that both ends know. When it fails, the caller must not try a weaker one. */

import type { ClientMechanism } from './mechanism.ts'
import { type PasswordCredentials, plainClient } from './plain.ts'
import { SCRAM_NAME } from './scram.ts'
import { type ScramClientOptions, scramClient } from './scram-client.ts'

/**
 * Begins the strongest mechanism that the server offers and the credentials serve.
 *
 * @param offered The names that the server lists, in any order and in upper case.
 * @param options The credentials, random octets for nonces, and the most iterations to compute for a server (default
 * 1,000,000).
 * @returns One exchange, or `undefined` when nothing fits.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character.
 * @example
 * const options = { credentials: { username: 'u', password: 'p' }, random: (length: number) => new Uint8Array(length) }
 * selectMechanism(['LOGIN', 'PLAIN', 'SCRAM-SHA-256'], options)?.name // 'SCRAM-SHA-256'
 * selectMechanism(['GSSAPI'], options) // undefined
 */
export function selectMechanism(
  offered: readonly string[],
  options: ScramClientOptions & { readonly credentials: PasswordCredentials },
): ClientMechanism | undefined {
  const { credentials } = options
  if (offered.includes(SCRAM_NAME)) return scramClient(credentials, options)
  if (offered.includes('PLAIN')) return plainClient(credentials)
  return undefined
}
