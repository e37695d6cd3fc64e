/** The signature of the demonstration: a fresh key, its record in a zone in memory, and the verdict of a verifier. */

import { concatBytes } from '@posthorn/core'
import { type DkimVerdict, generateDkimKey, signDkim, verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import type { Paint } from '../terminal.ts'
import type { DemoOptions } from './options.ts'
import type { Stage } from './stage.ts'

/** A message with its signature, and where the key of it is published. */
export interface SignedMessage {
  readonly message: Uint8Array
  readonly zone: MemoryZone
  /** The record as a line of a zone file. */
  readonly record: string
}

/** Signs a message for the domain of its sender. */
export async function signLetter(
  message: Uint8Array,
  from: string,
  { selector, algorithm }: DemoOptions,
  stage: Stage,
): Promise<SignedMessage> {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const { privateKey, record } = await generateDkimKey({ algorithm })
  const field = await signDkim(message, { domain, selector, key: privateKey, now: Date.now() })
  const owner = `${selector}._domainkey.${domain}`
  stage.heading('A signature (DKIM)')
  stage.text(`Made with a fresh ${algorithm} key, whose record stands in a zone in memory at ${owner}.`)
  const zone = new MemoryZone().add(owner, 'TXT', record)
  return { message: concatBytes([field, message]), zone, record: zoneLine(owner, record) }
}

/** Verifies every signature of a message; tells whether there was one and all passed. */
export async function verifyLetter(message: Uint8Array, zone: MemoryZone, stage: Stage): Promise<boolean> {
  const verdicts = await verifyDkim(message, { resolver: zone, now: Date.now() })
  for (const verdict of verdicts) stage.text(verdictText(verdict, stage.paint))
  return verdicts.length > 0 && verdicts.every(({ result }) => result === 'pass')
}

function verdictText({ result, reason, signature }: DkimVerdict, paint: Paint): string {
  const style = result === 'pass' ? 'green' : 'red'
  const about = signature ? ` for ${signature.domain}, ${signature.algorithm}, ${signature.canonicalization}` : ''
  return paint(style, result) + about + (reason === undefined ? '' : `: ${reason}`)
}

// A character-string holds 255 octets (RFC 1035 section 3.3.14), so a long record is cut into several.
function zoneLine(owner: string, record: string): string {
  const strings = record.match(/.{1,255}/g) ?? []
  return `${owner}. 3600 IN TXT ${strings.map((text) => `"${text}"`).join(' ')}\n`
}
