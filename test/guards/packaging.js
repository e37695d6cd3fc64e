/**
 * What is published is the tarball, not the folder. Each public package is packed as it would be published, and publint
 * and are-the-types-wrong look at the result; the packages are ES modules alone, so resolution by require is not asked.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { filterProblems } from '@arethetypeswrong/core/problems'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { Findings } from './lib/findings.js'
import { packages, root } from './lib/workspace.js'

const PNPM = 'pnpm@10.34.9'
const MUST_HOLD = ['README.md', 'package.json']
const findings = new Findings()

function packAll(folder) {
  const args = ['--yes', PNPM, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
  const shell = process.platform === 'win32'
  const packed = spawnSync('npx', args, { cwd: root, encoding: 'utf8', shell })
  if (packed.status !== 0) throw new Error(`Cannot pack: ${packed.stdout}${packed.stderr}`)
}

async function lint(tarball, add) {
  const buffer = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  for (const message of messages) add(`publint: ${formatMessage(message, pkg, { color: false })}`)
}

async function checkTypes(tarball, add) {
  const analysis = await checkPackage(createPackageFromTarballData(tarball))
  if (!analysis.types) return add('has no types')
  const kinds = ['node16-esm', 'bundler']
  for (const resolutionKind of kinds) {
    for (const problem of filterProblems(analysis, { resolutionKind })) {
      add(`types: ${problem.kind} (${resolutionKind}) ${problem.entrypoint ?? problem.fileName ?? ''}`)
    }
  }
}

function checkContents(one, tarball, add) {
  const packed = createPackageFromTarballData(tarball)
  const prefix = `/node_modules/${one.name}/`
  const names = packed.listFiles().map((file) => file.slice(prefix.length))
  for (const name of MUST_HOLD) if (!names.includes(name)) add(`the tarball lacks ${name}`)
  for (const name of names) if (name.startsWith('test/')) add(`the tarball holds ${name}`)
  if (packed.readFile(`${prefix}package.json`).includes('"workspace:')) add('publishes a workspace: range')
}

const published = packages().filter(({ manifest }) => !manifest.private)
const folder = mkdtempSync(join(tmpdir(), 'posthorn-pack-'))
try {
  packAll(folder)
  for (const one of published) {
    const add = (message) => findings.add(join(one.folder, 'package.json'), undefined, message)
    const file = `${one.name.replace('@', '').replace('/', '-')}-${one.manifest.version}.tgz`
    const tarball = new Uint8Array(readFileSync(join(folder, file)))
    checkContents(one, tarball, add)
    await lint(tarball, add)
    await checkTypes(tarball, add)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
findings.finish('packaging', `${published.length} packages`)
