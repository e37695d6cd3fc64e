/// <reference path="./cloudflare-sockets.d.ts" />
/** `connect` with the sockets of Cloudflare's runtime bound in. */

import { connect as connectSocket } from 'cloudflare:sockets'
import type { Connection } from '@posthorn/smtp'
import { connect as connectOver, type TargetOptions } from './connect.ts'

/**
 * Opens a connection from a Cloudflare Worker, or wherever else `cloudflare:sockets` is. Only a handler may call it.
 *
 * @param options Where to, and how.
 * @returns The connection; nothing is read from it before it is asked for.
 * @throws {MailError} `SOCKETS_CONNECT_FAILED`, `SOCKETS_CONNECT_TIMEOUT`, `SOCKETS_ABORTED`, or `SOCKETS_SERVER_NAME`
 * when `serverName` is not the host.
 * @see {@link https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/ | TCP sockets of Cloudflare Workers}
 * @example
 * ```ts no-run
 * import { connect } from '@posthorn/sockets/cloudflare'
 * import { SmtpClient } from '@posthorn/smtp'
 *
 * const connection = await connect({ host: 'mail.example.org', port: 587 })
 * const client = new SmtpClient(connection, { credentials: { username: 'ada', password: 'secret' } })
 * ```
 */
export function connect(options: TargetOptions): Promise<Connection> {
  return connectOver({ ...options, connect: connectSocket })
}
