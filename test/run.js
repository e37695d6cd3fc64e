/** Runs every test but those of interop, browser and bench; passes its arguments to vitest, such as a file name. */
import { fileURLToPath } from 'node:url'
import { runToClosingLine } from './closing.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)]
process.exitCode = await runToClosingLine(process.execPath, args, { cwd: root })
