/** An Exim of the test's own: STARTTLS, AUTH, CHUNKING, PRDR, DSN, SMTPUTF8; delivers to maildirs, and relays. */
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { EXIM } from '../packages.js'
import { takeFromMaildir, userId } from './maildir.ts'
import { Daemon, freePort, run } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'exim.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: 'alice', password: 'secret' }

const USER = 'Debian-exim'

/** An Exim at work. */
export interface Exim {
  /** Takes mail for its own domain, and offers STARTTLS; AUTH behind it. */
  readonly port: number
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<string>
  /** Hands Exim a message to deliver to another server as a client. */
  submit(from: string, to: readonly string[], message: string): Promise<void>
  /** What it has logged. */
  log(): string
  stop(): Promise<void>
}

function configuration(folder: string, port: number, relayPort: number): string {
  return `exim_path = ${EXIM}
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
acl_smtp_rcpt = check_rcpt
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
  route_list = * 127.0.0.1::${relayPort} byname
  self = send
  transport = remote
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
  tls_verify_certificates = ${folder}/ca.pem
  tls_verify_cert_hostnames =
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
`
}

/** Starts an Exim; what it relays to posthorn.example goes to `relayPort`. */
export async function startExim({ relayPort = 1 }: { readonly relayPort?: number } = {}): Promise<Exim> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-exim-'))
  const owner = userId(USER)
  chownSync(folder, owner, owner)
  for (const name of ['spool', 'log', 'mail']) {
    mkdirSync(join(folder, name))
    chownSync(join(folder, name), owner, owner)
  }
  const port = await freePort()
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const { ca, cert, key } = certificate
  for (const [name, text] of Object.entries({ 'ca.pem': ca, 'cert.pem': cert, 'key.pem': key })) {
    writeFileSync(join(folder, name), text)
    chownSync(join(folder, name), owner, owner)
  }
  const file = join(folder, 'exim.conf')
  writeFileSync(file, configuration(folder, port, relayPort))
  const daemon = new Daemon(EXIM, ['-C', file, '-bdf', '-q1s'])
  await daemon.ready(port)
  const read = (name: string): string => {
    const path = join(folder, 'log', name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  const log = (): string => read('mainlog') + read('paniclog')
  return {
    port,
    certificate,
    log,
    take: async (user) => new TextDecoder().decode(await takeFromMaildir(join(folder, 'mail', user), log)),
    async submit(from, to, message) {
      const { code, stderr } = await run(EXIM, ['-C', file, '-i', '-odf', '-f', from, ...to], { input: message })
      if (code !== 0) throw new Error(`exim: ${stderr}`)
    },
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
