/**
 * Makes the corpus again: starts servers, runs the tools, writes what they log and what the servers saw. As root, on Debian; with
 * names, only the tools that are named: `node test/transcripts/make.js swaks curl`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { installPackages, providePackages } from '../interop/packages.js'

const TOOLS = [
  ...['swaks', 'msmtp', 'curl', 'ncat', 'netcat-openbsd', 'inetutils-telnet', 'tshark', 'tcpdump', 'bsdutils'],
  ...['ruby', 'php-cli', 'libphp-phpmailer', 'libmail-java', 'libjakarta-mail-java'],
]
const root = fileURLToPath(new URL('../..', import.meta.url))
const outfile = join(root, 'test/node_modules/.cache/transcripts/make.mjs')

// The interop suite's servers are sources in TypeScript
async function bundleMaker() {
  mkdirSync(join(outfile, '..'), { recursive: true })
  const workspace = {
    name: 'workspace',
    setup({ onResolve }) {
      onResolve({ filter: /^@posthorn\/\w+$/ }, ({ path }) => ({
        path: join(root, 'packages', path.slice('@posthorn/'.length), 'src/index.ts'),
      }))
    },
  }
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"
  await build({
    entryPoints: [fileURLToPath(new URL('maker/index.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'warning',
    plugins: [workspace],
  })
  return import(pathToFileURL(outfile).href)
}

if (installPackages() && providePackages(TOOLS)) {
  const { makeCorpus } = await bundleMaker()
  await makeCorpus(fileURLToPath(new URL('logs', import.meta.url)), process.argv.slice(2))
} else process.exitCode = 1
