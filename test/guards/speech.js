/**
 * The repository speaks of itself alone and stays readable: no path of one machine in a file, no test that silences the
 * others or is left for later, and for every package a README that is read in one sitting.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Findings } from './lib/findings.js'
import { filesUnder, packages, root } from './lib/workspace.js'

const README_LINES = 120
const WORKPLACE = ['', 'work', ''].join('/')
const BUILT = /\/(?:docs\/api|test\/bench\/results|test\/\.examples)\//
const findings = new Findings()

/** What git knows of; without git, as in an unpacked archive, whatever is there and not built. */
function allFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 })
  if (status !== 0) return filesUnder(root, /./).filter((file) => !BUILT.test(file))
  return stdout.split('\0').map((name) => join(root, name))
}

const files = allFiles().filter((file) => existsSync(file) && statSync(file).isFile())

for (const file of files) {
  const isTest = /\.test\.[jt]s$/.test(file)
  readFileSync(file, 'latin1')
    .split('\n')
    .forEach((text, index) => {
      if (text.includes(WORKPLACE)) findings.add(file, index + 1, `names ${WORKPLACE}, a path of one machine`)
      const silencer = isTest ? /\.(only|todo)\(/.exec(text) : null
      if (silencer) findings.add(file, index + 1, `${silencer[0]}…) must not stay`)
    })
}
for (const { folder } of packages()) {
  const readme = join(folder, 'README.md')
  const lines = existsSync(readme) ? readFileSync(readme, 'utf8').trimEnd().split('\n').length : 0
  if (lines === 0) findings.add(readme, undefined, 'is missing')
  else if (lines > README_LINES) findings.add(readme, undefined, `has ${lines} lines; ${README_LINES} are enough`)
}
findings.finish('speech', `${files.length} files`)
