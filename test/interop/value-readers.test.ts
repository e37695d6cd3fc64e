import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBES } from './lib/value-probes.ts'
import { askAll } from './lib/value-readers.ts'

const page = readFileSync(new URL('../../docs/values.md', import.meta.url), 'utf8')

// Of boundaries the page has whether the part is found; where nothing is read, and where the clock is, it has words.
const cell = (kind: string, text: string): string =>
  kind === 'boundary' || text === 'nothing' || text === 'the time of the call'
    ? text
    : `\`${text.replace(/[\u0080-\u009f]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)}\``

test('readDisposition, readContentType, readText, readDate: read the probes as the tables of the documentation have it', async () => {
  const answers = await askAll(PROBES)
  for (const [index, [kind, text, found]] of PROBES.entries()) {
    expect([text, answers[index]?.posthorn]).toEqual([text, found])
    const row = page.split('\n').find((line) => line.startsWith(`| \`${text}\` | \`${found}\` | `))
    const { postalMime, mailparser, python } = answers[index]!
    const cells = [postalMime, mailparser, python].map((one) => cell(kind, one)).join(' | ')
    expect([text, row?.replace(/^.*? \| (?=(?:[^|]*\|){3}$)/, '')]).toEqual([text, `${cells} |`])
  }
})
