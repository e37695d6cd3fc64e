import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBES } from './lib/address-probes.ts'
import { askAll } from './lib/address-readers.ts'

const page = readFileSync(new URL('../../docs/addresses.md', import.meta.url), 'utf8')

const cell = (text: string): string => (text === '' ? 'nothing' : `\`${text.replace('\0', '\\0')}\``)

test('readAddressList: reads the probes as the table of the documentation has it', async () => {
  const answers = await askAll(PROBES.map(([text]) => text))
  for (const [index, [text, found]] of PROBES.entries()) {
    expect([text, answers[index]?.posthorn]).toEqual([text, found])
    const begin = `| \`${text.replace('\0', '\\0')}\` | \`${found}\` | `
    const row = page.split('\n').find((line) => line.startsWith(begin))
    const { postalMime, nodemailer, mailparser, python } = answers[index]!
    // The older way of Python, in the last column, is read by its releases in several ways.
    const cells = [postalMime, nodemailer, mailparser, python[0]].map(cell).join(' | ')
    expect([text, row?.replace(/^.*? \| (?=`|nothing)(?=(?:[^|]*\|){5}$)/, '').replace(/ \|[^|]*\|$/, '')]).toEqual([
      text,
      cells,
    ])
  }
})
