/** The mailer with Node's sockets bound in, and the server from the environment where none is named. */

import {
  createMailer as createPortableMailer,
  type Mailer,
  type MailerOptions,
  readServerFromEnvironment,
  type ServerUrl,
} from '@posthorn/mailer'
import { type ConnectOptions, connect } from '@posthorn/node'
import type { ConnectRequest } from '@posthorn/smtp'

/** How {@link createMailer} connects, and how its sessions behave. */
export interface NodeMailerOptions
  extends Omit<MailerOptions, 'connect'>,
    Omit<ConnectOptions, keyof ConnectRequest | keyof MailerOptions> {
  /** Opens a connection in place of Node's sockets. */
  readonly connect?: MailerOptions['connect']
  /** The variables that name the server where none is given; default: those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Makes a mailer over Node's sockets; nothing is connected before the first message.
 *
 * @param server The server as a URL, such as `submission://user:password@mail.example`, or its parts; default: as
 * `readServerFromEnvironment` finds it.
 * @param options How to connect, how sessions behave, and what is done to each message.
 * @returns The mailer; close it when the last message has been sent.
 * @throws {MailError} `MAILER_BAD_URL`, `MAILER_BAD_OPTION`.
 * @example
 * import { listen } from '@posthorn/node'
 * import { serve } from '@posthorn/smtp'
 * const listener = await listen({
 *   onConnection: (connection) => serve(connection, { hostname: 'mx.example', onMessage: () => undefined }),
 * })
 * const mailer = createMailer(`smtp://127.0.0.1:${listener.address.port}`)
 * const outcome = await mailer.send({ from: 'ada@example.org', to: 'b@example.net', subject: 'Hi', text: 'Hello' })
 * outcome.type // 'accepted'
 * await mailer.close()
 * await listener.close()
 * createMailer(undefined, { environment: {} }) // throws MAILER_BAD_URL
 */
export function createMailer(server?: string | ServerUrl, options: NodeMailerOptions = {}): Mailer {
  const { environment = process.env, ...rest } = options
  return createPortableMailer(server ?? readServerFromEnvironment(environment), {
    ...rest,
    connect: options.connect ?? ((request) => connect({ ...options, ...request })),
  })
}
