/** The reference is built from the sources; this guard builds it without writing it, and a broken link is an error. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { root } from './lib/workspace.js'

const typedoc = fileURLToPath(new URL('../../node_modules/typedoc/bin/typedoc', import.meta.url))
const args = [typedoc, '--options', 'docs/typedoc.json', '--emit', 'none', '--logLevel', 'Warn']
const { status } = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NO_COLOR: '1' },
})
process.exitCode = status ?? 1
if (status === 0) console.log('docs: clean')
