/**
 * Runs a command, passes its output through, and makes sure that stdout ends in `N passed, N failed, N skipped`:
 * a runner that dies before it has counted would else look like a run without tests.
 */
import { spawn } from 'node:child_process'

const CLOSING = /^(\d+) passed, (\d+) failed, (\d+) skipped$/

/**
 * @param {string} command The executable.
 * @param {string[]} args Its arguments.
 * @param {import('node:child_process').SpawnOptions} options Working folder and environment.
 * @returns {Promise<number>} The exit code.
 */
export function runToClosingLine(command, args, options = {}) {
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const child = spawn(command, args, {
    ...options,
    env: { ...process.env, ...color, ...options.env },
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal))
  let tail = ''
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    tail = (tail + chunk).slice(-1000)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => console.error(String(error)))
    child.on('close', (code) => {
      const closing = CLOSING.exec(tail.trimEnd().split('\n').at(-1) ?? '')
      const failed = code !== 0 || Number(closing?.[2] ?? 1) > 0
      if (!closing) process.stdout.write('0 passed, 1 failed, 0 skipped\n')
      resolve(failed ? code || 1 : 0)
    })
  })
}
