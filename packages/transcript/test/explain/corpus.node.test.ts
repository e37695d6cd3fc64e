import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { explainTranscript, type Finding } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'
import { FIRST_FINDINGS } from './corpus-table.ts'
import { describeFirst } from './describe-findings.ts'

// Logs that real tools wrote; they are not part of the repository
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = resolve(process.env['POSTHORN_TRANSCRIPTS'] ?? join(here, '../../../../../shared/transcripts'))
const isThere = existsSync(folder)
if (!isThere) console.warn(`\n!!! SKIPPED captured transcripts: no data in ${folder} (set POSTHORN_TRANSCRIPTS) !!!\n`)
const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : []

const expected = new Map<string, string[]>()
for (const row of FIRST_FINDINGS.trim().split('\n')) {
  const [name = '', first = ''] = row.split(' | ')
  expected.set(name, [...(expected.get(name) ?? []), first])
}

function explainFile(name: string): Promise<readonly (readonly Finding[])[]> {
  return explainTranscript(parseTranscript(readFileSync(join(folder, name), 'utf8')))
}

describe.skipIf(!isThere)('captured logs', () => {
  test('the table has every log', () => {
    expect([...expected.keys()].sort()).toEqual(names.map((name) => name.slice(0, -4)).sort())
  })

  test.each(names)('explainTranscript: the first finding in %s', async (name) => {
    const first = (await explainFile(name)).map(describeFirst)
    expect(first.length > 0 ? first : ['no session']).toEqual(expected.get(name.slice(0, -4)))
  })

  test('explainTranscript: no address, name of a message or password of the logs is in a finding', async () => {
    for (const name of names) {
      const given = JSON.stringify(await explainFile(name))
      expect(given, name).not.toMatch(/alice|bob@|nosuch@|sender@|client\.test|AGFsaWNl|YWxpY2VAc|c2VjcmV0|d3Jvbmc/)
    }
  })
})
