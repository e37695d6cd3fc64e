/** The choice of a mechanism: the strongest that both ends know. When it fails, the caller must not try a weaker one. */

import type { RandomOctets } from '@posthorn/core'
import { anonymousClient } from './anonymous.ts'
import { cramMd5Client } from './cram-md5.ts'
import type { Credentials, PasswordCredentials } from './credentials.ts'
import { externalClient } from './external.ts'
import { loginClient } from './login.ts'
import type { ChannelBinding, ClientMechanism } from './mechanism.ts'
import { oauthBearerClient } from './oauth-bearer.ts'
import { plainClient } from './plain.ts'
import { bindsChannel, type ScramHash, scramName } from './scram.ts'
import { scramClient } from './scram-client.ts'
import { xoauth2Client } from './xoauth2.ts'

/** What {@link selectMechanism} chooses by. */
export interface SelectMechanismOptions {
  /** What the client can prove. */
  readonly credentials: Credentials
  /** Random octets for nonces. */
  readonly random: RandomOctets
  /** What the TLS connection can be bound by; default nothing, and then no mechanism with `-PLUS` is chosen. */
  readonly channelBinding?: ChannelBinding
  /** Most iterations to compute for a server; default 1,000,000. */
  readonly maxIterations?: number
  /** The names of the mechanisms that may be chosen; default all. */
  readonly allowed?: readonly string[]
}

interface Candidate {
  readonly name: string
  readonly begin: () => ClientMechanism
}

const HASHES: readonly ScramHash[] = ['SHA-512', 'SHA-256', 'SHA-1']

/**
 * Begins the strongest mechanism that the server offers and the credentials serve: SCRAM with `-PLUS`, SCRAM, CRAM-MD5,
 * PLAIN, LOGIN; OAUTHBEARER, XOAUTH2; EXTERNAL; ANONYMOUS.
 *
 * @param offered The names that the server lists, in any order and in upper case.
 * @param options The credentials, and what the choice depends on.
 * @returns One exchange, or `undefined` when nothing fits.
 * @throws {MailError} `SASL_BAD_CREDENTIALS` when one of them is empty or has a control character.
 * @example
 * const options = { credentials: { username: 'u', password: 'p' }, random: (length: number) => new Uint8Array(length) }
 * selectMechanism(['LOGIN', 'PLAIN', 'SCRAM-SHA-256'], options)?.name // 'SCRAM-SHA-256'
 * selectMechanism(['GSSAPI'], options) // undefined
 */
export function selectMechanism(
  offered: readonly string[],
  options: SelectMechanismOptions,
): ClientMechanism | undefined {
  const { allowed } = options
  const chosen = candidatesFor(options, offered).find(
    ({ name }) => offered.includes(name) && (!allowed || allowed.includes(name)),
  )
  return chosen?.begin()
}

function candidatesFor(options: SelectMechanismOptions, offered: readonly string[]): Candidate[] {
  const { credentials } = options
  if ('password' in credentials) return passwordCandidates(credentials, options, offered)
  if ('token' in credentials) {
    return [
      { name: 'OAUTHBEARER', begin: () => oauthBearerClient(credentials) },
      { name: 'XOAUTH2', begin: () => xoauth2Client(credentials) },
    ]
  }
  if ('external' in credentials) return [{ name: 'EXTERNAL', begin: () => externalClient(credentials) }]
  return [{ name: 'ANONYMOUS', begin: () => anonymousClient(credentials) }]
}

function passwordCandidates(
  credentials: PasswordCredentials,
  options: SelectMechanismOptions,
  offered: readonly string[],
): Candidate[] {
  const { channelBinding, ...rest } = options
  const scram = (hash: ScramHash, plus: boolean): Candidate => ({
    name: scramName(hash, plus),
    // RFC 5802 section 6: "y" says that the client could bind and sees no -PLUS; a server with any takes it for an attack.
    begin: () => {
      const told = plus || !bindsChannel(offered)
      return scramClient(credentials, { ...rest, hash, plus, ...(channelBinding && told && { channelBinding }) })
    },
  })
  // CRAM-MD5 and LOGIN have no place for an authorization identity.
  const own = !credentials.authorizationId
  return [
    ...(channelBinding ? HASHES.map((hash) => scram(hash, true)) : []),
    ...HASHES.map((hash) => scram(hash, false)),
    ...(own ? [{ name: 'CRAM-MD5', begin: () => cramMd5Client(credentials) }] : []),
    { name: 'PLAIN', begin: () => plainClient(credentials) },
    ...(own ? [{ name: 'LOGIN', begin: () => loginClient(credentials) }] : []),
  ]
}
