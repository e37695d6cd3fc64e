/** Node, and the runtimes that have its sockets: each runs node-entry.js from this folder, with the built packages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { HOSTNAME } from '../../compliance/hostname.js'
import { packageFolder, start, versionOf } from './process.js'

const ENTRY = fileURLToPath(new URL('./node-entry.js', import.meta.url))

// Bun would go by the paths of the workspace's tsconfig.json, which lead to the sources, and fetch what it does not find.
const TSCONFIG = fileURLToPath(new URL('./no-paths.json', import.meta.url))
const BUN_ARGS = ['--no-install', `--tsconfig-override=${TSCONFIG}`]

/** @returns {string} The Node of one major version. */
export const nodeBinary = (major) => join(packageFolder(`node${major}`), 'bin/node')

/** @returns {import('./host.js').Host} */
function host(name, binary, args = []) {
  return {
    name,
    version: versionOf(binary),
    pinned: true,
    async run({ targetFor, suites }, onLine) {
      const target = await targetFor()
      const folder = mkdtempSync(join(tmpdir(), 'posthorn-suites-'))
      // A variable of the environment has no room for them.
      const POSTHORN_SUITES = join(folder, 'suites.json')
      const certificate = await makeCertificate(HOSTNAME, Date.now())
      writeFileSync(POSTHORN_SUITES, JSON.stringify({ suites, certificate }))
      const env = { ...process.env, POSTHORN_SUITES, ...(target && { POSTHORN_TARGET: JSON.stringify(target) }) }
      const complaint = await start(binary, [...args, ENTRY], { env, onLine }).ended
      rmSync(folder, { recursive: true })
      return complaint
    },
  }
}

/** @returns {import('./host.js').Host[]} */
export const nodeHosts = () => [
  host('Node 20', nodeBinary(20)),
  host('Node 22', nodeBinary(22)),
  host('Node 24', nodeBinary(24)),
  host('Bun', join(packageFolder('bun', '@oven/bun-linux-x64'), 'bin/bun'), BUN_ARGS),
  host('Deno', join(packageFolder('deno', '@deno/linux-x64-glibc'), 'deno'), ['run', '--allow-all', '--no-lock']),
]
