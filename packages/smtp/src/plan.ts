/**
 * The transactions that an envelope takes: one, or several where the server limits recipients (RFC 9422), and the
 * commands of each. RFC 5321 section 3.3.
 */

import type { Capabilities, Command, ServerLimits } from '@posthorn/command'
import { type ParsedEnvelope, type ParsedRecipient, rcptOf } from './envelope.ts'
import type { Transmission } from './transmission.ts'
import { checkOffered } from './turn.ts'

/** The commands of one transaction before the message. */
export interface TransactionPlan {
  readonly mail: Command
  readonly recipients: readonly Extract<Command, { verb: 'RCPT' }>[]
}

/**
 * Plans one transaction; throws when the server lacks what a parameter needs.
 *
 * @internal
 */
export function planTransaction(
  envelope: ParsedEnvelope,
  recipients: readonly ParsedRecipient[],
  transmission: Transmission,
  offered: Capabilities,
): TransactionPlan {
  const { smtpUtf8 = false } = transmission.parameters
  const parameters = { ...envelope.parameters, ...transmission.parameters }
  const mail: Command = { verb: 'MAIL', reversePath: envelope.reversePath, parameters }
  const plan = { mail, recipients: recipients.map(rcptOf) }
  for (const command of [mail, ...plan.recipients]) checkOffered(command, offered, smtpUtf8)
  return plan
}

/**
 * Parts recipients so that each transaction keeps to the limits of the server; their order is kept.
 *
 * @internal
 */
export function partRecipients(
  recipients: readonly ParsedRecipient[],
  limits: ServerLimits | null,
): (readonly ParsedRecipient[])[] {
  const { rcptMax = Number.POSITIVE_INFINITY, rcptDomainMax = Number.POSITIVE_INFINITY } = limits ?? {}
  if (recipients.length <= Math.min(rcptMax, rcptDomainMax)) return recipients.length > 0 ? [recipients] : []
  const parts: ParsedRecipient[][] = []
  let domains = new Set<string>()
  for (const recipient of recipients) {
    const current = parts.at(-1)
    const domain = domainOf(recipient)
    if (current && current.length < rcptMax && (domains.has(domain) || domains.size < rcptDomainMax)) {
      current.push(recipient)
    } else {
      parts.push([recipient])
      domains = new Set()
    }
    domains.add(domain)
  }
  return parts
}

function domainOf({ forwardPath }: ParsedRecipient): string {
  return forwardPath === 'postmaster' ? '' : forwardPath.domain.toLowerCase()
}
