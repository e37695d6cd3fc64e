/** An Exim of the test's own: STARTTLS, AUTH, CHUNKING, PRDR, DSN, SMTPUTF8; delivers to maildirs, and relays. */
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { EXIM } from '../packages.js'
import { inRoot, ROOT, WORK } from '../root.js'
import { takeFromMaildir, userId } from './maildir.ts'
import { Daemon, freePort, run } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'exim.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: 'alice', password: 'secret' }

const USER = 'Debian-exim'

/** The releases that can be started: the machine's own, and the one of the second Debian. */
type Release = 'bookworm' | 'trixie'

/** A server that Exim relays to. */
interface Relay {
  readonly port: number
  readonly ca: string
  readonly account: { readonly username: string; readonly password: string }
}

/** An Exim at work. */
export interface Exim {
  readonly hostname: string
  /** Takes mail for its own domain, and offers STARTTLS; AUTH behind it. */
  readonly port: number
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  /** Hands Exim a message to deliver to another server as a client. */
  submit(from: string, to: readonly string[], message: string): Promise<void>
  /** The same with options, in the foreground; gives what it prints of the delivery. */
  deliver(options: readonly string[], from: string, to: readonly string[], message: string): Promise<string>
  /** What it has logged. */
  log(): string
  stop(): Promise<void>
}

const NO_RELAY: Relay = { port: 1, ca: '', account: { username: 'nobody', password: '' } }

interface Place {
  /** Where the program stands, and where it sees the folder of the test. */
  readonly program: string
  readonly folder: string
  readonly extra: string
}

const PLACES: Readonly<Record<Release, (folder: string) => Place>> = {
  bookworm: (folder) => ({ program: EXIM, folder, extra: '' }),
  trixie: () => ({ program: '/usr/sbin/exim4', folder: WORK, extra: 'limits_advertise_hosts = *\n' }),
}

function configuration({ program, folder, extra }: Place, port: number, relay: Relay, patience: number): string {
  return `exim_path = ${program}
exim_user = ${USER}
exim_group = ${USER}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
primary_hostname = ${HOSTNAME}
qualify_domain = ${HOSTNAME}
domainlist local_domains = ${HOSTNAME}
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
disable_ipv6 = true
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
prdr_enable = true
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
log_selector = +all
recipients_max = 3
smtp_receive_timeout = ${patience}s
message_size_limit = 4M
${extra}acl_smtp_rcpt = check_rcpt
acl_smtp_data_prdr = check_recipient_content
begin acl
check_rcpt:
  defer local_parts = greylist
        message = 450 4.2.0 Greylisted, try again
  accept domains = +local_domains
         verify = recipient
  accept authenticated = *
  accept hosts = :
  deny message = 550 5.7.1 Relay not permitted
check_recipient_content:
  deny local_parts = picky
       message = 550 5.7.0 This recipient refuses the content
  accept
begin routers
relay:
  driver = manualroute
  domains = posthorn.example
  route_list = * localhost::${relay.port} byname
  self = send
  transport = remote
relay_authenticated:
  driver = manualroute
  domains = auth.posthorn.example
  route_list = * localhost::${relay.port} byname
  self = send
  transport = remote_authenticated
local:
  driver = accept
  domains = +local_domains
  local_parts = alice : bob : picky : postmaster
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${folder}/mail/\${lc:$local_part_data}
  create_directory
  user = ${USER}
  envelope_to_add
remote:
  driver = smtp
  hosts_try_prdr = *
  hosts_try_chunking = *
  hosts_require_tls = *
  tls_verify_certificates = ${folder}/relay-ca.pem
  tls_verify_hosts = *
remote_authenticated:
  driver = smtp
  hosts_try_chunking =
  hosts_require_auth = *
  hosts_require_tls = *
  tls_verify_certificates = ${folder}/relay-ca.pem
  tls_verify_hosts = *
begin retry
* * F,1m,1s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${ACCOUNT.username}}}{eq{$auth3}{${ACCOUNT.password}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{$auth1}{${ACCOUNT.username}}}{eq{$auth2}{${ACCOUNT.password}}}}}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{$auth1}{${ACCOUNT.username}}{${ACCOUNT.password}}fail}
  server_set_id = $auth1
  client_name = ${relay.account.username}
  client_secret = ${relay.account.password}
`
}

async function writeFiles(folder: string, owner: number, relay: Relay): Promise<ThrowAwayCertificate> {
  chownSync(folder, owner, owner)
  for (const name of ['spool', 'log', 'mail']) {
    mkdirSync(join(folder, name))
    chownSync(join(folder, name), owner, owner)
  }
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const { ca, cert, key } = certificate
  const files = { 'cert.pem': cert, 'key.pem': key, 'relay-ca.pem': relay.ca || ca }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text)
    chownSync(join(folder, name), owner, owner)
  }
  return certificate
}

/** Starts an Exim of a release; what is for posthorn.example goes on to another server. */
export async function startExim({
  release = 'bookworm',
  relay = NO_RELAY,
  patience = 300,
  queueEvery = '1s',
}: {
  readonly release?: Release
  readonly relay?: Relay
  /** How long it waits for a client, in seconds. */
  readonly patience?: number
  /** How often it tries what is in its queue. */
  readonly queueEvery?: string
} = {}): Promise<Exim> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-exim-'))
  const certificate = await writeFiles(folder, userId(USER, release === 'trixie' ? ROOT : ''), relay)
  const port = await freePort()
  const place = PLACES[release](folder)
  writeFileSync(join(folder, 'exim.conf'), configuration(place, port, relay, patience))
  const call = (...options: string[]): { command: string; args: string[] } => {
    const args = ['-C', join(place.folder, 'exim.conf'), ...options]
    return release === 'trixie' ? inRoot(folder, place.program, args) : { command: place.program, args }
  }
  const { command, args } = call('-bdf', `-q${queueEvery}`)
  const daemon = new Daemon(command, args)
  await daemon.ready(port)
  const read = (name: string): string => {
    const path = join(folder, 'log', name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  const log = (): string => read('mainlog') + read('paniclog')
  const deliver: Exim['deliver'] = async (options, from, to, message) => {
    // In the foreground, so that no delivery outlives the server.
    const submission = call(...options, '-i', '-odf', '-f', from, ...to)
    const { code, stderr } = await run(submission.command, submission.args, { input: message })
    if (code !== 0) throw new Error(`exim: ${stderr}`)
    return stderr
  }
  return {
    port,
    hostname: HOSTNAME,
    certificate,
    log,
    take: async (user) => takeFromMaildir(join(folder, 'mail', user), log),
    async submit(from, to, message) {
      await deliver([], from, to, message)
    },
    deliver,
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
