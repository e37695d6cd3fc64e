/**
 * Runs the unit tests of the portable packages, and those beside this file, in a headless Chromium. Installs Debian's when
 * there is none and this is allowed; CHROMIUM_PATH names another. Test files that need Node are called `*.node.test.ts` and
 * stay out.
 */
import { fileURLToPath } from 'node:url'
import { runToClosingLine } from '../closing.js'
import { requireChromium } from './chromium.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const chromium = requireChromium()

if (chromium) {
  const config = 'test/runtimes/browser.config.ts'
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...process.argv.slice(2)]
  process.exitCode = await runToClosingLine(process.execPath, args, { cwd: root, env: { CHROMIUM_PATH: chromium } })
} else {
  console.error('There is no Chromium: install one, or name it in CHROMIUM_PATH')
  console.log('0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
}
