/** A network in memory: a zone, and hosts behind addresses. */

import type { ForwardPath } from '@posthorn/command'
import { decodeUtf8, encodeUtf8, MailError } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import {
  type Connect,
  type Connection,
  type ConnectRequest,
  memoryPair,
  type OutgoingMessage,
  type PresentedCertificates,
  type ServeOptions,
  serve,
} from '@posthorn/smtp'

/** How a host behaves. */
export interface Host extends Partial<Omit<ServeOptions, 'onMessage'>> {
  /** What it does with a message, beside noting it. */
  readonly onMessage?: ServeOptions['onMessage']
  /** Speaks in its own way, in place of the server. */
  readonly speak?: (far: Connection) => Promise<void>
  /** Takes the message, and is gone before it says so. */
  readonly drops?: boolean
  /** Never takes a connection, and says nothing. */
  readonly silent?: boolean
  /** What it shows in a handshake; its TLS fails without. */
  readonly presents?: PresentedCertificates
}

/** A message that a host took. */
export interface Taken {
  readonly address: string
  readonly to: readonly string[]
  readonly text: string
  readonly secured: boolean
}

export const MESSAGE = encodeUtf8('Subject: hi\r\n\r\nHello\r\n')

export class Network {
  readonly zone: MemoryZone
  readonly taken: Taken[] = []
  readonly requests: ConnectRequest[] = []
  readonly #hosts = new Map<string, Host>()
  open = 0

  constructor(options: { readonly authenticated?: boolean } = {}) {
    this.zone = new MemoryZone(options)
  }

  /** Which addresses were connected to, in order. */
  get tried(): string[] {
    return this.requests.map(({ addresses }) => addresses?.[0] ?? '?')
  }

  /** Adds MX records, as `10 mx1`, and their hosts `mx1` at their addresses. */
  domain(domain: string, ...hosts: readonly string[]): this {
    for (const line of hosts) {
      const [preference, label, ...addresses] = line.split(' ')
      const exchange = label === '.' ? '.' : `${label}.${domain}`
      this.zone.add(domain, 'MX', { preference: Number(preference), exchange })
      for (const address of addresses) this.zone.add(exchange, address.includes(':') ? 'AAAA' : 'A', address)
    }
    return this
  }

  /** Puts a host behind an address. */
  host(address: string, host: Host = {}): this {
    this.#hosts.set(address, host)
    return this
  }

  readonly connect: Connect = async (request) => {
    this.requests.push(request)
    const [address = '?'] = request.addresses ?? []
    const host = this.#hosts.get(address)
    if (host?.silent) return new Promise(() => undefined)
    if (!host) throw new MailError('TEST_REFUSED', 'Cannot connect: refused')
    const [near, far] = memoryPair(host.presents && { presents: host.presents })
    this.open++
    const session = host.speak?.(far) ?? serve(far, this.#serverOf(address, host, far))
    session.catch(() => undefined).finally(() => this.open--)
    return near
  }

  #serverOf(address: string, { presents, speak, silent, drops, ...host }: Host, far: Connection): ServeOptions {
    return {
      hostname: 'mx.example.net',
      ...(presents && { tls: true }),
      ...host,
      onMessage: async (message) => {
        const chunks: string[] = []
        for await (const chunk of message.content) chunks.push(decodeUtf8(chunk))
        const decision = await host.onMessage?.(message)
        const to = message.forwardPaths.map(textOf)
        const secured = message.peer.connection.tls !== undefined
        if (!decision) this.taken.push({ address, to, text: chunks.join(''), secured })
        if (drops) far.abort()
        return decision
      },
    }
  }
}

export function textOf(path: ForwardPath): string {
  return path === 'postmaster' ? path : `${path.localPart}@${path.domain}`
}

/** A message to some recipients. */
export function mailTo(...forwardPaths: readonly string[]): OutgoingMessage {
  return { envelope: { reversePath: 'a@example.org', forwardPaths }, message: MESSAGE }
}

/** What a host shows: a certificate that stands for itself, and those behind it. */
export function certificates(
  names: readonly string[],
  options: { readonly untrusted?: 'expired' | 'not-trusted'; readonly leadsTo?: number } = {},
): PresentedCertificates {
  const { untrusted, leadsTo = 1 } = options
  return {
    chain: [new Uint8Array([48, 1, 0]), new Uint8Array([48, 1, 1])],
    ...(untrusted && { untrusted }),
    proves: (name) => names.includes(name),
    leadsTo: (index) => index === leadsTo,
  }
}

/** A peer that says its lines, one for each line that it hears, the first unasked; `close` ends. */
export function saying(...lines: readonly string[]): (far: Connection) => Promise<void> {
  return async (far) => {
    for (const line of lines) {
      if (line === 'close') return far.close()
      await far.write(encodeUtf8(`${line}\r\n`))
      if (!(await far.read())) return
    }
    await far.close()
  }
}
