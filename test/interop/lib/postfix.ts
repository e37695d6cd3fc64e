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

/** Domains by the way in which Postfix takes their mail to the server it relays to. */
export const WAYS = {
  tls: 'posthorn.example',
  plain: 'plain.posthorn.example',
  lmtp: 'lmtp.posthorn.example',
  proxy: 'proxy.posthorn.example',
  scram: 'scram.posthorn.example',
  'cram-md5': 'cram-md5.posthorn.example',
  login: 'login.posthorn.example',
} as const

/** Recipients that are answered in a way of their own. */
export const RECIPIENTS = {
  later: `greylist@${HOSTNAME}`,
  full: `quota@${HOSTNAME}`,
  several: `team@${HOSTNAME}`,
  unicode: `δοκιμή@${HOSTNAME}`,
}

/** A server that Postfix relays to. */
interface Relay {
  readonly port: number
  /** For mail that goes by LMTP, and for mail whose origin is told. */
  readonly lmtpPort?: number
  readonly proxyPort?: number
  readonly ca: string
  readonly hostname: string
  readonly account: { readonly username: string; readonly password: string }
}

/** A Postfix at work. */
export interface Postfix {
  /** Takes mail after STARTTLS and AUTH. */
  readonly port: number
  /** The same as `localhost`. */
  readonly localPort: number
  /** The same with TLS from the beginning, as `localhost`. */
  readonly implicitPort: number
  /** The certificate of `localhost`. */
  readonly implicitCertificate: ThrowAwayCertificate
  /** The first with TLS from the beginning. */
  readonly tlsPort: number
  /** Takes mail for its domain from anybody, and has every extension that Postfix knows. */
  readonly mxPort: number
  /** The same with the extensions of 1995, and refusals of several lines. */
  readonly oldPort: number
  /** The same with at most two recipients a transaction, 5,000 octets a message, and a second of patience. */
  readonly limitedPort: number
  readonly hostname: string
  readonly certificate: ThrowAwayCertificate
  /** Its certificate authority, as a file. */
  readonly caFile: string
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  /** Hands Postfix a message to deliver to another server as a client, with options of its sendmail. */
  submit(from: string, to: string | readonly string[], message: string, options?: readonly string[]): Promise<void>
  /** What it has logged. */
  log(): string
  stop(): Promise<void>
}

type Ports = Pick<Postfix, 'port' | 'localPort' | 'implicitPort' | 'tlsPort' | 'mxPort' | 'oldPort' | 'limitedPort'>

const NO_RELAY: Relay = { port: 1, ca: '', hostname: 'none', account: { username: '', password: '' } }

function transportMaps({ port, lmtpPort = 1, proxyPort = 1 }: Relay): string {
  const transports: Readonly<Record<keyof typeof WAYS, string>> = {
    tls: `smtp:[127.0.0.1]:${port}`,
    plain: `smtp-plain:[127.0.0.1]:${port}`,
    lmtp: `lmtp:inet:[127.0.0.1]:${lmtpPort}`,
    proxy: `smtp-proxy:[127.0.0.1]:${proxyPort}`,
    scram: `smtp-scram:[127.0.0.1]:${port}`,
    'cram-md5': `smtp-cram-md5:[127.0.0.1]:${port}`,
    login: `smtp-login:[127.0.0.1]:${port}`,
  }
  return Object.entries(transports)
    .map(([way, transport]) => `{${WAYS[way as keyof typeof WAYS]}=${transport}}`)
    .join(' ')
}

function mainCf(folder: string, relay: Relay): string {
  const { later, full, several, unicode } = RECIPIENTS
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
virtual_mailbox_maps = inline:{ {alice@${HOSTNAME}=alice/} {bob@${HOSTNAME}=bob/} {carol@${HOSTNAME}=carol/} {${unicode}=unicode/} }
virtual_alias_maps = inline:{ {${several}=alice@${HOSTNAME},bob@${HOSTNAME}} }
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
virtual_mailbox_limit = 0
message_size_limit = 50000000
transport_maps = inline:{ ${transportMaps(relay)} }
relay_domains = ${Object.values(WAYS).join(' ')}
smtp_host_lookup = native
disable_dns_lookups = yes
smtp_tls_security_level = verify
smtp_tls_CAfile = ${folder}/relay-ca.pem
smtp_tls_verify_cert_match = ${relay.hostname}
smtp_tls_loglevel = 1
smtp_sasl_password_maps = texthash:${folder}/etc/passwords
smtp_sasl_security_options = noanonymous
smtpd_recipient_restrictions = check_recipient_access inline:{ {${later}=450 4.2.0 Try again later} {${full}=552 5.2.2 Mailbox full} }
smtpd_tls_chain_files = ${folder}/key.pem, ${folder}/cert.pem
smtpd_client_connection_count_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
`
}

function masterCf(
  folder: string,
  { port, localPort, implicitPort, tlsPort, mxPort, oldPort, limitedPort }: Ports,
): string {
  const submission =
    '-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=cyrus -o smtpd_sasl_path=smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject'
  const local = `-o smtpd_tls_chain_files=${folder}/local-key.pem,${folder}/local-cert.pem ${submission}`
  const mx = '-o smtpd_tls_security_level=may -o smtpd_relay_restrictions=reject_unauth_destination'
  const old = '-o smtpd_discard_ehlo_keywords=pipelining,chunking,8bitmime,dsn,smtputf8,enhancedstatuscodes'
  const footer = '-o { smtpd_reject_footer = \\c. See the postmaster.\\nThe client is $client_address }'
  const limits =
    '-o smtpd_recipient_limit=2 -o smtpd_recipient_overshoot_limit=100 -o message_size_limit=5000 -o smtpd_timeout=1s'
  const authenticated = (mechanism: string): string =>
    `unix - - n - - smtp -o smtp_sasl_auth_enable=yes -o smtp_sasl_mechanism_filter=${mechanism}`
  return `127.0.0.1:${port} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes ${submission}
127.0.0.1:${localPort} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes ${local}
127.0.0.1:${implicitPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes ${local}
127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes ${submission}
127.0.0.1:${mxPort} inet n - n - - smtpd ${mx}
127.0.0.1:${oldPort} inet n - n - - smtpd ${mx} ${old} ${footer}
127.0.0.1:${limitedPort} inet n - n - - smtpd ${mx} ${limits}
smtp unix - - n - - smtp
smtp-plain unix - - n - - smtp -o smtp_tls_security_level=none
smtp-proxy unix - - n - - smtp -o smtp_tls_security_level=none -o smtp_send_xforward_command=yes
smtp-scram ${authenticated('SCRAM-SHA-256')}
smtp-cram-md5 ${authenticated('CRAM-MD5')}
smtp-login ${authenticated('LOGIN')}
lmtp unix - - n - - lmtp -o lmtp_tls_security_level=none
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
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
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${file}\nmech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\n`,
  )
  const args = ['-p', '-c', '-f', file, '-u', HOSTNAME, 'alice']
  const { code, stderr } = await run('/usr/sbin/saslpasswd2', args, { input: ACCOUNT.password })
  if (code !== 0) throw new Error(`saslpasswd2: ${stderr}`)
  chownSync(file, userId('postfix'), 0)
}

async function configure(
  folder: string,
  ports: Ports,
  relay: Relay,
): Promise<Pick<Postfix, 'certificate' | 'implicitCertificate'>> {
  for (const name of ['etc/sasl', 'spool', 'data', 'log', 'mail']) mkdirSync(join(folder, name), { recursive: true })
  // Its daemons give up root, and must still reach their folders.
  chmodSync(folder, 0o755)
  chownSync(join(folder, 'data'), userId('postfix'), 0)
  chownSync(join(folder, 'mail'), NOBODY, NOBODY)
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const implicitCertificate = await makeCertificate('localhost', Date.now())
  const { ca, cert, key } = certificate
  const files = {
    'ca.pem': ca,
    'local-cert.pem': implicitCertificate.cert,
    'local-key.pem': implicitCertificate.key,
    'relay-ca.pem': relay.ca,
    'cert.pem': cert,
    'key.pem': key,
    'etc/main.cf': mainCf(folder, relay),
    'etc/master.cf': masterCf(folder, ports),
    'etc/passwords': `[127.0.0.1]:${relay.port} ${relay.account.username}:${relay.account.password}\n`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  await writeAccount(folder)
  return { certificate, implicitCertificate }
}

async function freePorts(): Promise<Ports> {
  const names = ['port', 'localPort', 'implicitPort', 'tlsPort', 'mxPort', 'oldPort', 'limitedPort'] as const
  const ports = await Promise.all(names.map(async (name) => [name, await freePort()] as const))
  return Object.fromEntries(ports) as Ports
}

/** Starts a Postfix, and has it relay to a server where one is given. */
export async function startPostfix(relay: Relay = NO_RELAY): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-postfix-'))
  const ports = await freePorts()
  const certificates = await configure(folder, ports, relay)
  const etc = join(folder, 'etc')
  const daemon = new Daemon('/usr/sbin/postfix', ['-c', etc, 'start-fg'], { MAIL_CONFIG: etc })
  const log = (): string =>
    existsSync(join(folder, 'log/maillog')) ? readFileSync(join(folder, 'log/maillog'), 'utf8') : ''
  await daemon.ready(ports.port)
  return {
    ...ports,
    ...certificates,
    hostname: HOSTNAME,
    caFile: join(folder, 'ca.pem'),
    log,
    take: (user) => takeFromMaildir(join(folder, 'mail', user), log),
    async submit(from, to, message, options = ['-B', '8BITMIME']) {
      const args = ['-C', etc, '-i', ...options, '-f', from, ...[to].flat()]
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
