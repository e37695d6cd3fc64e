/**
 * Runs the unit tests of the portable packages in a headless Chromium. Installs Debian's when there is none and this is
 * allowed; CHROMIUM_PATH names another. Test files that need Node are called `*.node.test.ts` and stay out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runToClosingLine } from '../closing.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', args, { encoding: 'utf8', env })
  if (done.status !== 0) process.stderr.write(`${done.stdout}${done.stderr}`)
  return done.status === 0
}

function findChromium() {
  return process.env.CHROMIUM_PATH || findOnPath('chromium', 'chromium-browser', 'google-chrome')
}

function installChromium() {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) return
  console.log('Installing chromium …')
  if (aptGet('update')) aptGet('install', '-y', '--no-install-recommends', 'chromium')
}

if (!findChromium()) installChromium()
const chromium = findChromium()
if (chromium) {
  const config = 'test/runtimes/browser.config.ts'
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...process.argv.slice(2)]
  process.exitCode = await runToClosingLine(process.execPath, args, { cwd: root, env: { CHROMIUM_PATH: chromium } })
} else {
  console.error('There is no Chromium: install one, or name it in CHROMIUM_PATH')
  console.log('0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
}
