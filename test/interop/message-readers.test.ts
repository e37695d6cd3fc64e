import { encodeLatin1 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { PROBES } from '../../packages/mime/test/probes/index.ts'
import type { Reader } from '../../packages/mime/test/probes/probe.ts'
import { agrees, askReaders } from './lib/message-readers.ts'

const READERS: readonly Reader[] = ['postal-mime', 'mailparser', 'Python']

describe.each(Object.entries(PROBES))('parseMessage: %s', (_, probes) => {
  test('the probes are read alike by those of whom the table says so, and by no others', async () => {
    const readings = await askReaders(probes.map(({ input }) => encodeLatin1(input)))
    const found = probes.map(({ name, reads }, index) => ({
      name,
      alike: READERS.filter((reader) => agrees(reads, readings[index]![reader])),
    }))
    expect(found).toEqual(probes.map(({ name, alike = READERS }) => ({ name, alike })))
  })
})
