/** What a page keeps of a body of 100 MB that goes by: next to nothing, as it is signed and as it is verified. */
import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { generateDkimKey, signDkim, verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { cdp } from 'vitest/browser'

const LENGTH = 100_000_000
// Far above what is held: the header, a chunk, a slice of its canonical form, and what comes before a hash in steps.
const MOST = 8_000_000

/** What the page's JavaScript holds, in its heap and in buffers beside it, in octets. */
async function held(): Promise<number> {
  const session = cdp() as unknown as {
    send(method: string): Promise<{ usedSize: number; backingStorageSize: number }>
  }
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  return usedSize + backingStorageSize
}

const header = encodeUtf8('From: ann@d.example\r\nSubject: long\r\n\r\n')

test('what is measured has buffers in it', async () => {
  const before = await held()
  const kept = new Uint8Array(2 * MOST)
  expect((await held()) - before).toBeGreaterThan(kept.length - MOST / 2)
})

test('signDkim, verifyDkim: 100 MB take no more memory than a chunk', { timeout: 120_000 }, async () => {
  const chunk = encodeUtf8('A line of text,  with white space \r\n'.repeat(28_000))
  let most = 0
  async function* message(first: Uint8Array): AsyncGenerator<Uint8Array> {
    yield first
    for (let sent = 0; sent < LENGTH; sent += chunk.length) {
      if (sent % (chunk.length * 10) === 0) most = Math.max(most, await held())
      yield chunk
    }
  }
  const { privateKey, record } = await generateDkimKey({ algorithm: 'rsa-sha256' })
  const resolver = new MemoryZone().add('s._domainkey.d.example', 'TXT', record)
  const before = await held()
  const field = await signDkim(message(header), { domain: 'd.example', selector: 's', key: privateKey, now: 0 })
  const [verdict] = await verifyDkim(message(concatBytes([field, header])), { resolver, now: 0 })
  expect(verdict?.result).toBe('pass')
  expect(most - before).toBeLessThan(MOST)
})
