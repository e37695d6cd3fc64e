/** The Debian packages that the tests run against, and their installation. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hasRoot, makeRoot } from './root.js'

const PACKAGES = [
  'postfix', // server and client
  'sasl2-bin', // the password file of Postfix's SASL
  'libsasl2-modules', // PLAIN and SCRAM for it
  'python3-dkim', // dkimpy
  'python3-nacl', // Ed25519 for it
  'libmail-dkim-perl', // Mail::DKIM
  'opendkim', // a verifier
  'python3-spf', // pyspf
  'python3-idna', // A-labels
  'python3-authres', // Authentication-Results, and ARC of dkimpy
  'libmail-spf-perl', // Mail::SPF
  'libmail-dmarc-perl', // Mail::DMARC
  'libxml2-utils', // xmllint
  'swaks', // a client
  'libnet-ssleay-perl', // TLS for it
  'libauthen-sasl-perl', // AUTH for it
  'libdigest-hmac-perl', // CRAM-MD5 for it
  'dovecot-core', // AUTH of every kind
  'dovecot-lmtpd', // LMTP
  'dovecot-submissiond', // submission
  'msmtp', // a client
  'curl', // a client
  'python3-aiosmtpd', // a server
  'gsasl', // a client whose SCRAM is bound to TLS
  'redis-server', // what several bridges remember used tickets in
  'nsd', // a server of the DNS
  'unbound', // another, which validates
  'ldnsutils', // signs its zone
  'tinyproxy', // a proxy of HTTP
  'microsocks', // a proxy of SOCKS
  'rspamd', // a verifier of all that authenticates a message
  'python3-cryptography', // reads certificates
  'mmdebstrap', // makes the root of root.js
  // What Exim is linked against.
  ...['libspf2-2', 'libmariadb3', 'libidn12', 'libperl5.36', 'libpq5', 'libldap-2.5-0', 'libgnutls-dane0'],
  ...['libdb5.3', 'libnsl2'],
]

// Debian lets only one mail server be installed, so Exim is unpacked beside Postfix.
const EXIM_PACKAGE = 'exim4-daemon-heavy'
const EXIM_FOLDER = '/var/cache/posthorn-interop/exim'
const EXIM_USER = 'Debian-exim'

/** The Exim that the tests run. */
export const EXIM = `${EXIM_FOLDER}/usr/sbin/exim4`

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg fills it in
const FORMAT = '${db:Status-Abbrev}'

const POLICY = '/usr/sbin/policy-rc.d'

function missing(names) {
  return names.filter((name) => {
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

function isRoot() {
  return process.getuid?.() === 0
}

function unpackExim() {
  if (existsSync(EXIM)) return true
  mkdirSync(EXIM_FOLDER, { recursive: true })
  const folder = mkdtempSync('/var/tmp/posthorn-exim-')
  chmodSync(folder, 0o777)
  const fetched = spawnSync('apt-get', ['download', '-qq', EXIM_PACKAGE], { cwd: folder, encoding: 'utf8' })
  const [file] = readdirSync(folder)
  const unpacked = file && spawnSync('dpkg-deb', ['-x', `${folder}/${file}`, EXIM_FOLDER]).status === 0
  rmSync(folder, { recursive: true })
  if (!unpacked) process.stderr.write(`${fetched.stdout}${fetched.stderr}`)
  if (spawnSync('getent', ['passwd', EXIM_USER]).status !== 0) {
    spawnSync('useradd', ['-r', '-M', '-U', '-d', '/nonexistent', '-s', '/usr/sbin/nologin', EXIM_USER])
  }
  return Boolean(unpacked)
}

function installMissing(wanted) {
  if (wanted.length === 0) return true
  console.log(`Installing ${wanted.join(' ')} …`)
  // A daemon of the package itself would take port 25; the tests start their own.
  if (!existsSync(POLICY)) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const question = 'postfix postfix/main_mailer_type select No configuration\n'
  spawnSync('debconf-set-selections', { input: question })
  return aptGet('install', '-y', '-qq', '--no-install-recommends', ...wanted)
}

/** Makes sure that all is there; `false`, with the reason on stderr, when it cannot be had. */
export function installPackages() {
  const wanted = missing(PACKAGES)
  if (wanted.length === 0 && existsSync(EXIM) && hasRoot()) return true
  if (!isRoot()) {
    const all = [...wanted, ...(existsSync(EXIM) ? [] : [EXIM_PACKAGE]), ...(hasRoot() ? [] : ['a second Debian'])]
    console.error(`These Debian packages are missing, and installing them needs root: ${all.join(' ')}`)
    return false
  }
  return aptGet('update', '-qq') && installMissing(wanted) && unpackExim() && makeRoot()
}

/** Makes sure that some of Debian's packages are there; `false` when they cannot be had. */
export function providePackages(names) {
  const wanted = missing(names)
  if (wanted.length === 0) return true
  return isRoot() && aptGet('update', '-qq') && installMissing(wanted)
}
