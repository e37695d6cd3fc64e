/**
 * Runs the tests against mail software that others wrote, and from pages in Chromium. Installs Debian's packages where
 * they are missing, which needs root; each test starts its own servers as children, on free ports of the loopback
 * interface, and stops them.
 */
import { fileURLToPath } from 'node:url'
import { requireChromium } from '../browser/chromium.js'
import { runToClosingLine } from '../closing.js'
import { installPackages } from './packages.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const chromium = requireChromium()

if (chromium && installPackages()) {
  const config = 'test/interop/vitest.config.ts'
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...process.argv.slice(2)]
  process.exitCode = await runToClosingLine(process.execPath, args, { cwd: root, env: { CHROMIUM_PATH: chromium } })
} else {
  if (!chromium) console.error('There is no Chromium: install one, or name it in CHROMIUM_PATH')
  console.log('0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
}
