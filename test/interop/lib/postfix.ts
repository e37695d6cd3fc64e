/** A Postfix of the test's own: a submission port with STARTTLS and AUTH, and delivery to maildirs below its folder. */
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { takeFromMaildir, userId } from './maildir.ts'
import { Daemon, freePort, run } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'mx.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: `alice@${HOSTNAME}`, password: 'se cret/&=ü' }

/** The user `nobody`, to whom the maildirs belong. */
const NOBODY = 65_534

/** A Postfix at work. */
export interface Postfix {
  /** Takes mail after STARTTLS and AUTH. */
  readonly port: number
  /** The certificate authority to trust, and the certificate for {@link HOSTNAME} with its key, in PEM. */
  readonly certificate: ThrowAwayCertificate
  /** The file that the authority stands in. */
  readonly caFile: string
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  /** Hands Postfix a message to deliver to another server as a client. */
  submit(from: string, to: string, message: string): Promise<void>
  /** What it has logged. */
  log(): string
  stop(): Promise<void>
}

function mainCf(folder: string, relayPort: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
maillog_file = ${folder}/log/maillog
maillog_file_prefixes = ${folder}
import_environment = MAIL_CONFIG TZ LANG=C
myhostname = ${HOSTNAME}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.2/32
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 no local delivery
virtual_mailbox_domains = ${HOSTNAME}
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = inline:{ {alice@${HOSTNAME}=alice/} {bob@${HOSTNAME}=bob/} }
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
virtual_mailbox_limit = 0
transport_maps = inline:{ {posthorn.example=smtp:[127.0.0.1]:${relayPort}} }
relay_domains = posthorn.example
smtp_host_lookup = native
disable_dns_lookups = yes
smtp_tls_security_level = verify
smtp_tls_CAfile = ${folder}/ca.pem
smtp_tls_verify_cert_match = ${HOSTNAME}
smtpd_tls_chain_files = ${folder}/key.pem, ${folder}/cert.pem
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
`
}

function masterCf(port: number): string {
  const submission = [
    '-o smtpd_tls_security_level=encrypt',
    '-o smtpd_tls_auth_only=yes',
    '-o smtpd_sasl_auth_enable=yes',
    '-o smtpd_sasl_type=cyrus',
    '-o smtpd_sasl_path=smtpd',
    '-o smtpd_relay_restrictions=permit_sasl_authenticated,reject',
  ]
  return `127.0.0.1:${port} inet n - n - - smtpd ${submission.join(' ')}
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
`
}

async function writeAccount(folder: string): Promise<void> {
  const file = join(folder, 'etc/sasl/sasldb2')
  writeFileSync(
    join(folder, 'etc/sasl/smtpd.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${file}\nmech_list: PLAIN SCRAM-SHA-256\n`,
  )
  const args = ['-p', '-c', '-f', file, '-u', HOSTNAME, 'alice']
  const { code, stderr } = await run('/usr/sbin/saslpasswd2', args, { input: ACCOUNT.password })
  if (code !== 0) throw new Error(`saslpasswd2: ${stderr}`)
  chownSync(file, userId('postfix'), 0)
}

async function configure(folder: string, port: number, relayPort: number): Promise<ThrowAwayCertificate> {
  for (const name of ['etc/sasl', 'spool', 'data', 'log', 'mail']) mkdirSync(join(folder, name), { recursive: true })
  // Its daemons give up root, and must still reach their folders.
  chmodSync(folder, 0o755)
  chownSync(join(folder, 'data'), userId('postfix'), 0)
  chownSync(join(folder, 'mail'), NOBODY, NOBODY)
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const { ca, cert, key } = certificate
  const files = {
    'ca.pem': ca,
    'cert.pem': cert,
    'key.pem': key,
    'etc/main.cf': mainCf(folder, relayPort),
    'etc/master.cf': masterCf(port),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  await writeAccount(folder)
  return certificate
}

/** Starts a Postfix; what it relays to posthorn.example goes to `relayPort`. */
export async function startPostfix({ relayPort = 1 }: { readonly relayPort?: number } = {}): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-postfix-'))
  const port = await freePort()
  const certificate = await configure(folder, port, relayPort)
  const etc = join(folder, 'etc')
  const daemon = new Daemon('/usr/sbin/postfix', ['-c', etc, 'start-fg'], { MAIL_CONFIG: etc })
  const log = (): string =>
    existsSync(join(folder, 'log/maillog')) ? readFileSync(join(folder, 'log/maillog'), 'utf8') : ''
  await daemon.ready(port)
  return {
    port,
    certificate,
    caFile: join(folder, 'ca.pem'),
    log,
    take: (user) => takeFromMaildir(join(folder, 'mail', user), log),
    async submit(from, to, message) {
      const args = ['-C', etc, '-i', '-B', '8BITMIME', '-f', from, to]
      const { code, stderr } = await run('/usr/sbin/sendmail', args, { input: message })
      if (code !== 0) throw new Error(`sendmail: ${stderr}`)
    },
    async stop() {
      await run('/usr/sbin/postfix', ['-c', etc, 'stop'])
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
