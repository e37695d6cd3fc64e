/** One formatter and one linter, so that no review is about either; the configuration is named, lest it be missed. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { root } from './lib/workspace.js'

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
const args = ['check', '--config-path=.biome.json', '--error-on-warnings', '--max-diagnostics=200', '--colors=off']
const { status } = spawnSync(process.execPath, [biome, ...args], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
