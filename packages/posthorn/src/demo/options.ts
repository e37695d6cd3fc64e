/** What `posthorn demo` was asked for, from its arguments. */

import { parseArgs } from 'node:util'
import { MailError } from '@posthorn/core'
import { parseServerUrl, type ServerUrl } from '@posthorn/mailer'
import type { PosthornErrorCode } from '../error.ts'

/** What the demonstration does. */
export interface DemoOptions {
  /** A real server; without it the demonstration starts one of its own. */
  readonly server?: ServerUrl
  /** The file to attach. */
  readonly attach: string
  /** The folder for the message and the DNS record; without it a new one among the temporary files. */
  readonly out?: string
  /** The address of the sender. */
  readonly from?: string
  /** The addresses of the recipients. */
  readonly recipients: readonly string[]
  /** A file of certificate authorities to trust, in PEM. */
  readonly ca?: string
  /** The name that the server's certificate must prove, when it is not the host. */
  readonly serverName?: string
  /** Takes any certificate. */
  readonly insecure: boolean
  /** Whether TLS is raised. */
  readonly tls: 'required' | 'opportunistic' | 'none'
  /** The selector of the key. */
  readonly selector: string
  /** The algorithm of the key. */
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'
}

/** How the demonstration is called. */
export const DEMO_USAGE = `Usage: posthorn demo [options]

Composes a message, signs it with a fresh key, sends it with STARTTLS and AUTH, and shows every step. Without --to it
starts a server of its own on a free port, with an account, a certificate authority and a recipient that is refused.

  --attach FILE         attach this file (default: the README of this package)
  --out FOLDER          keep the message and the DNS record of its key here (default: a new temporary folder)
  --from ADDRESS        the sender
  --rcpt ADDRESS        a recipient; may be repeated
  --to URL              send to smtp://, submission:// or smtps:// [user:password@]host[:port]; needs --from and --rcpt
  --ca FILE             trust the certificate authorities of this file (PEM)
  --server-name NAME    the name that the certificate must prove, when it is not the host
  --insecure            take any certificate; credentials are then sent to whoever answers
  --tls WHEN            required (default), opportunistic or none
  --selector NAME       the selector of the key (default: demo)
  --algorithm NAME      rsa-sha256 (default) or ed25519-sha256
`

const OPTIONS = {
  attach: { type: 'string' },
  out: { type: 'string' },
  from: { type: 'string' },
  rcpt: { type: 'string', multiple: true },
  to: { type: 'string' },
  ca: { type: 'string' },
  'server-name': { type: 'string' },
  insecure: { type: 'boolean' },
  tls: { type: 'string' },
  selector: { type: 'string' },
  algorithm: { type: 'string' },
} as const

/** Reads the arguments that follow `demo`; `readme` is attached when nothing else is. */
export function parseDemoOptions(args: readonly string[], readme: string): DemoOptions {
  const {
    attach = readme,
    to,
    rcpt = [],
    insecure = false,
    tls,
    selector = 'demo',
    algorithm,
    'server-name': serverName,
    ...files
  } = valuesOf(args)
  if (to !== undefined && (files.from === undefined || rcpt.length === 0)) throw usage('--to needs --from and --rcpt')
  if (to === undefined && (files.ca !== undefined || serverName !== undefined || insecure)) {
    throw usage('--ca, --server-name and --insecure need --to')
  }
  return {
    ...files,
    attach,
    ...(to !== undefined && { server: parseServerUrl(to) }),
    ...(serverName !== undefined && { serverName }),
    recipients: rcpt,
    insecure,
    tls: oneOf('--tls', tls, ['required', 'opportunistic', 'none']),
    selector,
    algorithm: oneOf('--algorithm', algorithm, ['rsa-sha256', 'ed25519-sha256']),
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

function valuesOf(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (cause) {
    // HAZARD: what was not understood may hold a password.
    const name = /'(--?[a-z-]+)/.exec(String(cause))?.[1]
    throw usage(name ? `${name} is not known, or lacks its value` : 'it takes no arguments without a name')
  }
}

function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly [T, ...T[]]): T {
  if (value === undefined) return allowed[0]
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw usage(`${option} is one of ${allowed.join(', ')}`)
  return found
}

function usage(why: string): MailError<PosthornErrorCode> {
  return new MailError('POSTHORN_BAD_USAGE', `Cannot run the demonstration: ${why}`)
}
