/** The Debian packages that the tests run against, and their installation. */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'

const PACKAGES = [
  'postfix', // server and client
  'sasl2-bin', // the password file of Postfix's SASL
  'libsasl2-modules', // PLAIN and SCRAM for it
  'python3-dkim', // dkimpy
  'python3-nacl', // Ed25519 for it
  'swaks', // a client
  'libnet-ssleay-perl', // TLS for it
  'libauthen-sasl-perl', // AUTH for it
]

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg fills it in
const FORMAT = '${db:Status-Abbrev}'

const POLICY = '/usr/sbin/policy-rc.d'

function missing() {
  return PACKAGES.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', FORMAT, name], { encoding: 'utf8' })
    return !stdout.startsWith('ii')
  })
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { encoding: 'utf8', env })
  if (done.status !== 0) process.stderr.write(`${done.stdout}${done.stderr}`)
  return done.status === 0
}

/** Makes sure that the packages are there; `false`, with the reason on stderr, when they cannot be had. */
export function installPackages() {
  const wanted = missing()
  if (wanted.length === 0) return true
  if (process.getuid?.() !== 0) {
    console.error(`These Debian packages are missing, and installing them needs root: ${wanted.join(' ')}`)
    return false
  }
  console.log(`Installing ${wanted.join(' ')} …`)
  // A daemon of the package itself would take port 25; the tests start their own.
  if (!existsSync(POLICY)) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const question = 'postfix postfix/main_mailer_type select No configuration\n'
  spawnSync('debconf-set-selections', { input: question })
  return aptGet('update', '-qq') && aptGet('install', '-y', '-qq', '--no-install-recommends', ...wanted)
}
