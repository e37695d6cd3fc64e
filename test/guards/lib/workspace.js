/** What the guards know of the workspace: its packages, their entries, and their source files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const guards = fileURLToPath(new URL('..', import.meta.url))
const named = resolve(process.argv[1] ?? '').startsWith(guards) ? process.argv[2] : undefined

/** The repository, or the folder named on a guard's command line, so that the guard can be tried on a fixture. */
export const root = resolve(named ?? join(guards, '../..'))

/** @param {string} file An absolute path. */
export const display = (file) => relative(root, file).replaceAll('\\', '/')

/**
 * @typedef {{ subpath: string, source: string, target: string }} Entry
 * @typedef {{
 *   name: string, short: string, folder: string, src: string, manifest: Record<string, any>,
 *   entries: Entry[], bins: string[], dependencies: string[],
 * }} Package
 */

const sourceOf = (folder, target) => join(folder, 'src', `${target.slice('./dist/'.length, -'.js'.length)}.ts`)

function readPackage(folder, short) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const targets = Object.entries(manifest.exports ?? {}).map(([subpath, target]) => ({
    subpath,
    target: typeof target === 'string' ? target : target.default,
  }))
  return {
    name: manifest.name,
    short,
    folder,
    src: join(folder, 'src'),
    manifest,
    entries: targets
      .filter(({ target }) => target?.startsWith('./dist/') && target.endsWith('.js'))
      .map(({ subpath, target }) => ({ subpath, target: join(folder, target), source: sourceOf(folder, target) })),
    bins: Object.values(manifest.bin ?? {}).map((target) => sourceOf(folder, target.replace(/^(?!\.\/)/, './'))),
    dependencies: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
  }
}

/** @returns {Package[]} Every package of the workspace, by name of folder. */
export function packages() {
  const parent = join(root, 'packages')
  return readdirSync(parent)
    .sort()
    .filter((short) => existsSync(join(parent, short, 'package.json')))
    .map((short) => readPackage(join(parent, short), short))
}

/**
 * @param {string} folder Where to look.
 * @param {RegExp} pattern Which names.
 * @returns {string[]} Files at any depth, without dependencies and builds.
 */
export function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return /^(node_modules|dist|\.git)$/.test(entry.name) ? [] : filesUnder(path, pattern)
      return pattern.test(entry.name) ? [path] : []
    })
}
