import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Exim, startExim } from './lib/exim.ts'
import { type OurServer, PICKY, startOurServer } from './lib/our-server.ts'
import { freePort } from './lib/process.ts'

// Exim as the client of our server: it sends in chunks, asks for PRDR, and pipelines.
let exim: Exim
let server: OurServer

beforeAll(async () => {
  const port = await freePort()
  server = await startOurServer({ port })
  exim = await startExim({ relayPort: port })
})
afterAll(async () => {
  await exim.stop()
  await server.stop()
})

async function arrival(count: number): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && server.messages.length < count; ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(server.messages.length, exim.log()).toBe(count)
}

const LINES = ['Subject: relayed', '', '.', '..', '. ', 'From here', 'x'.repeat(900), 'grüße', '']

test('serve: takes a message from Exim over TLS, by BDAT, octet by octet', async () => {
  await exim.submit('alice@exim.posthorn.test', ['ada@posthorn.example'], LINES.join('\n'))
  await arrival(1)
  const { text, peer } = server.messages[0]!
  expect(peer.connection.tls?.protocol).toBe('TLSv1.3')
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(LINES.slice(2).join('\r\n'))
  // K: by CHUNKING; X: over TLS.
  expect(exim.log()).toMatch(/=> ada@posthorn\.example .* X=TLS1\.3.* K /)
})

test('serve: gives Exim a reply for each recipient by PRDR', async () => {
  await exim.submit('alice@exim.posthorn.test', ['ada@posthorn.example', PICKY], LINES.join('\n'))
  await arrival(2)
  for (const end = Date.now() + 10_000; Date.now() < end && !exim.log().includes('Not this content'); ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(server.messages[1]!.parameters.prdr).toBe(true)
  expect(exim.log()).toMatch(/\*\* picky@posthorn\.example .*550 Not this content/)
})
