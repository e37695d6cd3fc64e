/** Logs that real tools wrote, for tests; they are not part of the repository. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = resolve(process.env['POSTHORN_TRANSCRIPTS'] ?? join(here, '../../../../shared/transcripts'))
const isThere = existsSync(folder)
if (!isThere) console.warn(`\n!!! SKIPPED captured transcripts: no data in ${folder} (set POSTHORN_TRANSCRIPTS) !!!\n`)

/** The names of the logs; none where there are no data. */
export const CAPTURED: readonly string[] = isThere ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : []

/** Gives the text of a log. */
export function capturedText(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}
