/** An OpenSMTPD of the test's own: a relay, and a submission port with AUTH; delivers to maildirs, and relays. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { inRoot, WORK } from '../root.js'
import { takeFromMaildir } from './maildir.ts'
import { Daemon, freePort, run } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'opensmtpd.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: `alice@${HOSTNAME}`, password: 'se cret/&=' }

const NOBODY = 65_534

/** A server that OpenSMTPD relays to. */
interface Relay {
  readonly port: number
  readonly lmtpPort: number
  readonly ca: string
  readonly hostname: string
  readonly account: { readonly username: string; readonly password: string }
}

/** An OpenSMTPD at work. */
export interface OpenSmtpd {
  /** Takes mail for its own domain from anybody; relays from anybody, too. */
  readonly port: number
  /** Takes mail after STARTTLS and AUTH. */
  readonly submissionPort: number
  readonly hostname: string
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  /** What it has said. */
  log(): string
  stop(): Promise<void>
}

function configuration(port: number, submissionPort: number, relay: Relay): string {
  return `pki ${HOSTNAME} cert "${WORK}/cert.pem"
pki ${HOSTNAME} key "${WORK}/key.pem"
table accounts file:${WORK}/accounts
table users file:${WORK}/users
table aliases file:${WORK}/aliases
table secrets file:${WORK}/secrets
smtp max-message-size 1M
filter later phase rcpt-to match rcpt-to regex "^greylist@" reject "450 4.2.0 Try again later"
listen on 127.0.0.1 port ${port} tls pki ${HOSTNAME} hostname ${HOSTNAME} filter later
listen on 127.0.0.1 port ${submissionPort} tls-require pki ${HOSTNAME} hostname ${HOSTNAME} auth <accounts>
action deliver maildir userbase <users> virtual <aliases>
action onward relay host smtp+tls://us@${relay.hostname}:${relay.port} auth <secrets>
action by_lmtp lmtp "127.0.0.1:${relay.lmtpPort}" rcpt-to virtual { "@lmtp.posthorn.example" = nobody }
match from any for domain "${HOSTNAME}" action deliver
match from any for domain "posthorn.example" action onward
match from any for domain "lmtp.posthorn.example" action by_lmtp
`
}

async function files(certificate: ThrowAwayCertificate, config: string, relay: Relay): Promise<Record<string, string>> {
  const { stdout: hash } = await run('/usr/bin/openssl', ['passwd', '-6', '-stdin'], { input: ACCOUNT.password })
  return {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    // What it trusts as a client.
    'trusted.pem': relay.ca || certificate.ca,
    'smtpd.conf': config,
    accounts: `${ACCOUNT.username} ${hash.trim()}\n`,
    users: ['alice', 'bob'].map((user) => `${user} ${NOBODY}:${NOBODY}:${WORK}/mail/${user}\n`).join(''),
    aliases: ['alice', 'bob'].map((user) => `${user}@${HOSTNAME} ${user}\n`).join(''),
    secrets: `us ${relay.account.username}:${relay.account.password}\n`,
  }
}

/** Starts an OpenSMTPD that relays to a server. */
export async function startOpenSmtpd(relay: Relay): Promise<OpenSmtpd> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-opensmtpd-'))
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'mail'))
  chownSync(join(folder, 'mail'), NOBODY, NOBODY)
  const [port, submissionPort] = await Promise.all([freePort(), freePort()])
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const contents = await files(certificate, configuration(port, submissionPort, relay), relay)
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text)
  chmodSync(join(folder, 'key.pem'), 0o600)
  const { command, args } = inRoot(folder, '/usr/sbin/smtpd', ['-d', '-f', `${WORK}/smtpd.conf`])
  const daemon = new Daemon(command, args)
  await daemon.ready(port)
  const log = (): string => daemon.output
  return {
    port,
    submissionPort,
    hostname: HOSTNAME,
    certificate,
    log,
    take: (user) => takeFromMaildir(join(folder, 'mail', user, 'Maildir'), log),
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
