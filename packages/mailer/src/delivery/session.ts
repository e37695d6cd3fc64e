/**
 * One connection to one address of a host, from its opening to QUIT, for the recipients that are still without an outcome.
 * RFC 5321 section 3, RFC 3207, RFC 8689 section 4.2.1.
 */

import { attempt, MailError } from '@posthorn/core'
import {
  type Connection,
  type Envelope,
  type OutgoingMessage,
  type SendOutcome,
  SmtpClient,
  type SmtpClientOptions,
} from '@posthorn/smtp'
import { withoutDsn } from '../dsn-parameters.ts'
import { fault } from '../error.ts'
import { guarded } from '../guarded.ts'
import { type CertificateJudge, judgeFor } from './certificate-judge.ts'
import type { Told } from './made-reply.ts'
import { type DeliveryAttempt, describeError } from './outcome.ts'
import type { Target } from './route.ts'
import { type SessionFailure, whyFailed } from './session-failure.ts'
import { SessionWatch } from './session-watch.ts'
import { canonicalHost, type Settings } from './settings.ts'

/** What one connection is for. */
export interface SessionTask extends Target {
  /** The domain of the recipients. */
  readonly domain: string
  /** The message, for the recipients that are left. */
  readonly outgoing: OutgoingMessage
  /** Whether it goes without TLS, as TLS failed before. */
  readonly isClear: boolean
  readonly settings: Settings
  /** When it is over, by the clock. */
  readonly endsAt: number
  readonly signal?: AbortSignal | undefined
}

/** What became of one connection. */
export interface SessionResult {
  /** What a trail tells of it. */
  readonly attempt: DeliveryAttempt
  /** What became of the recipients, where it came to sending. */
  readonly outcome?: SendOutcome
  /** Why it did not come to sending. */
  readonly told?: Told
  /** Whether DSN was asked for, and not offered. */
  readonly isWithoutDsn: boolean
  /** How TLS went. */
  readonly watch: SessionWatch | undefined
  /** The addresses of both ends, where they are known. */
  readonly info?: Connection['info']
}

/**
 * Tries one address.
 *
 * @internal
 */
export async function runSession(task: SessionTask): Promise<SessionResult> {
  const startedAt = task.settings.platform.now()
  let connection: Connection
  try {
    connection = await open(task)
  } catch (error) {
    const isCut = task.signal?.aborted || task.settings.platform.now() >= task.endsAt
    if (!isCut) task.settings.quiet.add(task.address)
    const failure = whyFailed({ error, host: task.host })
    return {
      told: failure.told,
      attempt: attemptOf(task, { startedAt, failure }),
      isWithoutDsn: false,
      watch: undefined,
    }
  }
  const result = await converse(task, connection, startedAt)
  // A host that takes connections and says nothing is as good as dead.
  const { attempt: last } = result
  if (last.phase === 'greeting' && last.error?.code === 'SMTP_TIMEOUT') task.settings.quiet.add(task.address)
  else task.settings.quiet.remove(task.address)
  return result
}

async function open({ host, address, settings, endsAt, signal }: SessionTask): Promise<Connection> {
  const { connect, port, connectTimeout, platform } = settings
  const timeout = Math.min(connectTimeout, Math.max(1, endsAt - platform.now()))
  let opening: Promise<Connection> | undefined
  const begin = (): Promise<Connection> => {
    opening = connect({ host: host.host, port, addresses: [address], timeout, ...(signal && { signal }) })
    return opening
  }
  try {
    return await attempt(begin, {
      timeout,
      signal,
      startTimer: platform.startTimer,
      late: () => fault('MAILER_CONNECT_FAILED', `connect: the host did not answer in ${timeout} ms`),
      aborted: (reason) => fault('MAILER_ABORTED', 'connect: the caller aborted', reason),
    })
  } catch (error) {
    opening?.then(
      (late) => late.abort(error),
      () => undefined,
    )
    throw error instanceof MailError ? error : fault('MAILER_CONNECT_FAILED', 'connect', error)
  }
}

async function converse(task: SessionTask, connection: Connection, startedAt: number): Promise<SessionResult> {
  const watch = new SessionWatch(recorderOf(task))
  const judge = judgeFor(task.host)
  const client = new SmtpClient(connection, clientOptions(task, { watch, judge }))
  const stop = endInTime(task, { connection, watch })
  const sent = await converseWith(client, task, watch)
  await client.quit()
  stop()
  const facts = { startedAt, watch, judge, ...sent }
  const { failure, outcome, isWithoutDsn = false } = sent
  return {
    attempt: attemptOf(task, facts),
    ...(failure && { told: failure.told }),
    ...(outcome && { outcome }),
    isWithoutDsn,
    watch,
    info: connection.info,
  }
}

// What is past its envelope goes on: the deadlines of RFC 5321 section 4.5.3.2 end it.
function endInTime(
  { settings: { platform, domainTimeout }, endsAt }: SessionTask,
  { connection, watch }: { readonly connection: Connection; readonly watch: SessionWatch },
): () => void {
  return platform.startTimer(Math.max(0, endsAt - platform.now()), () => {
    if (!watch.isSending) connection.abort(tookTooLong(domainTimeout))
  })
}

interface Sent {
  readonly outcome?: SendOutcome
  readonly failure?: SessionFailure
  readonly isWithoutDsn?: boolean
}

async function converseWith(client: SmtpClient, task: SessionTask, watch: SessionWatch): Promise<Sent> {
  const { host, outgoing, settings, signal } = task
  try {
    await client.open()
    if (settings.own.has(canonicalHost(watch.greets))) {
      throw fault('MAILER_LOOP', 'deliver to the host: it greets with the name of this host')
    }
    // RFC 8689 section 4.2.1: a host that does not offer REQUIRETLS is not given what asks for it.
    if (host.requireTls && !client.capabilities.requireTls) {
      throw fault('MAILER_REQUIRETLS_UNAVAILABLE', 'deliver to the host: it does not offer REQUIRETLS')
    }
    const { envelope, isChanged } = client.capabilities.dsn
      ? { envelope: outgoing.envelope, isChanged: false }
      : withoutDsn(outgoing.envelope)
    const outcome = await client.send(envelope, outgoing.message, { ...outgoing.options, ...(signal && { signal }) })
    return { outcome, isWithoutDsn: isChanged }
  } catch (error) {
    return { failure: whyFailed({ error, host, watch }) }
  }
}

function clientOptions(
  task: SessionTask,
  { watch, judge }: { readonly watch: SessionWatch; readonly judge: CertificateJudge },
): SmtpClientOptions {
  const { host, isClear, settings, signal } = task
  const { domain, deadline, platform, certificates } = settings
  const { serverName } = host.verify
  const opportunistic = isClear ? 'none' : 'opportunistic'
  return {
    domain,
    tls: host.tls === 'opportunistic' ? opportunistic : 'required',
    platform,
    record: watch.record,
    ...(serverName !== '' && { serverName }),
    // A carrier that shows no certificates cannot be asked what DANE asks, and must fail there.
    ...((certificates === 'shown' || host.tls === 'dane') && { checkCertificate: judge.check }),
    ...(deadline && { deadline }),
    ...(signal && { signal }),
  }
}

function recorderOf({ domain, host, address, settings }: SessionTask): SmtpClientOptions['record'] {
  const record = guarded(() => settings.record?.({ domain, host: host.host, address }))()
  return record && guarded(record)
}

interface AttemptFacts extends Sent {
  readonly startedAt: number
  readonly watch?: SessionWatch
  readonly judge?: CertificateJudge
}

function attemptOf(task: SessionTask, facts: AttemptFacts): DeliveryAttempt {
  const { domain, host, address, settings, outgoing, isClear } = task
  const { startedAt, watch, judge, failure, outcome } = facts
  const error = failure?.error ?? outcome?.error
  const isCertain = outcome && !outcome.error
  const refusal = error ? watch?.refusal?.reply : undefined
  const { tls } = watch ?? {}
  return {
    domain,
    host: host.host,
    preference: host.preference,
    address,
    port: settings.port,
    asked: isClear ? 'none' : host.tls,
    reason: host.reason,
    ...(tls && { tls: { protocol: tls.protocol, cipher: tls.cipher, ...(tls.peer && { sha256: tls.peer.sha256 }) } }),
    ...(judge?.verdict && { certificate: judge.verdict }),
    phase: isCertain ? 'done' : (watch?.phase ?? 'connect'),
    startedAt,
    milliseconds: settings.platform.now() - startedAt,
    recipients: recipientsOf(outgoing.envelope),
    accepted: outcome?.recipients.filter(({ status }) => status === 'accepted').length ?? 0,
    ...(refusal && { reply: refusal }),
    ...(error && { error: describeError(error) }),
  }
}

function recipientsOf({ forwardPaths }: Envelope): number {
  return forwardPaths.length
}

/**
 * The error of a delivery that took longer than it may.
 *
 * @internal
 */
export function tookTooLong(milliseconds: number): MailError {
  return fault('MAILER_TIMEOUT', `deliver to the domain: it took longer than ${milliseconds} ms`)
}
