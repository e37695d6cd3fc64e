import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { FINDING_TEXTS, type FindingText } from '../../src/explain/texts.ts'
import { FIXTURES } from './fixtures.ts'

const page = fileURLToPath(new URL('../../../../docs/findings.md', import.meta.url))
const TABLE = /(?<=<!-- table -->\n)[\s\S]*(?=<!-- \/table -->)/

function linkTo(document: string): string {
  const [, number, section] = /^rfc(\d+)(?:#section-(.+))?$/.exec(document) ?? []
  return `[RFC ${number}${section ? ` ${section}` : ''}](https://www.rfc-editor.org/rfc/${document})`
}

function rowOf({ id, severity, actor, retry, what, why, remedy, documents }: FindingText): string {
  const cells = [
    `\`${id}\``,
    severity,
    what,
    why,
    remedy.join('; '),
    actor,
    retry ?? '',
    documents.map(linkTo).join(', '),
  ]
  return `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ')
}

test('docs/findings.md has the words of every finding', () => {
  const head =
    '| finding | severity | what | why | what to do | who | retry | where it is written |\n|---|---|---|---|---|---|---|---|\n'
  const table = `${head}${[...FINDING_TEXTS.values()].map(rowOf).join('\n')}\n`
  const text = readFileSync(page, 'utf8')
  if (process.env['POSTHORN_WRITE'] === '1')
    writeFileSync(
      page,
      text.replace(TABLE, () => table),
    )
  expect(TABLE.exec(readFileSync(page, 'utf8'))?.[0]).toBe(table)
})

test('every finding has words, and a log that shows it', () => {
  expect([...FINDING_TEXTS.keys()].sort()).toEqual(Object.keys(FIXTURES).sort())
})

test('words are short, plain, and without full stops', () => {
  for (const { id, what, why, remedy } of FINDING_TEXTS.values()) {
    expect(what, id).not.toBe('')
    for (const text of [what, why, ...remedy]) {
      expect(text.length, `${id}: ${text}`).toBeLessThan(200)
      expect(text, id).not.toMatch(/[.;]$/)
    }
  }
})
