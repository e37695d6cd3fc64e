/** The recipients of a message by where they are: one group a domain or address literal. RFC 5321 section 5.1. */

import type { ForwardPath } from '@posthorn/command'
import { formatIpAddress, isIpLiteral, parseIpAddress } from '@posthorn/core'
import { toAsciiDomain } from '@posthorn/mime'
import { type Envelope, type ParsedRecipient, parseEnvelope } from '@posthorn/smtp'
import { made, type Told } from './made-reply.ts'

/** A recipient as it was given. */
export interface GroupedRecipient extends ParsedRecipient {
  /** Its place in the envelope. */
  readonly index: number
}

/** The recipients that go the same way. */
export interface RecipientGroup {
  /** The domain, in A-labels and lower case, or the address literal in its brackets. */
  readonly domain: string
  /** The address, where it is a literal. */
  readonly address?: string
  /** The recipients. */
  readonly recipients: GroupedRecipient[]
}

/** All recipients of a message. */
export interface GroupedRecipients {
  /** Those that go somewhere, in the order of the first of each group. */
  readonly groups: readonly RecipientGroup[]
  /** Those that cannot, with why. */
  readonly refused: readonly (GroupedRecipient & { readonly told: Told })[]
}

/**
 * Parts the recipients of an envelope.
 *
 * @internal
 * @throws {MailError} `COMMAND_…` for an envelope that cannot be sent, `SMTP_NO_RECIPIENTS`.
 */
export function groupRecipients(envelope: Envelope): GroupedRecipients {
  // What cannot stand in a command is the caller's mistake, and is found before anything is asked or sent.
  const { recipients } = parseEnvelope(envelope)
  const groups = new Map<string, RecipientGroup>()
  const refused: (GroupedRecipient & { readonly told: Told })[] = []
  for (const [index, parsed] of recipients.entries()) {
    const recipient = { index, ...parsed }
    const place = placeOf(recipient.forwardPath)
    if ('told' in place) {
      refused.push({ ...recipient, told: place.told })
      continue
    }
    const group = groups.get(place.domain) ?? { ...place, recipients: [] }
    groups.set(place.domain, group)
    group.recipients.push(recipient)
  }
  return { groups: [...groups.values()], refused }
}

function placeOf(path: ForwardPath): Omit<RecipientGroup, 'recipients'> | { readonly told: Told } {
  // RFC 5321 section 4.5.1: without a domain it is the postmaster of the very server that is spoken to.
  if (path === 'postmaster') return { told: made('5.1.3', 'The postmaster of which domain is not said', 501) }
  const { domain } = path
  if (domain.startsWith('[')) {
    const octets = isIpLiteral(domain) ? parseIpAddress(domain.slice(1, -1).replace(/^ipv6:/i, '')) : undefined
    if (!octets) return { told: made('5.1.2', 'The address literal is of no known kind') }
    return { domain: domain.toLowerCase(), address: formatIpAddress(octets) }
  }
  const ascii = toAsciiDomain(domain)?.toLowerCase()
  return ascii === undefined ? { told: made('5.1.2', 'The domain has no form that the DNS knows') } : { domain: ascii }
}
