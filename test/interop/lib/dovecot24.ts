/** A Dovecot 2.4 of the test's own: submission whose AUTH binds SCRAM to TLS, and LMTP. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { inRoot, WORK } from '../root.js'
import { takeFromMaildir } from './maildir.ts'
import { Daemon, freePort } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'dovecot24.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: `alice@${HOSTNAME}`, password: 'se cret=,x' }

const NOBODY = 65_534

/** A Dovecot 2.4 at work. */
export interface Dovecot24 {
  readonly lmtpPort: number
  /** Offers STARTTLS, and AUTH behind it. */
  readonly submissionPort: number
  readonly hostname: string
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  /** What it has logged. */
  log(): string
  stop(): Promise<void>
}

interface Ports {
  readonly lmtp: number
  readonly submission: number
  readonly relay: number
}

// Dovecot has an option for the lowest version of TLS alone.
const TLS_1_2_ONLY = `openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = limits
[limits]
MaxProtocol = TLSv1.2
`

function configuration({ lmtp, submission, relay }: Ports): string {
  return `dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = ${WORK}/run
state_dir = ${WORK}/state
log_path = /dev/stderr
import_environment {
  OPENSSL_CONF = ${WORK}/openssl.cnf
}
auth_verbose = yes
hostname = ${HOSTNAME}
listen = 127.0.0.1
protocols {
  lmtp = yes
  submission = yes
}
ssl = required
ssl_server_cert_file = ${WORK}/cert.pem
ssl_server_key_file = ${WORK}/key.pem
mail_driver = maildir
mail_path = ~/Maildir
mail_uid = ${NOBODY}
mail_gid = ${NOBODY}
first_valid_gid = 0
auth_mechanisms {
  plain = yes
  scram-sha-1 = yes
  scram-sha-1-plus = yes
  scram-sha-256 = yes
  scram-sha-256-plus = yes
}
auth_failure_delay = 0
passdb passwd-file {
  passwd_file_path = ${WORK}/users
  default_password_scheme = PLAIN
}
userdb passwd-file {
  passwd_file_path = ${WORK}/users
  fields {
    uid = ${NOBODY}
    gid = ${NOBODY}
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtp}
  }
}
service submission-login {
  inet_listener submission {
    port = ${submission}
  }
  inet_listener submissions {
    port = 0
  }
}
submission_max_mail_size = 1M
submission_relay_host = 127.0.0.1
submission_relay_port = ${relay}
`
}

/** What a test may choose. */
export interface Dovecot24Options {
  /** Where what is submitted goes on to. */
  readonly relayPort: number
  /** Whether it knows TLS 1.2 alone; default `false`. */
  readonly oldTls?: boolean
}

/** Starts a Dovecot 2.4. */
export async function startDovecot24({ relayPort, oldTls = false }: Dovecot24Options): Promise<Dovecot24> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-dovecot24-'))
  chmodSync(folder, 0o755)
  for (const name of ['run', 'state', 'mail']) mkdirSync(join(folder, name))
  chownSync(join(folder, 'mail'), NOBODY, NOBODY)
  const [lmtpPort, submissionPort] = await Promise.all([freePort(), freePort()])
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const ports = { lmtp: lmtpPort, submission: submissionPort, relay: relayPort }
  const files = {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': configuration(ports),
    'openssl.cnf': oldTls ? TLS_1_2_ONLY : '',
    users: ['alice', 'bob']
      .map((user) => `${user}@${HOSTNAME}:{PLAIN}${ACCOUNT.password}::::${WORK}/mail/${user}::\n`)
      .join(''),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { command, args } = inRoot(folder, '/usr/sbin/dovecot', ['-F', '-c', `${WORK}/dovecot.conf`])
  const daemon = new Daemon(command, args)
  await daemon.ready(submissionPort)
  const log = (): string => daemon.output
  return {
    lmtpPort,
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
