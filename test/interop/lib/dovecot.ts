/** A Dovecot of the test's own: LMTP, and a submission port whose AUTH has every mechanism that Dovecot knows. */
import { createHmac } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { takeFromMaildir } from './maildir.ts'
import { Daemon, freePort } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'dovecot.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: `alice@${HOSTNAME}`, password: 'secret' }

const NOBODY = 65_534
const TOKEN_KEY = '0123456789abcdef0123456789abcdef'

/** A Dovecot at work. */
export interface Dovecot {
  readonly lmtpPort: number
  /** Offers STARTTLS, and AUTH behind it. */
  readonly submissionPort: number
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message of a mailbox, and takes it. */
  take(user: string): Promise<Uint8Array>
  log(): string
  stop(): Promise<void>
}

/** Makes a token that the server takes, or one that has expired. */
export function makeToken({ expired = false } = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: 'test',
    sub: '1',
    email: ACCOUNT.username,
    iat: now - 7200,
    exp: expired ? now - 3600 : now + 3600,
  }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', TOKEN_KEY).update(signed).digest('base64url')}`
}

interface Ports {
  readonly lmtp: number
  readonly submission: number
  readonly relay: number
}

function configuration(folder: string, { lmtp, submission, relay }: Ports): string {
  return `base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = posthorn
log_path = ${folder}/log
auth_verbose = yes
hostname = ${HOSTNAME}
listen = 127.0.0.1
protocols = lmtp submission
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:~/Maildir
mail_uid = ${NOBODY}
mail_gid = ${NOBODY}
first_valid_gid = 0
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 oauthbearer xoauth2
auth_failure_delay = 0
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
}
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = ${folder}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
  default_fields = uid=${NOBODY} gid=${NOBODY}
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
submission_relay_host = 127.0.0.1
submission_relay_port = ${relay}
`
}

/** Starts a Dovecot; what is submitted to it goes on to `relayPort`. */
export async function startDovecot({ relayPort = 1 }: { readonly relayPort?: number } = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-dovecot-'))
  chmodSync(folder, 0o755)
  for (const name of ['run', 'state', 'mail', 'keys/default/HS256']) mkdirSync(join(folder, name), { recursive: true })
  chownSync(join(folder, 'mail'), NOBODY, NOBODY)
  const ports = { lmtp: await freePort(), submission: await freePort(), relay: relayPort }
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  const users = [
    `${ACCOUNT.username}:{PLAIN}${ACCOUNT.password}::::${folder}/mail/alice::`,
    `bob@${HOSTNAME}:{PLAIN}x::::${folder}/mail/bob::`,
    `full@${HOSTNAME}:{PLAIN}x::::${folder}/mail/full::userdb_quota_rule=*:bytes=1`,
  ]
  const files = {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'dovecot.conf': configuration(folder, ports),
    users: `${users.join('\n')}\n`,
    'oauth2.conf': `introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=${folder}/keys/\nusername_attribute = email\n`,
    'keys/default/HS256/default': Buffer.from(TOKEN_KEY).toString('base64'),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const daemon = new Daemon('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')])
  await daemon.ready(ports.submission)
  await daemon.ready(ports.lmtp)
  const log = (): string => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '')
  return {
    lmtpPort: ports.lmtp,
    submissionPort: ports.submission,
    certificate,
    log,
    take: (user) => takeFromMaildir(join(folder, 'mail', user, 'Maildir'), log),
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
