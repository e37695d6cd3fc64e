/** What every implementation of `Connection` owes, as tests. The checks themselves are in checks.js. */
import type { Connection, ConnectionInfo, TlsInfo } from '@posthorn/smtp'
import { describe, test } from 'vitest'
import { checksFor, runCheck } from './checks.js'

/** Two ends of one connection; `near` is the client of a TLS handshake, `far` the server. */
export interface Ends {
  readonly near: Connection
  readonly far: Connection
  /** Frees what the pair holds beside the connections. */
  readonly release?: () => Promise<void>
}

/** Describes an implementation to the suite. */
export interface Implementation {
  readonly name: string
  readonly open: () => Promise<Ends>
  /** The name that the certificate of `far` proves; absent where TLS cannot be raised. */
  readonly serverName?: string
  /** What carries `near`; default: what carries `far`. */
  readonly via?: ConnectionInfo['via']
  /** Who verifies the certificate for `near`; default `local`. */
  readonly verifiedBy?: TlsInfo['verifiedBy']
  /** Whether TLS is in force from the start; default `false`. */
  readonly secured?: boolean
  /** Whether certificates are judged in earnest, and shown to whoever decides; default `false`. */
  readonly judges?: boolean
}

/** Declares the tests of one implementation. */
export function checkConnection({ name, open, ...expected }: Implementation): void {
  describe(`Connection (${name})`, () => {
    for (const one of checksFor(expected)) test(one.name, () => runCheck(one, open, expected))
  })
}
