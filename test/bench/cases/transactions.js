/**
 * Whole transactions of a small message between a client and a server, both of Posthorn, that a pair of connections in
 * memory joins; beside the same octets through the pair alone, which is what cannot be undercut.
 */
import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'

export const title = 'Transactions between client and server in memory'
export const unit = 'transactions/s'
export const rounds = 9

const TRANSACTIONS = 5000
const ENVELOPE = { reversePath: 'ada@example.org', forwardPaths: ['charles@example.net'] }
const MESSAGE = new TextEncoder().encode(`Subject: Notes\r\n\r\n${'The notes are with the printer.\r\n'.repeat(60)}`)

let client
let served

async function rateOf(transact) {
  const start = performance.now()
  for (let count = 0; count < TRANSACTIONS; count++) await transact()
  return (TRANSACTIONS / (performance.now() - start)) * 1000
}

// Four flights: an envelope, its replies, the message, its reply.
async function exchange([near, far], flights) {
  for (const [index, octets] of flights.entries()) {
    const [from, to] = index % 2 === 0 ? [near, far] : [far, near]
    await from.write(octets)
    await to.read()
  }
}

export async function setup() {
  const [near, far] = memoryPair()
  served = serve(far, {
    hostname: 'bench.example',
    onMessage: async ({ content }) => {
      for await (const octets of content) if (octets.length === 0) return
    },
  })
  client = new SmtpClient(near, { tls: 'none' })
  await client.open()
  const pair = memoryPair()
  const flights = [
    'MAIL FROM:<ada@example.org>\r\nRCPT TO:<charles@example.net>\r\nDATA\r\n',
    '250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n354 Go on\r\n',
    `${new TextDecoder().decode(MESSAGE)}.\r\n`,
    '250 2.0.0 Message accepted\r\n',
  ].map((text) => new TextEncoder().encode(text))
  const send = (chunking) => () => rateOf(() => client.send(ENVELOPE, MESSAGE, { chunking }))
  return [
    { name: 'the pair alone', run: () => rateOf(() => exchange(pair, flights)) },
    { name: 'by DATA', run: send('never') },
    { name: 'by BDAT', run: send('auto') },
  ]
}

export async function teardown() {
  await client?.quit()
  await served
}
