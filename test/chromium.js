/**
 * The headless Chromium that tests run in: `CHROMIUM_PATH` names one, or it is on the PATH, or Debian's is installed, which
 * needs root.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Runs as root in a container, and must not talk to anyone. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { encoding: 'utf8', env })
  if (done.status !== 0) process.stderr.write(`${done.stdout}${done.stderr}`)
  return done.status === 0
}

/** Gives the path of a Chromium, where there is one. */
export function findChromium() {
  return process.env.CHROMIUM_PATH || findOnPath('chromium', 'chromium-browser', 'google-chrome')
}

/** Gives the path of a Chromium, which is installed where it is missing; nothing, with the reason on stderr, if that fails. */
export function installChromium() {
  if (!findChromium() && process.getuid?.() === 0 && findOnPath('apt-get')) {
    console.log('Installing chromium …')
    if (aptGet('update')) aptGet('install', '-y', '--no-install-recommends', 'chromium')
  }
  const chromium = findChromium()
  if (!chromium) console.error('There is no Chromium: install one, or name it in CHROMIUM_PATH')
  return chromium
}
