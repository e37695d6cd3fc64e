/** The choice of a mechanism: the strongest that both ends know, and never a weaker one after it failed. */

import type { ClientMechanism, RandomOctets } from './mechanism.ts'
import { type PasswordCredentials, plainClient } from './plain.ts'
import { SCRAM_NAME } from './scram.ts'
import { scramClient } from './scram-client.ts'

/**
 * Begins the strongest mechanism that the server offers and the credentials serve.
 *
 * @param offered The names that the server lists, in any order and in upper case.
 * @param options The credentials, and random octets for nonces.
 * @returns One exchange, or `undefined` when nothing fits.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character.
 * @example
 * const options = { credentials: { username: 'u', password: 'p' }, random: (length: number) => new Uint8Array(length) }
 * selectMechanism(['LOGIN', 'PLAIN', 'SCRAM-SHA-256'], options)?.name // 'SCRAM-SHA-256'
 * selectMechanism(['GSSAPI'], options) // undefined
 */
export function selectMechanism(
  offered: readonly string[],
  options: { readonly credentials: PasswordCredentials; readonly random: RandomOctets },
): ClientMechanism | undefined {
  const { credentials, random } = options
  if (offered.includes(SCRAM_NAME)) return scramClient(credentials, { random })
  if (offered.includes('PLAIN')) return plainClient(credentials)
  return undefined
}
