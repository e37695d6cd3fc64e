/** What the demonstration leaves behind: the message, and the record of the key that signed it. */

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Stage } from './stage.ts'

/** What is stored. */
export interface Kept {
  readonly message: Uint8Array
  readonly record: string
}

/** Stores it in a folder, or in a new one among the temporary files, and says where. */
export async function store({ message, record }: Kept, out: string | undefined, stage: Stage): Promise<void> {
  const folder = out === undefined ? await mkdtemp(join(tmpdir(), 'posthorn-demo-')) : resolve(out)
  await mkdir(folder, { recursive: true })
  const [eml, txt] = [join(folder, 'message.eml'), join(folder, 'dkim-record.txt')]
  await writeFile(eml, message)
  await writeFile(txt, record)
  stage.heading('Stored')
  stage.lines(`  ${eml}`, '    the message', `  ${txt}`, '    the DNS record of the key, as a line of a zone file')
}
