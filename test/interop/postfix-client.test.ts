import { listen } from '@posthorn/node'
import { type IncomingMessage, serve } from '@posthorn/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'
import { freePort } from './lib/process.ts'

// Postfix as the client of our server: it raises TLS, verifies our certificate, and pipelines.
let postfix: Postfix
let port: number

beforeAll(async () => {
  port = await freePort()
  postfix = await startPostfix({ relayPort: port })
})
afterAll(() => postfix.stop())

const LINES = ['Subject: relayed', '', '.', '..', '. ', 'From here', 'x'.repeat(900), 'grüße', '']

test('serve: takes a message from Postfix over verified TLS, octet by octet', async () => {
  let arrive: (message: { text: string; about: Omit<IncomingMessage, 'content'> }) => void = () => undefined
  const arrival = new Promise<Parameters<typeof arrive>[0]>((resolve) => {
    arrive = resolve
  })
  const listener = await listen({
    port,
    tls: postfix.certificate,
    onConnection: (connection) =>
      serve(connection, {
        hostname: HOSTNAME,
        tls: true,
        onMessage: async ({ content, ...about }) => {
          const chunks: Uint8Array[] = []
          for await (const chunk of content) chunks.push(chunk)
          arrive({ text: Buffer.concat(chunks).toString('utf8'), about })
        },
      }),
  })
  await postfix.submit(`alice@${HOSTNAME}`, 'ada@posthorn.example', LINES.join('\n'))
  const { text, about } = await arrival
  await listener.close()
  expect(about.peer.connection.tls?.protocol).toBe('TLSv1.3')
  expect(about.forwardPaths).toEqual([{ localPart: 'ada', domain: 'posthorn.example' }])
  expect(about.parameters.body).toBe('8BITMIME')
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(LINES.slice(2).join('\r\n'))
})
