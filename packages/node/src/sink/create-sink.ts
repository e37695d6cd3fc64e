/**
 * A server for those who test what sends mail: it takes all, keeps it, and fails on demand.
 * Out of scope: delivering anything, and certificates, which the caller brings.
 */

import { listen } from '../listen.ts'
import { startTimer } from '../timer.ts'
import { Folder } from './folder.ts'
import { Mailbag } from './mailbag.ts'
import { Misbehaviour } from './misbehaviour.ts'
import { SessionLog } from './session-log.ts'
import type { Sink } from './sink.ts'
import type { SinkOptions } from './sink-options.ts'
import { sinkSession } from './sink-session.ts'

/**
 * Starts a sink.
 *
 * @param options How it is set up; without any, on a free port of the loopback interface, and it takes all.
 * @returns The sink, once it takes clients.
 * @throws {MailError} `NODE_LISTEN_FAILED` when the address cannot be had, and the codes of `listen`.
 * @example
 * const sink = await createSink({ behaviour: { refuseRecipients: '@nowhere.example' } })
 * sink.url.startsWith('smtp://127.0.0.1:') // true
 * sink.messages.length // 0
 * await sink.close()
 */
export async function createSink(options: SinkOptions = {}): Promise<Sink> {
  const { host = '127.0.0.1', port = 0, implicitTls = false, tls, onError } = options
  const misbehaviour = new Misbehaviour(options.behaviour ?? {})
  const mailbag = new Mailbag({ ...options, startTimer })
  const log = new SessionLog(options)
  const folder = options.folder === undefined ? undefined : await Folder.open(options.folder)
  const serveOne = sinkSession(options, { misbehaviour, mailbag, log, folder, startTimer })
  const listener = await listen({
    ...{ host, port, implicitTls, onConnection: serveOne },
    ...(tls && { tls }),
    ...(onError && { onError }),
  })
  const close = (): Promise<void> => listener.close({ timeout: 0 })
  return {
    url: urlOf(listener.address, options),
    host: listener.address.address,
    port: listener.address.port,
    get messages() {
      return mailbag.messages
    },
    get transcripts() {
      return log.sessions
    },
    next: (wait = {}) => mailbag.next(wait),
    waitFor: (count, wait = {}) => mailbag.waitFor(count, wait),
    behave: (behaviour = {}) => misbehaviour.change(behaviour),
    clear() {
      mailbag.clear()
      log.clear()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function urlOf({ address, port }: { readonly address: string; readonly port: number }, options: SinkOptions): string {
  const scheme = `${options.protocol ?? 'smtp'}${options.implicitTls ? 's' : ''}`
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`
}
