/** What a delivery can be told. */

import type { Resolver } from '@posthorn/dns'
import type { TlsSessionFacts } from '@posthorn/policy'
import type { Connect, Platform, Recorder, SmtpClientOptions } from '@posthorn/smtp'
import type { DeliveryAttempt } from './outcome.ts'
import type { StsFetch, StsStore } from './sts-store.ts'

/** Which connection a recorder is asked for. */
export interface DeliveryPlace {
  /** The domain of the recipients. */
  readonly domain: string
  /** The host. */
  readonly host: string
  /** The address that is connected to. */
  readonly address: string
}

/** Takes the sessions for a report on TLS; a `TlsReportCollector` is one. */
export interface TlsSessionSink {
  /** Counts a session. */
  add(session: TlsSessionFacts): unknown
}

/** How messages are delivered to the hosts of their recipients' domains. */
export interface DelivererOptions {
  /** Opens a connection. One that leaves `addresses` aside asks the DNS again, which DANE must not be used with. */
  readonly connect: Connect
  /** Asks the DNS; DANE holds where it tells of answers that DNSSEC validated. */
  readonly resolver: Resolver
  /** The name of this host, for EHLO: a domain name that leads back to it, or an address literal. */
  readonly domain: string
  /** Fetches the policies of MTA-STS, as `fetch` of the runtime does; default: there is no MTA-STS. */
  readonly fetch?: StsFetch
  /** Keeps the policies of MTA-STS; default: in memory, 10,000 domains. */
  readonly stsStore?: StsStore
  /** How long a policy may take to fetch, in milliseconds; default 60,000, as RFC 8461 section 3.3 suggests. */
  readonly stsTimeout?: number
  /** Names and addresses that are this host, beside `domain`: no mail goes to them, to hosts behind them, or who greets so. */
  readonly localHosts?: readonly string[]
  /** The port; default 25. */
  readonly port?: number
  /** Which addresses are used; default `any`, those of IPv6 and IPv4 in turn. */
  readonly addressFamily?: 'any' | 'ipv4' | 'ipv6'
  /** How many hosts of a domain are looked up and tried; default 10. */
  readonly maxHosts?: number
  /** How many addresses of a host are tried; default 4. */
  readonly maxAddresses?: number
  /** How long a connection may take, in milliseconds; default 30,000. */
  readonly connectTimeout?: number
  /**
   * How long the delivery to one domain may take, in milliseconds; default 900,000. After it no host is tried, and a session
   * that has not begun to send the message is ended; one that has goes on, since a second copy could come of its end.
   */
  readonly domainTimeout?: number
  /** Turns the deadline of RFC 5321 section 4.5.3.2 into the one in force, in milliseconds; default: as it is. */
  readonly deadline?: SmtpClientOptions['deadline']
  /** How many domains are delivered to at a time; default 5. */
  readonly concurrency?: number
  /** For how long an address that did not answer is tried after all others, in milliseconds; default 300,000. */
  readonly quietTime?: number
  /** How many such addresses are remembered; default 10,000. */
  readonly maxQuiet?: number
  /**
   * Who checks certificates: `shown` (default), what the connection shows of them is checked here, which tells what is wrong
   * with one and serves DANE; `carrier`, for connections that show none: the carrier checks them as it does, hosts with
   * DANE are not delivered to, and where nothing is asked TLS with another certificate gives way to no TLS.
   */
  readonly certificates?: 'carrier' | 'shown'
  /** Takes what became of TLS, for reports. */
  readonly tlsReports?: TlsSessionSink
  /** Gives what takes the conversation of a session; what it throws is dropped. */
  readonly record?: (place: DeliveryPlace) => Recorder | undefined
  /** Clock (in milliseconds since 1970 where policies are kept), timers and randomness; default: the platform's. */
  readonly platform?: Platform
}

/** How one message is delivered. */
export interface DeliverOptions {
  /**
   * What the sender asks: `required`, the parameter REQUIRETLS, as in the envelope; `waived`, the field
   * `TLS-Required: No`, by which policies are left aside. Default: nothing.
   */
  readonly requireTls?: 'required' | 'waived'
  /** Ends the delivery when it fires: what was not sent by then is deferred, what was half sent too. */
  readonly signal?: AbortSignal
  /** Hears of each attempt when it is over; what it throws is dropped. */
  readonly onAttempt?: (attempt: DeliveryAttempt) => void
}
