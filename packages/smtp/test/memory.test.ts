import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { expect, test } from 'vitest'
import { memoryPair } from '../src/index.ts'

test.each([
  [1, ['E', 'H', 'L', 'O']],
  [3, ['EHL', 'O']],
  [undefined, ['EHLO']],
])('memoryPair: chunkSize %s gives reads of at most as many octets', async (chunkSize, expected) => {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  await near.write(encodeUtf8('EHLO'))
  await near.close()
  const reads: string[] = []
  for (let bytes = await far.read(); bytes; bytes = await far.read()) reads.push(decodeLatin1(bytes))
  expect(reads).toEqual(expected)
})

test('memoryPair: what was written may be changed afterwards', async () => {
  const [near, far] = memoryPair()
  const octets = encodeUtf8('a')
  await near.write(octets)
  octets[0] = 0
  expect(await far.read()).toEqual(encodeUtf8('a'))
})

test.each(['local', 'bridge', 'nobody'] as const)('memoryPair: TLS claims to be verified by %s', async (verifiedBy) => {
  const [near, far] = memoryPair({ verifiedBy })
  const [info] = await Promise.all([near.startTls({ serverName: 'mx.example' }), far.startTls({})])
  expect(info).toMatchObject({ protocol: 'memory', cipher: 'NULL', verifiedBy, serverName: 'mx.example' })
  expect(near.info.tls).toEqual(info)
})
