/** The delivery to the hosts of a domain, with Node's sockets, resolver and `fetch` bound in. */

import {
  createDeliverer as createPortableDeliverer,
  type Deliverer,
  type DelivererOptions,
} from '@posthorn/mailer/deliver'
import { connect, systemResolver } from '@posthorn/node'

/** How {@link createDeliverer} delivers. */
export interface NodeDelivererOptions extends Omit<DelivererOptions, 'connect' | 'resolver'> {
  /** Opens a connection in place of Node's sockets. */
  readonly connect?: DelivererOptions['connect']
  /** Asks the DNS; default: the servers of the system, whose word on DNSSEC counts where they are on this host. */
  readonly resolver?: DelivererOptions['resolver']
}

/**
 * Makes what delivers messages to the hosts of their recipients' domains, over port 25, with MTA-STS, and with DANE where
 * the resolver vouches for answers.
 *
 * @param options The name of this host for EHLO, and how to deliver.
 * @returns The deliverer; it holds no connection between messages.
 * @throws {MailError} `MAILER_BAD_OPTION`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-5.1 | RFC 5321 section 5.1}
 * @example
 * import { MemoryZone } from '@posthorn/dns'
 * const resolver = new MemoryZone().add('example.net', 'MX', { preference: 0, exchange: '.' })
 * const deliverer = createDeliverer({ domain: 'mail.example.org', resolver })
 * const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }
 * const message = new TextEncoder().encode('Subject: hi\r\n\r\nHello\r\n')
 * const { recipients } = await deliverer.deliver({ envelope, message })
 * recipients[0]?.status // 'rejected'
 */
export function createDeliverer(options: NodeDelivererOptions): Deliverer {
  return createPortableDeliverer({
    fetch: (url, request) => fetch(url, request),
    ...options,
    connect: options.connect ?? connect,
    resolver: options.resolver ?? systemResolver(),
  })
}
