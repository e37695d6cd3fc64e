import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { type Exim, startExim } from './lib/exim.ts'
import { ASCII_ACCOUNT, type OurServer, PICKY, startOurServer } from './lib/our-server.ts'

// Two releases of Exim as the client of our server: it sends in chunks, asks for PRDR, pipelines and authenticates.
const LINES = ['Subject: relayed', '', '.', '..', '. ', 'From here', 'x'.repeat(900), 'grüße', '']
const SENDER = 'alice@exim.posthorn.test'

describe.each(['bookworm', 'trixie'] as const)('Exim of %s', (release) => {
  let exim: Exim
  let server: OurServer

  beforeAll(async () => {
    server = await startOurServer({ maxRecipients: 2 })
    exim = await startExim({ release, relay: { port: server.port, ca: server.ca, account: ASCII_ACCOUNT } })
  })
  afterAll(async () => {
    await exim.stop()
    await server.stop()
  })

  // It logs a delivery once the reply has come, which may be after the message.
  const logged = (line: RegExp): Promise<void> => expect.poll(exim.log, { timeout: 10_000 }).toMatch(line)

  const next = (count = 1): ReturnType<OurServer['arrival']> => server.arrival(server.messages.length + count, exim.log)

  test('serve: takes a message over verified TLS, by BDAT, octet by octet', async () => {
    const arrival = next()
    await exim.submit(SENDER, ['ada@posthorn.example'], LINES.join('\n'))
    const { text, peer, conversation } = await arrival
    expect(peer.connection.tls?.protocol).toBe('TLSv1.3')
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(LINES.slice(2).join('\r\n'))
    expect(usedIn(conversation)).toEqual(expect.arrayContaining(['CHUNKING', 'PIPELINING', 'SIZE', 'STARTTLS']))
    // K: by CHUNKING; X: over TLS; CV: verified.
    await logged(/=> ada@posthorn\.example .* X=TLS1\.3.* CV=yes .* K /)
  })

  test('serve: a reply for each recipient by PRDR', async () => {
    const arrival = next()
    await exim.submit(SENDER, ['ada@posthorn.example', PICKY], LINES.join('\n'))
    const { parameters, conversation } = await arrival
    expect(parameters.prdr).toBe(true)
    expect(usedIn(conversation)).toContain('PRDR')
    await logged(/\*\* picky@posthorn\.example .*550 Not this content/)
    await logged(/=> ada@posthorn\.example .*PRDR/)
  })

  test('serve: AUTH CRAM-MD5, and DATA', async () => {
    const arrival = next()
    await exim.submit(SENDER, ['ada@auth.posthorn.example'], LINES.join('\n'))
    const { user, text, conversation } = await arrival
    expect(user).toBe(ASCII_ACCOUNT.username)
    expect(usedIn(conversation)).toContain('AUTH CRAM-MD5')
    expect(usedIn(conversation)).not.toContain('CHUNKING')
    expect(text.endsWith(LINES.slice(2).join('\r\n'))).toBe(true)
  })

  test('serve: more recipients than a transaction may have come in several', async () => {
    const arrival = next(2)
    const to = ['ada', 'bea', 'cyd'].map((user) => `${user}@posthorn.example`)
    await exim.submit(SENDER, to, LINES.join('\n'))
    await arrival
    const counts = server.messages.slice(-2).map(({ forwardPaths }) => forwardPaths.length)
    expect(counts.sort()).toEqual([1, 2])
  })
})
