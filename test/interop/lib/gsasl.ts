/** GNU SASL as a client, and what its proof was bound to. */
import { run } from './process.ts'

/** A server, and how to authenticate to it. */
export interface GsaslJob {
  readonly hostname: string
  readonly port: number
  /** The file of the certificate authority. */
  readonly caFile: string
  readonly account: { readonly username: string; readonly password: string }
  /** Default: the strongest that is offered. */
  readonly mechanism?: string
  readonly options?: readonly string[]
}

/** How it went. */
export interface GsaslResult {
  readonly code: number | null
  /** The reply to the last response. */
  readonly reply: string
  /** The version of TLS. */
  readonly tls: string
  /** Whether the server proved that it knows the password. */
  readonly serverTrusted: boolean
  /** The gs2-header of the proof, and the number of octets that it was bound to, RFC 5802 section 7. */
  readonly bound: { readonly header: string; readonly octets: number } | undefined
  /** All that was said. */
  readonly dialogue: string
}

const decode = (text: string): Buffer => Buffer.from(text, 'base64')

// channel-binding = "c=" base64 ; cbind-input = gs2-header [ cbind-data ]
function boundIn(dialogue: string): GsaslResult['bound'] {
  const finals = dialogue.split('\n').flatMap((line) => /^c=([^,]+)/.exec(decode(line).toString('latin1'))?.[1] ?? [])
  const [input = ''] = finals.map((final) => decode(final).toString('latin1'))
  const [header] = /^[^,]+,[^,]*,/.exec(input) ?? []
  return header === undefined ? undefined : { header, octets: input.length - header.length }
}

/** Authenticates over STARTTLS. */
export async function gsasl(job: GsaslJob): Promise<GsaslResult> {
  const { hostname, port, caFile, account, mechanism, options = [] } = job
  // QUIRK: --application-data is the default, and saying it turns it off.
  const { code, stdout, stderr } = await run('/usr/bin/gsasl', [
    ...['--smtp', '--starttls', '--verbose', '--application-data', '--connect', `${hostname}:${port}`],
    ...['--x509-ca-file', caFile, '--authentication-id', account.username, '--password', account.password],
    ...(mechanism === undefined ? [] : ['--mechanism', mechanism]),
    ...options,
  ])
  return {
    code,
    reply: /^(?:235|[45]\d\d) .*/m.exec(stdout)?.[0] ?? '',
    tls: /TLS session info: \((TLS[\d.]+)\)/.exec(stderr)?.[1] ?? '',
    serverTrusted: stderr.includes('(server trusted)'),
    bound: boundIn(stdout),
    dialogue: stdout + stderr,
  }
}
