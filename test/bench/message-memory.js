/**
 * What composing holds on to: a file of 25 MB through a message that is streamed, each composer in a process of its own,
 * beside reading the file alone. Run by `npm run bench:memory`; the figures stand in docs/benchmarks.md.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MESSAGE = {
  from: 'ada@example.org',
  to: 'charles@example.net',
  subject: 'The engine',
  text: 'See the drawing.\n',
}

const WAYS = {
  'the file alone': (file) => createReadStream(file),
  nodemailer: async (file) => {
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
    const attachments = [{ filename: 'a.bin', content: createReadStream(file) }]
    return new MailComposer({ ...MESSAGE, attachments }).compile().createReadStream()
  },
  posthorn: async (file) => {
    const { compose } = await import('@posthorn/mime')
    const attachments = [{ filename: 'a.bin', content: () => createReadStream(file) }]
    return compose(
      { ...MESSAGE, attachments },
      { now: new Date(), random: (length) => new Uint8Array(randomBytes(length)) },
    )
  },
}

async function measure(name, file) {
  let length = 0
  for await (const chunk of await WAYS[name](file)) length += chunk.length
  process.send({ length, peak: process.resourceUsage().maxRSS / 1000 })
  process.disconnect()
}

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
  const file = join(folder, 'a.bin')
  writeFileSync(file, randomBytes(25_000_000))
  for (const name of Object.keys(WAYS)) {
    const peaks = []
    for (let round = 0; round < 7; round++) {
      const child = fork(fileURLToPath(import.meta.url), [name, file])
      peaks.push((await new Promise((resolve) => child.once('message', resolve))).peak)
      if (child.connected) await new Promise((resolve) => child.once('disconnect', resolve))
    }
    const sorted = peaks.sort((a, b) => a - b)
    console.log(
      `25 MB streamed, ${name}: ${sorted[3].toFixed(0)} MB resident at most (${sorted[0].toFixed(0)}–${sorted[6].toFixed(0)})`,
    )
  }
  rmSync(folder, { recursive: true })
}

const [name, file] = process.argv.slice(2)
await (name === undefined ? compare() : measure(name, file))
