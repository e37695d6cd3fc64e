/** What the tests of verification share: to verify the example, and what is made of it. */

import { MemoryZone } from '@posthorn/dns'
import { importDkimKey, type SignDkimOptions, signDkim, type VerifyDkimOptions, verifyDkim } from '../src/index.ts'
import {
  DOMAIN,
  ED25519_PEM,
  ED25519_RECORD,
  MESSAGE,
  octets,
  RSA_PEM,
  RSA_RECORD,
  RSA_SIGNATURE,
  SIGNED_AT,
  textOf,
  zoneOfExample,
} from './example.ts'

export const KEY_NAME = `brisbane._domainkey.${DOMAIN}`
export const keys = { 'rsa-sha256': await importDkimKey(RSA_PEM), 'ed25519-sha256': await importDkimKey(ED25519_PEM) }
export const records = { 'rsa-sha256': RSA_RECORD, 'ed25519-sha256': ED25519_RECORD }
export const ALGORITHMS = ['rsa-sha256', 'ed25519-sha256'] as const
export const FORMS = ['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'] as const

/** What is said of each signature of a message, as `result` or `result reason`. */
export async function tell(message: string, options: Partial<VerifyDkimOptions> = {}): Promise<string[]> {
  const verdicts = await verifyDkim(octets(message), { resolver: zoneOfExample(), now: SIGNED_AT, ...options })
  return verdicts.map(({ result, reason }) => (reason ? `${result} ${reason}` : result))
}

export const withRecord = (record: string) => new MemoryZone().add(KEY_NAME, 'TXT', record)

export async function signed(message: string, options: Partial<SignDkimOptions> = {}): Promise<string> {
  const key = keys['ed25519-sha256']
  return textOf(await signDkim(octets(message), { domain: DOMAIN, selector: 'brisbane', key, ...options })) + message
}

/** The RSA signature of the example with other tags: what is judged before the value is looked at. */
export const withTags = (from: string | RegExp, to: string) => `${RSA_SIGNATURE.replace(from, to)}\r\n${MESSAGE}`
