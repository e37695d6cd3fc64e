/**
 * The repository speaks of itself alone and stays readable: no path of one machine in a file, no test that silences the
 * others or is left for later, and for every package a README that is read in one sitting.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Findings } from './lib/findings.js'
import { packages, root } from './lib/workspace.js'

const README_LINES = 120
const WORKPLACE = ['', 'work', ''].join('/')
const findings = new Findings()

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64e6,
})
const files = listed
  .split('\0')
  .map((name) => join(root, name))
  .filter((file) => existsSync(file) && statSync(file).isFile())

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
