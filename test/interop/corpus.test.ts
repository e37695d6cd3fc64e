import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseMessage } from '@posthorn/mime'
import { legacyCharsets } from '@posthorn/mime/charsets'
import { expect, test } from 'vitest'
import { type Reading, readingOf } from '../../packages/mime/test/probe-reading.ts'
import type { Reader } from '../../packages/mime/test/probes/probe.ts'
import { DIFFERENCES } from './lib/corpus-differences.ts'
import { askReaders } from './lib/message-readers.ts'
import { providePackages } from './packages.js'

// Whole messages of public corpora, read by four readers. Where another finds something else, the table has the reason, and
// a difference that is new, or gone, fails. Blanks and line ends do not count.
const DATA =
  process.env['POSTHORN_CONFORMANCE'] ?? fileURLToPath(new URL('../../../shared/conformance', import.meta.url))
const FOLDERS = ['mime/rfc', 'mime/legacy', 'mime/malformed', 'arf', 'dmarc-reports', 'tlsrpt']
const PYTHON = '/usr/lib/python3.11/test/test_email/data'
const PYTHON_PACKAGE = 'libpython3.11-testsuite'
const READERS: readonly Reader[] = ['postal-mime', 'mailparser', 'Python']
const QUESTIONS = ['subject', 'from', 'to', 'cc', 'text', 'html', 'files'] as const

const bare = (text: string | undefined): string => text?.replace(/\s+/g, ' ').trim() ?? ''

function messages(): { name: string; octets: Uint8Array }[] {
  return [...FOLDERS.map((folder) => join(DATA, folder)), PYTHON].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.eml$|^msg_.*\.txt$/.test(name))
      .sort()
      .map((name) => ({
        name: `${folder.split('/').at(-1)}/${name.replace(/\.\w+$/, '')}`,
        octets: new Uint8Array(readFileSync(join(folder, name))),
      })),
  )
}

test.skipIf(!existsSync(DATA))(
  'parseMessage: what four readers find in public messages is the same, or explained',
  async () => {
    expect(providePackages([PYTHON_PACKAGE])).toBe(true)
    const all = messages()
    const others = await askReaders(all.map(({ octets }) => octets))
    const score = new Map<string, number>()
    const differ: string[] = []
    for (const [index, { name, octets }] of all.entries()) {
      const ours: Reading = readingOf(parseMessage(octets, { decoder: legacyCharsets }))
      for (const question of QUESTIONS) {
        const alike = READERS.filter((one) => bare(ours[question]) === bare(others[index]![one][question]))
        for (const one of alike) score.set(`${question} ${one}`, (score.get(`${question} ${one}`) ?? 0) + 1)
        const unlike = READERS.filter((one) => !alike.includes(one))
        if (unlike.length > 0) differ.push(`${name} ${question}: ${unlike.length === 3 ? 'all' : unlike.join(', ')}`)
      }
    }
    for (const question of QUESTIONS) {
      const counts = READERS.map((one) => `${one} ${score.get(`${question} ${one}`)}`)
      console.log(`${question}: of ${all.length} read alike by ${counts.join(', ')}`)
    }
    expect(differ.sort()).toEqual(DIFFERENCES.flatMap(({ where }) => where).sort())
  },
  300_000,
)
