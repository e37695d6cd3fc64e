/**
 * A second Debian in a folder, for mail servers that cannot stand beside Postfix and for releases newer than the
 * machine's: OpenSMTPD, Exim and Dovecot 2.4.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where it stands. */
export const ROOT = '/var/cache/posthorn-interop/trixie'

/** Where a program that runs in it sees the folder of its test. */
export const WORK = '/mnt'

const SUITE = 'trixie'
const PACKAGES = [
  'exim4-daemon-heavy',
  'dovecot-core',
  'dovecot-lmtpd',
  'dovecot-submissiond',
  // What OpenSMTPD is linked against.
  'libevent-2.1-7t64',
  'libdb5.3t64',
]

// Debian lets only one mail server be installed, so OpenSMTPD is unpacked and gets its users and folder by hand.
const ADD_OPENSMTPD = `set -e
cd /tmp
apt-get download -qq opensmtpd
dpkg-deb -x opensmtpd_*.deb opensmtpd
cp -a opensmtpd/usr/sbin/smtpd opensmtpd/usr/sbin/smtpctl /usr/sbin/
cp -a opensmtpd/usr/libexec/opensmtpd /usr/libexec/
mkdir -p /var/lib/opensmtpd/empty /etc/ssl/certs
touch /etc/ssl/certs/ca-certificates.crt /etc/hosts
for user in opensmtpd opensmtpq; do
  useradd -r -M -U -d /var/lib/opensmtpd/empty -s /usr/sbin/nologin $user
done
rm -r opensmtpd opensmtpd_*.deb
`

// Everything that a server writes outside its own folder is seen by that server alone.
const ENTER = `set -e
root=$1 work=$2
shift 2
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
for folder in run tmp var/spool; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
mount --bind "$work" "$root${WORK}"
if [ -f "$work/trusted.pem" ]; then mount --bind "$work/trusted.pem" "$root/etc/ssl/certs/ca-certificates.crt"; fi
mount --bind /etc/hosts "$root/etc/hosts"
exec chroot "$root" "$@"
`

/**
 * Gives the command that runs a program in the root, with a folder of the test at {@link WORK}. The process stays the
 * same from the first to the last step, so it is ended by its pid.
 *
 * @param {string} folder
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {{ command: string, args: string[] }}
 */
export function inRoot(folder, program, args) {
  const enter = ['-m', '--propagation', 'private', '/bin/sh', '-c', ENTER, 'sh', ROOT, folder]
  return { command: '/usr/bin/unshare', args: [...enter, program, ...args] }
}

// The mirror that the machine's own apt uses.
function mirror() {
  const format = ['--format', '$(REPO_URI)', 'Origin: Debian', 'Created-By: Packages']
  const { stdout } = spawnSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' })
  return stdout.split('\n').find((line) => /\/debian\/?$/.test(line)) ?? 'http://deb.debian.org/debian'
}

/** Tells whether it is there. */
export function hasRoot() {
  return existsSync(ROOT)
}

/** Makes it; `false`, with the reason on stderr, when it cannot be had. */
export function makeRoot() {
  if (hasRoot()) return true
  const folder = `${ROOT}.new`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(ROOT), { recursive: true })
  console.log(`Installing Debian ${SUITE} with ${PACKAGES.slice(0, 4).join(' ')} opensmtpd …`)
  const hook = `--customize-hook=chroot "$1" sh -c '${ADD_OPENSMTPD}'`
  const args = ['--quiet', '--variant=apt', `--include=${PACKAGES.join(',')}`, hook, SUITE, folder, mirror()]
  const done = spawnSync('mmdebstrap', args, { encoding: 'utf8' })
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout}${done.stderr}`)
    rmSync(folder, { recursive: true, force: true })
    return false
  }
  renameSync(folder, ROOT)
  return true
}
