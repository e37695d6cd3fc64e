/** Runs the tools. */

import { fileURLToPath } from 'node:url'
import { run } from '../../../interop/lib/process.ts'

/** Where the packages of npm that the tools use are found. */
export const TEST_FOLDER = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs a command of the shell; gives what it printed to either stream, in order. */
export async function shell(command: string, input = '', env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', `exec 2>&1; ${command}`], {
    input,
    env: { LC_ALL: 'C.UTF-8', ...env },
  })
  return stdout
}

/** Quotes a word for the shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** A command that types lines one after another, slowly enough for each to be answered. */
export function typing(lines: readonly string[], pause = 0.35): string {
  const each = lines.map((line) => `printf '%s\\n' ${quote(line)}; sleep ${pause};`).join(' ')
  return `{ sleep 0.6; ${each} }`
}
