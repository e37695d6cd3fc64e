/** Runtimes as child processes: found in this folder's packages, started, and ended by their process group. */
import { execFileSync, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

const LIMIT_MS = 40_000
const here = createRequire(import.meta.url)

/**
 * @param {string} name A package of this folder.
 * @param {string} [part] One of its own dependencies, where that holds the binary.
 * @returns {string} The folder of it.
 */
export function packageFolder(name, part) {
  const manifest = here.resolve(`${name}/package.json`)
  return dirname(part ? createRequire(manifest).resolve(`${part}/package.json`) : manifest)
}

/** @returns {string} The version that a binary states, its last word of the first line that has digits and dots. */
export function versionOf(binary, args = ['--version']) {
  const text = execFileSync(binary, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return /\d+(?:[.-]\d+)+/.exec(text)?.[0] ?? text.trim()
}

/**
 * @param {string} binary What to start.
 * @param {string[]} args Its arguments.
 * @param {import('node:child_process').SpawnOptions & { onLine?: (line: string) => void }} options
 * `onLine` takes the lines of stdout.
 * @returns {{ ended: Promise<string>, stop: () => void, child: import('node:child_process').ChildProcess }}
 * `ended` resolves to what was written to stderr, with how it ended unless that is well; it is ended when it takes too
 * long.
 */
export function start(binary, args, { onLine, ...options }) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  const stop = () => endGroup(child.pid)
  const late = setTimeout(stop, LIMIT_MS)
  process.once('exit', stop)
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4000)
  })
  createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line))
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(String(error)))
    child.on('close', (code, signal) => resolve(code === 0 ? errors : `${errors}ended with ${signal ?? code}`))
  })
  ended.then(() => {
    clearTimeout(late)
    process.off('exit', stop)
  })
  return { ended, stop, child }
}

function endGroup(pid) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
