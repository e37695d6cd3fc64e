/** One session of a sink: a server whose decisions and whose connection behave as the sink does. No platform is touched. */

import { loginServer, plainServer } from '@posthorn/sasl'
import { type Connection, type ServeOptions, serve } from '@posthorn/smtp'
import { decisionsOf } from './decisions.ts'
import { FaultyConnection, type FaultyConnectionOptions } from './faulty-connection.ts'
import type { Mailbag } from './mailbag.ts'
import type { SinkMessage } from './message.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import type { SessionLog } from './session-log.ts'
import type { SinkOptions } from './sink-options.ts'

/** What all sessions of a sink share. */
export interface SinkParts {
  readonly misbehaviour: Misbehaviour
  readonly mailbag: Mailbag
  readonly log: SessionLog
  /** Where messages are written too, before they are accepted. */
  readonly folder: { write(message: Omit<SinkMessage, 'number'>): Promise<void> } | undefined
  readonly startTimer: FaultyConnectionOptions['startTimer']
}

/**
 * Gives what serves the connections of a sink.
 *
 * @internal
 */
export function sinkSession(options: SinkOptions, parts: SinkParts): (connection: Connection) => Promise<void> {
  const { misbehaviour, mailbag, log, folder, startTimer } = parts
  const mechanisms = mechanismsOf(options.accounts)
  const keep = async (message: Omit<SinkMessage, 'number'>): Promise<void> => {
    await folder?.write(message)
    mailbag.add(message)
  }
  return async (connection) => {
    const faulty = new FaultyConnection(connection, { misbehaviour, record: log.open(), startTimer })
    await serve(faulty, {
      ...settingsOf(options, misbehaviour),
      ...(mechanisms.length > 0 && { mechanisms }),
      ...options.serve,
      ...decisionsOf(misbehaviour, keep),
      recorder: () => faulty.record,
      onError(error) {
        // What the behaviour brings about is no error.
        if (!faulty.dropped) options.onError?.(error)
      },
    })
  }
}

function settingsOf(options: SinkOptions, { now }: Misbehaviour): Omit<ServeOptions, 'onMessage'> {
  const { hostname = 'sink.example', protocol = 'smtp', tls, implicitTls = false } = options
  return {
    hostname,
    protocol,
    tls: tls !== undefined && !implicitTls,
    requireTls: options.requireTls === true,
    requireAuth: options.requireAuth === true,
    unsafePlaintextAuth: options.unsafePlaintextAuth === true,
    ...(now.without && { without: now.without }),
    ...(now.maxSize !== undefined && { maxSize: now.maxSize }),
    ...(now.maxRecipients !== undefined && { maxRecipients: now.maxRecipients }),
  }
}

function mechanismsOf(accounts: SinkOptions['accounts']): NonNullable<ServeOptions['mechanisms']> {
  if (!accounts) return []
  const passwords = new Map(Object.entries(accounts))
  const check = ({ username, password }: { readonly username: string; readonly password: string }): boolean =>
    passwords.get(username) === password
  return [plainServer(check), loginServer(check)]
}
