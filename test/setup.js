/**
 * Installs the dependencies and, when asked, builds the packages; does neither when its result is already there.
 * It runs before anything is installed, so it uses Node alone.
 *
 *   node test/setup.js [--quiet] [build] [runtimes]
 *
 * `runtimes` also installs the heavy package in test/runtimes, which the default install leaves out.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@10.34.9'
const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'node_modules/.cache/posthorn/setup.json')
const quiet = process.argv.includes('--quiet')

function readJson(file, fallback) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return fallback
  }
}

function saveStamp(part) {
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${JSON.stringify({ ...readJson(stampFile, {}), ...part }, null, 2)}\n`)
}

function run(what, command, args) {
  const shell = process.platform === 'win32'
  const done = spawnSync(command, args, { cwd: root, shell, stdio: quiet ? 'pipe' : 'inherit', encoding: 'utf8' })
  if (done.status === 0) return
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error}\n` : ''}`)
  process.stderr.write(`setup: ${what} failed\n`)
  process.exit(done.status || 1)
}

function filesUnder(folder, skip = new Set()) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (skip.has(entry.name)) return []
    return entry.isDirectory() ? filesUnder(path, skip) : entry.isFile() ? [path] : []
  })
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    hash.update(`${file.slice(root.length)}\0`)
    if (existsSync(file)) hash.update(createHash('sha256').update(readFileSync(file)).digest())
  }
  return hash.digest('hex')
}

const packageFolders = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'package.json')))

function install(withRuntimes) {
  const runtimes = join(root, 'test/runtimes')
  const importers = [root, join(root, 'test'), ...packageFolders, ...(withRuntimes ? [runtimes] : [])]
  const wanted = hashOf(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'test/runtimes/package.json']
      .map((name) => join(root, name))
      .concat(importers.filter((folder) => folder !== runtimes).map((folder) => join(folder, 'package.json'))),
  )
  const installed = () => hashOf([join(root, 'node_modules/.pnpm/lock.yaml'), join(root, 'node_modules/.modules.yaml')])
  const linked = importers.every((folder) => {
    const { dependencies, devDependencies } = readJson(join(folder, 'package.json'), {})
    return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
      existsSync(join(folder, 'node_modules', name, 'package.json')),
    )
  })
  const stamp = readJson(stampFile, {}).install
  if (linked && stamp?.wanted === wanted && stamp.installed === installed()) return
  const filter = withRuntimes ? [] : ['--filter', '!./test/runtimes']
  run('the install', 'npx', ['--yes', PNPM, 'install', '--frozen-lockfile', ...filter])
  saveStamp({ install: { wanted, installed: installed() } })
}

function build() {
  const skip = new Set(['node_modules', 'dist', 'test'])
  const inputs = filesUnder(join(root, 'packages'), skip)
  inputs.push(join(root, 'tsconfig.base.json'), join(root, 'pnpm-lock.yaml'))
  const hashInputs = hashOf(inputs)
  const hashOutputs = () => hashOf(packageFolders.flatMap((folder) => filesUnder(join(folder, 'dist'))))
  const stamp = readJson(stampFile, {}).build
  if (stamp?.inputs === hashInputs && stamp.outputs === hashOutputs()) return
  const tsup = join(root, 'node_modules/tsup')
  run('the build', process.execPath, [
    join(tsup, readJson(join(tsup, 'package.json')).bin.tsup),
    '--config',
    'packages/tsup.config.ts',
  ])
  saveStamp({ build: { inputs: hashInputs, outputs: hashOutputs() } })
}

install(process.argv.includes('runtimes'))
if (process.argv.includes('build')) build()
