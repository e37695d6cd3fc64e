/** What a body of one gigabyte that goes by is kept of: next to nothing, as it is signed and as it is verified. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { concatBytes } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { generateDkimKey, signDkim, verifyDkim } from '../src/index.ts'
import { octets } from './example.ts'

const GIGABYTE = 1_000_000_000
// Far above what is held: the header, a chunk, and a slice of its canonical form.
const MOST = 8_000_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function held(): number {
  collectGarbage()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

const header = octets('From: ann@d.example\r\nSubject: long\r\n\r\n')

test('signDkim, verifyDkim: one gigabyte takes no more memory than a chunk', { timeout: 300_000 }, async () => {
  const chunk = octets('A line of text,  with white space \r\n'.repeat(28_000))
  let most = 0
  async function* message(first: Uint8Array): AsyncGenerator<Uint8Array> {
    yield first
    for (let sent = 0; sent < GIGABYTE; sent += chunk.length) {
      if (sent % (chunk.length * 64) === 0) most = Math.max(most, held())
      yield chunk
    }
  }
  const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
  const resolver = new MemoryZone().add('s._domainkey.d.example', 'TXT', record)
  const before = held()
  const options = { domain: 'd.example', selector: 's', key: privateKey, now: 0 }
  const field = await signDkim(message(header), options)
  const [verdict] = await verifyDkim(message(concatBytes([field, header])), { resolver, now: 0 })
  expect(verdict?.result).toBe('pass')
  expect(most - before).toBeLessThan(MOST)
})
