import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { decodeLatin1 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { bytesOf, digestOf, GOLDEN } from '../../../test/runtimes/suite/golden.js'
import { DIGESTS } from '../../../test/runtimes/suite/golden-digests.js'
import { parseMessage } from '../src/index.ts'

// The messages of test/runtimes/suite/golden.js, which every runtime writes, octet for octet; POSTHORN_WRITE=1 writes the
// files and their digests.
const folder = new URL('./golden/', import.meta.url)
const table = new URL('../../../test/runtimes/suite/golden-digests.js', import.meta.url)
const write = process.env['POSTHORN_WRITE'] === '1'

test.each(GOLDEN.map((one): [string, typeof one] => [one[0], one]))('compose: golden/%s.eml', async (name, one) => {
  const file = new URL(`${name}.eml`, folder)
  if (write) writeFileSync(file, bytesOf(one))
  const there = new Uint8Array(readFileSync(file))
  expect(decodeLatin1(bytesOf(one))).toBe(decodeLatin1(there))
  if (!write) expect(DIGESTS[name as keyof typeof DIGESTS]).toBe(await digestOf(there))
  // The names of files in a type are encoded words on purpose; fields of SMTPUTF8 are 8-bit.
  const told = parseMessage(there).defects.map(({ code }) => code)
  expect(told.filter((code) => code !== 'encoded-word-in-parameter' && code !== 'eight-bit')).toEqual([])
})

test('compose: every golden file is one of the table', async () => {
  const names = GOLDEN.map(([name]) => name)
  expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.eml`).sort())
  if (!write) return
  const lines = await Promise.all(GOLDEN.map(async (one) => `  ${keyOf(one[0])}: '${await digestOf(bytesOf(one))}',\n`))
  const head =
    '/** The SHA-256 of each message of golden.js, as packages/mime/test/golden.node.test.ts writes them. */\n'
  writeFileSync(table, `${head}export const DIGESTS = {\n${lines.join('')}}\n`)
})

const keyOf = (name: string): string => (/^[a-z]\w*$/.test(name) ? name : `'${name}'`)
