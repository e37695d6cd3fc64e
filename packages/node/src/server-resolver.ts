/**
 * Asks recursive servers of the DNS over UDP and TCP: RFC 1035 section 4.2, RFC 7766, RFC 6891, RFC 5452.
 * Out of scope: recursion and validation, which the server does; search lists; the file of hosts; DNS over TLS.
 */

import { randomInt } from 'node:crypto'
import dns from 'node:dns'
import { type Answer, normalizeDnsName, type RecordType, type Resolver } from '@posthorn/dns'
import { decodeAnswer, encodeQuestion, matchAnswer, type WireQuestion } from '@posthorn/dns/wire'
import { askTcp, askUdp, type Exchange, type ServerAddress } from './dns-exchange.ts'
import { badServer, isLoopback, parseServerAddress } from './server-address.ts'

/** How servers are asked. */
export interface ServerResolverOptions {
  /** How long a question may take in all, in milliseconds; default 10,000. */
  readonly timeout?: number
  /** How long one server is waited for, over TCP anew, in milliseconds; default 2,000. */
  readonly attemptTimeout?: number
  /** How often each server is asked; default 2. */
  readonly attempts?: number
  /**
   * Whether what a server says it has validated (the AD bit) is believed; default: of a server on this host alone, as RFC
   * 4035 section 4.9.3 asks for a way to it that nobody else can write on.
   */
  readonly trustAuthenticated?: boolean
  /** Whether all is asked over TCP; default `false`, which is over UDP, and over TCP what does not fit. */
  readonly tcp?: boolean
}

// What passes through every network in one piece (RFC 9715 section 3.2).
const UDP_PAYLOAD_SIZE = 1232

/**
 * Makes a resolver that asks the servers that the system is set to ask, as they are now.
 *
 * @param options How they are asked.
 * @throws {MailError} `NODE_BAD_OPTION` when the system names something that is no address.
 * @see {@link https://www.rfc-editor.org/rfc/rfc1035#section-7 | RFC 1035 section 7}
 * @example
 * const resolver = systemResolver({ timeout: 5000 })
 * await resolver.resolve('no name', 'MX') // throws DNS_BAD_NAME
 */
export function systemResolver(options: ServerResolverOptions = {}): Resolver {
  // Node puts another function in its place when its servers are set.
  const servers = dns.getServers()
  // As the C library does where none is named.
  return serverResolver(servers.length > 0 ? servers : '127.0.0.1', options)
}

/**
 * Makes a resolver that asks recursive servers, in their order, until one of them tells.
 *
 * @param servers The addresses, as `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`.
 * @param options How they are asked.
 * @throws {MailError} `NODE_BAD_OPTION` for what is no address.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5452 | RFC 5452}
 * @example
 * const resolver = serverResolver(['192.0.2.53', '[2001:db8::53]:5353'])
 * await resolver.resolve('no name', 'MX') // throws DNS_BAD_NAME
 * serverResolver('dns.example') // throws NODE_BAD_OPTION
 */
export function serverResolver(servers: string | readonly string[], options: ServerResolverOptions = {}): Resolver {
  const addresses = [...new Set([servers].flat())].map(parseServerAddress)
  if (addresses.length === 0) throw badServer('none is given')
  return {
    async resolve(name, type, { signal } = {}) {
      const question = { name: normalizeDnsName(name), type }
      signal?.throwIfAborted()
      try {
        return await within(options.timeout ?? 10_000, signal, (end) =>
          askAll(addresses, question, { ...options, end }),
        )
      } catch {
        signal?.throwIfAborted()
        return { status: 'timeout' }
      }
    },
  }
}

interface Asking extends ServerResolverOptions {
  /** Ends all. */
  readonly end: AbortSignal
}

async function askAll<T extends RecordType>(
  servers: readonly ServerAddress[],
  question: WireQuestion<T>,
  asking: Asking,
): Promise<Answer<T>> {
  const failed = new Set<ServerAddress>()
  for (let round = 0; round < (asking.attempts ?? 2); round++) {
    for (const server of servers) {
      if (failed.has(server)) continue
      const answer = await askOne(server, question, asking).catch(() => undefined)
      asking.end.throwIfAborted()
      if (answer && answer.status !== 'servfail') return answer
      // What it cannot tell it will not tell a moment later.
      if (answer) failed.add(server)
    }
  }
  return { status: failed.size > 0 ? 'servfail' : 'timeout' }
}

async function askOne<T extends RecordType>(
  server: ServerAddress,
  question: WireQuestion<T>,
  { end, attemptTimeout = 2000, trustAuthenticated = isLoopback(server), tcp = false }: Asking,
): Promise<Answer<T>> {
  const id = randomInt(65_536)
  const exchange: Omit<Exchange, 'signal'> = {
    server,
    query: encodeQuestion(question, { id, udpPayloadSize: UDP_PAYLOAD_SIZE, padded: false }),
    matches: (message) => matchAnswer(message, question, { id }),
  }
  const message =
    (tcp ? undefined : await within(attemptTimeout, end, (signal) => askUdp({ ...exchange, signal }))) ??
    (await within(attemptTimeout, end, (signal) => askTcp({ ...exchange, signal })))
  const answer = decodeAnswer(message, question)
  return 'authenticated' in answer && !trustAuthenticated ? { ...answer, authenticated: false } : answer
}

async function within<T>(
  milliseconds: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const onAbort = (): void => end.abort(parent?.reason)
  parent?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => end.abort(new Error(`no answer in ${milliseconds} ms`)), milliseconds)
  try {
    return await work(end.signal)
  } finally {
    clearTimeout(timer)
    parent?.removeEventListener('abort', onAbort)
  }
}
