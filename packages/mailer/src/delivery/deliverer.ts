/**
 * The delivery of messages to the hosts of their recipients' domains: RFC 5321 section 5.1, with DANE (RFC 7672), MTA-STS
 * (RFC 8461), REQUIRETLS (RFC 8689) and null MX (RFC 7505). Out of scope: a queue, and the reports that its end takes.
 */

import type { OutgoingMessage } from '@posthorn/smtp'
import { fault } from '../error.ts'
import { sumUp } from '../outcome.ts'
import { watchSource } from '../source.ts'
import { type DeliveryWork, DomainCourier, type DomainResult } from './domain-delivery.ts'
import type { DelivererOptions, DeliverOptions } from './options.ts'
import type { DeliveredRecipient, DeliveryOutcome } from './outcome.ts'
import { type GroupedRecipients, groupRecipients, type RecipientGroup } from './recipient-groups.ts'
import { type Settings, settle } from './settings.ts'

/** Delivers messages, and remembers policies and addresses that do not answer. */
export interface Deliverer {
  /**
   * Delivers one message to the hosts of its recipients' domains.
   *
   * @param message The message and its envelope. One that can be read only once goes to one domain, and to no further
   * host after it was begun.
   * @param options How to deliver it.
   * @returns What became of it for each recipient; look at `type`, as part of them may be refused.
   * @throws {MailError} `COMMAND_…` for an envelope that cannot be sent, `SMTP_NO_RECIPIENTS`, `MAILER_READ_ONCE` for a
   * message that can be read only once and has recipients in several domains; nothing is sent then.
   */
  deliver(message: OutgoingMessage, options?: DeliverOptions): Promise<DeliveryOutcome>
}

/**
 * Makes what delivers messages to the hosts of their recipients' domains.
 *
 * @param options What it connects by, whom it asks, and its limits.
 * @returns The deliverer; it holds no connection between messages.
 * @throws {MailError} `MAILER_BAD_OPTION` for a `domain` that EHLO cannot give, or a limit that is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-5.1 | RFC 5321 section 5.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * import { memoryPair, serve } from '@posthorn/smtp'
 * const resolver = new MemoryZone()
 *   .add('example.net', 'MX', { preference: 10, exchange: 'mx.example.net' })
 *   .add('mx.example.net', 'A', '192.0.2.1')
 * const connect = async () => {
 *   const [near, far] = memoryPair()
 *   serve(far, { hostname: 'mx.example.net', onMessage: async () => undefined })
 *   return near
 * }
 * const deliverer = createDeliverer({ connect, resolver, domain: 'mail.example.org' })
 * const message = new TextEncoder().encode('Subject: hi\r\n\r\nHello\r\n')
 * const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net', 'c@nowhere.example'] }
 * const outcome = await deliverer.deliver({ envelope, message })
 * outcome.type // 'partial'
 * outcome.recipients.map(({ status }) => status) // ['accepted', 'rejected']
 * outcome.recipients[1]?.reply?.lines // ['The domain does not exist']
 */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const settings = settle(options)
  return { deliver: async (message, how = {}) => deliverMessage(workOf(message, how, settings)) }
}

/**
 * Delivers one message, as a deliverer does that is made for it alone.
 *
 * @param message The message and its envelope.
 * @param options Those of the deliverer and of the message.
 * @returns What became of it for each recipient; look at `type`, as part of them may be refused.
 * @throws {MailError} As {@link createDeliverer} and {@link Deliverer} do.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-5.1 | RFC 5321 section 5.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('example.net', 'MX', { preference: 0, exchange: '.' })
 * const connect = async () => Promise.reject(new Error('unreachable'))
 * const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }
 * const message = new Uint8Array(0)
 * const { recipients } = await deliver({ envelope, message }, { connect, resolver, domain: 'mail.example.org' })
 * recipients[0]?.reply // { code: 556, enhanced: { class: 5, subject: 1, detail: 10 }, lines: ['The domain takes no mail'] }
 */
export async function deliver(
  message: OutgoingMessage,
  options: DelivererOptions & DeliverOptions,
): Promise<DeliveryOutcome> {
  return createDeliverer(options).deliver(message, options)
}

function workOf(outgoing: OutgoingMessage, how: DeliverOptions, settings: Settings): DeliveryWork {
  // RFC 8689 section 3: the parameter counts more than the field.
  const isRequired = how.requireTls === 'required' || outgoing.envelope.parameters?.requireTls === true
  const requireTls = isRequired ? ({ requireTls: 'required' } as const) : undefined
  return { ...how, ...requireTls, outgoing, content: watchSource(outgoing.message), settings }
}

async function deliverMessage(work: DeliveryWork): Promise<DeliveryOutcome> {
  const grouped = groupRecipients(work.outgoing.envelope)
  if (grouped.groups.length > 1 && !work.content.isRepeatable) {
    throw fault('MAILER_READ_ONCE', 'deliver message to several domains: it can be read only once')
  }
  const results = await atATime(work.settings.concurrency, grouped.groups, (group: RecipientGroup) =>
    new DomainCourier(group, work).deliver(),
  )
  const recipients = inOrder(grouped, results)
  return { type: sumUp(recipients), recipients, domains: results.map(({ delivery }) => delivery) }
}

function inOrder({ refused }: GroupedRecipients, results: readonly DomainResult[]): DeliveredRecipient[] {
  const all = results.flatMap(({ recipients }) => [...recipients])
  for (const { index, forwardPath: recipient, told } of refused) {
    all.push([index, { recipient, status: 'rejected', retry: 'never', reply: told.reply }])
  }
  return all.sort(([a], [b]) => a - b).map(([, recipient]) => recipient)
}

async function atATime<T, R>(limit: number, list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++
      results[at] = await work(list[at]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, worker))
  return results
}
