/** The Chromium of the machine: where it is, and how Debian's is had. CHROMIUM_PATH names another. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A browser runs as root in a container, and must not talk to anyone. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @returns {string | undefined} The first of some programs that is on the PATH. */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', args, { encoding: 'utf8', env })
  if (done.status !== 0) process.stderr.write(`${done.stdout}${done.stderr}`)
  return done.status === 0
}

/** @returns {string | undefined} Where it is. */
export function findChromium() {
  return process.env.CHROMIUM_PATH || findOnPath('chromium', 'chromium-browser', 'google-chrome')
}

function installChromium() {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) return
  console.log('Installing chromium …')
  if (aptGet('update')) aptGet('install', '-y', '--no-install-recommends', 'chromium')
}

/** @returns {string | undefined} Where it is, after Debian's was installed if there was none and this is allowed. */
export function requireChromium() {
  if (!findChromium()) installChromium()
  return findChromium()
}
