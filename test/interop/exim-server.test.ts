import type { SendOutcome } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, type Exim, HOSTNAME, startExim } from './lib/exim.ts'
import { encode, hardMessage, header, wireForm } from './lib/message.ts'
import { type OurClient, type OurClientOptions, openClient } from './lib/our-client.ts'

// Two releases of Exim as the server of our client: CHUNKING, PRDR, DSN, SMTPUTF8, LIMITS, and AUTH of several kinds.
const address = (user: string): string => `${user}@${HOSTNAME}`
const statuses = ({ recipients }: SendOutcome): string[] => recipients.map(({ status, retry }) => `${status} ${retry}`)

describe.each(['bookworm', 'trixie'] as const)('Exim of %s', (release) => {
  let exim: Exim
  beforeAll(async () => {
    exim = await startExim({ release })
  })
  afterAll(() => exim.stop())

  const open = (options: OurClientOptions = {}): Promise<OurClient> => openClient(exim, options)

  describe.each(['none', 'envelope', 'data', 'messages'] as const)('pipelining %s', (pipelining) => {
    test.each(['auto', 'never'] as const)(
      'chunking %s: octet by octet, a recipient refused, another deferred',
      async (chunking) => {
        const { client, conversation } = await open({ pipelining })
        const forwardPaths = ['bob', 'nobody', 'greylist'].map(address)
        const message = hardMessage(`${pipelining} ${chunking}`)
        const outcome = await client.send({ reversePath: null, forwardPaths }, message, { chunking })
        await client.quit()
        expect(statuses(outcome)).toEqual(['accepted never', 'rejected never', 'deferred later'])
        expect(usedIn(conversation)).toEqual([
          '8BITMIME',
          ...(chunking === 'auto' ? ['CHUNKING'] : []),
          ...(pipelining === 'none' ? [] : ['PIPELINING']),
          'SIZE',
          'STARTTLS',
        ])
        expect(wireForm(await exim.take('bob')).endsWith(new TextDecoder().decode(message))).toBe(true)
      },
    )
  })

  test('ten messages laced into each other, by DATA and by BDAT, one of them refused', async () => {
    const { client, conversation } = await open({ pipelining: 'messages' })
    const messages = Array.from({ length: 10 }, (_, index) => ({
      envelope: { reversePath: null, forwardPaths: [address(index === 4 ? 'nobody' : 'bob')] },
      message: encode(`${header(`m${index}`)}m${index}\r\n`),
      options: { chunking: index < 5 ? 'never' : 'auto' } as const,
    }))
    const outcomes: string[] = []
    for await (const { type } of client.sendAll(messages)) outcomes.push(type)
    await client.quit()
    expect(outcomes).toEqual(messages.map((_, index) => (index === 4 ? 'refused' : 'accepted')))
    expect(usedIn(conversation)).toEqual(['CHUNKING', 'PIPELINING', 'SIZE', 'STARTTLS'])
    const bodies: string[] = []
    for (let index = 0; index < 9; index++)
      bodies.push(
        wireForm(await exim.take('bob'))
          .split('\r\n\r\n')[1]!
          .trim(),
      )
    expect(bodies.sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm5', 'm6', 'm7', 'm8', 'm9'])
  })

  test('3 MB from a stream in chunks arrives whole', async () => {
    const line = encode(`${'z'.repeat(76)}\r\n`)
    const { client, conversation } = await open()
    async function* content(): AsyncGenerator<Uint8Array> {
      yield encode(header('large'))
      for (let index = 0; index < 40_000; index++) yield line
    }
    const outcome = await client.send({ reversePath: null, forwardPaths: [address('bob')] }, content())
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(conversation.commands.filter((text) => text.startsWith('BDAT')).length).toBeGreaterThan(30)
    const stored = wireForm(await exim.take('bob'))
    expect(stored.slice(stored.indexOf('\r\n\r\n') + 4)).toBe(`${'z'.repeat(76)}\r\n`.repeat(40_000))
  })

  test('PRDR gives each recipient its own reply', async () => {
    const { client, conversation } = await open()
    const outcome = await client.send(
      { reversePath: null, forwardPaths: ['bob', 'picky'].map(address), parameters: { prdr: true } },
      encode(`${header('prdr')}hi\r\n`),
    )
    await client.quit()
    expect(usedIn(conversation)).toContain('PRDR')
    expect(outcome.recipients.map(({ status, reply }) => [status, reply?.code])).toEqual([
      ['accepted', 250],
      ['rejected', 550],
    ])
    expect(wireForm(await exim.take('bob'))).toContain('hi')
  })

  test('DSN: what the parameters ask for is what the report says [rfc3461 4]', async () => {
    const { client, conversation } = await open()
    const outcome = await client.send(
      {
        reversePath: address('alice'),
        forwardPaths: [{ forwardPath: address('bob'), parameters: { notify: ['SUCCESS'] } }],
        parameters: { ret: 'HDRS', envid: 'a1' },
      },
      encode(`${header('dsn')}hi\r\n`),
    )
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toContain('DSN')
    await exim.take('bob')
    const report = wireForm(await exim.take('alice'))
    expect(report).toContain('Original-Envelope-ID: a1')
    expect(report).toContain('Action: delivered')
  })

  test('SMTPUTF8: an address in UTF-8 [rfc6531]', async () => {
    const { client, conversation } = await open()
    const envelope = { reversePath: 'δ@posthorn.example', forwardPaths: [address('bob')] }
    const outcome = await client.send(envelope, encode(`${header('utf8')}hi\r\n`))
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toContain('SMTPUTF8')
    expect(wireForm(await exim.take('bob'))).toMatch(/with utf8esmtps/i)
  })

  test('more recipients than a transaction may have go in several [rfc9422]', async () => {
    const { client, conversation } = await open()
    const forwardPaths = ['alice', 'bob', 'postmaster', 'picky'].map(address)
    const outcome = await client.send({ reversePath: null, forwardPaths }, encode(`${header('limits')}hi\r\n`))
    const { limits } = client.capabilities
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(limits?.rcptMax).toBe(release === 'trixie' ? 3 : undefined)
    // Told beforehand, the client never tries a fourth; untold, it learns from the refusal.
    expect(conversation.commands.filter((text) => text.startsWith('RCPT')).length).toBe(release === 'trixie' ? 4 : 5)
    expect(conversation.commands.filter((text) => text.startsWith('MAIL')).length).toBe(2)
    for (const user of ['alice', 'bob', 'postmaster', 'picky']) await exim.take(user)
  })

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('AUTH %s', async (mechanism) => {
    const { client, conversation } = await open({ credentials: ACCOUNT, mechanisms: [mechanism] })
    await client.quit()
    expect(usedIn(conversation)).toEqual([`AUTH ${mechanism}`, 'STARTTLS'])
    const wrong = open({ credentials: { ...ACCOUNT, password: 'wrong' }, mechanisms: [mechanism] })
    await expect(wrong).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
  })
})
