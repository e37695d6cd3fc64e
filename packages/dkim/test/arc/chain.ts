/** What the tests of ARC share: chains of any length, sealed by the keys of the example. */

import { concatBytes } from '@posthorn/core'
import { type ArcVerdict, type SealArcOptions, sealArc, type ValidateArcOptions, validateArc } from '../../src/arc.ts'
import { DOMAIN, MESSAGE, octets, SIGNED_AT, textOf, zoneOfExample } from '../example.ts'
import { keys } from '../verdicts.ts'

export const validate = (message: string, options: Partial<ValidateArcOptions> = {}): Promise<ArcVerdict> =>
  validateArc(octets(message), { resolver: zoneOfExample(), now: SIGNED_AT, ...options })

/** The verdict as `pass` and the oldest set, or as `fail` with all that tells why. */
export async function tell(message: string, options: Partial<ValidateArcOptions> = {}): Promise<string> {
  const { result, reason, instance, field, oldestPass } = await validate(message, options)
  return [result, ...(result === 'fail' ? [reason, instance, field] : [oldestPass])]
    .filter((part) => part !== undefined)
    .join(' ')
}

const SIGNERS = [
  { selector: 'test', key: keys['rsa-sha256'] },
  { selector: 'brisbane', key: keys['ed25519-sha256'] },
]

/** What is put before a message. */
export async function setFor(message: string, options: Partial<SealArcOptions> = {}): Promise<string | undefined> {
  const validation = options.validation ?? (await validate(message))
  const fields = await sealArc(octets(message), {
    validation,
    authenticationResults: 'mx.example; spf=pass smtp.mailfrom=joe@football.example.com',
    domain: DOMAIN,
    ...SIGNERS[(validation.nextInstance ?? 0) % 2]!,
    now: SIGNED_AT,
    ...options,
  })
  return fields && textOf(fields)
}

/** A message with as many sets. */
export async function sealed(
  sets: number,
  options: Partial<SealArcOptions> = {},
  message: string = MESSAGE,
): Promise<string> {
  if (sets === 0) return message
  const before = await sealed(sets - 1, options, message)
  return textOf(concatBytes([octets((await setFor(before, options))!), octets(before)]))
}
