/** Where servers put what they deliver, and whom the folders belong to. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const LIMIT_MS = 20_000

/** Gives the number of a user of the system, or of another one in a folder. */
export function userId(name: string, root = ''): number {
  const line = readFileSync(`${root}/etc/passwd`, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  return Number(line?.split(':')[2])
}

/** Waits for the next message of a maildir, and takes it. */
export async function takeFromMaildir(maildir: string, explain: () => string): Promise<Uint8Array> {
  const folder = join(maildir, 'new')
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; ) {
    const [file] = existsSync(folder) ? readdirSync(folder) : []
    if (file) {
      const message = readFileSync(join(folder, file))
      rmSync(join(folder, file))
      return new Uint8Array(message)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`No message in ${maildir}:\n${explain()}`)
}
