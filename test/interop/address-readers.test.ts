import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBES } from './lib/address-probes.ts'
import { askAll } from './lib/address-readers.ts'

const page = readFileSync(new URL('../../docs/addresses.md', import.meta.url), 'utf8')

test('readAddressList: reads the probes as the table of the documentation has it', async () => {
  const answers = await askAll(PROBES.map(([text]) => text))
  for (const [index, [text, found]] of PROBES.entries()) {
    expect([text, answers[index]?.posthorn]).toEqual([text, found])
    expect(page).toContain(`| \`${text.replace('\0', '\\0')}\` | \`${found}\` |`)
  }
})
