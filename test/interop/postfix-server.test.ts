import type { Reply } from '@posthorn/reply'
import type { SendOutcome } from '@posthorn/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { encode, hardMessage, header, wireForm } from './lib/message.ts'
import { type OurClient, type OurClientOptions, openClient } from './lib/our-client.ts'
import { ACCOUNT, HOSTNAME, type Postfix, RECIPIENTS, startPostfix } from './lib/postfix.ts'

// Postfix as the server of our client: submission, a relay with every extension, and one with those of 1995.
let postfix: Postfix

beforeAll(async () => {
  postfix = await startPostfix()
})
afterAll(() => postfix.stop())

const ALICE = `alice@${HOSTNAME}`
const BOB = `bob@${HOSTNAME}`
const NOBODY = `nobody@${HOSTNAME}`
const SHORT = encode(`${header('short')}hi\r\n`)

const submission = (options: OurClientOptions = {}): Promise<OurClient> =>
  openClient(postfix, { credentials: ACCOUNT, ...options })
const relay = (port: number, options: OurClientOptions = {}): Promise<OurClient> =>
  openClient({ ...postfix, port }, options)
const inTheClear = (port: number, options: OurClientOptions = {}): Promise<OurClient> => openClient({ port }, options)

const statuses = ({ recipients }: SendOutcome): string[] => recipients.map(({ status, retry }) => `${status} ${retry}`)
const codes = ({ recipients }: SendOutcome): (number | undefined)[] => recipients.map(({ reply }) => reply?.code)

describe.each(['none', 'envelope', 'data', 'messages'] as const)('SmtpClient with pipelining %s', (pipelining) => {
  test.each(['auto', 'never'] as const)('chunking %s: octet by octet, after TLS and AUTH', async (chunking) => {
    const { client, conversation } = await submission({ pipelining })
    const message = hardMessage(`${pipelining} ${chunking}`)
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB, NOBODY] }, message, { chunking })
    await client.quit()
    expect(statuses(outcome)).toEqual(['accepted never', 'rejected never'])
    expect(usedIn(conversation)).toEqual([
      '8BITMIME',
      'AUTH SCRAM-SHA-256',
      ...(chunking === 'auto' ? ['CHUNKING'] : []),
      ...(pipelining === 'none' ? [] : ['PIPELINING']),
      'SIZE',
      'STARTTLS',
    ])
    const stored = wireForm(await postfix.take('bob'))
    expect(stored).toContain('with ESMTPSA')
    expect(stored.endsWith(new TextDecoder().decode(message))).toBe(true)
  })

  test('several messages in one session, after one that was refused for all', async () => {
    const { client } = await submission({ pipelining })
    expect((await client.send({ reversePath: ALICE, forwardPaths: [NOBODY] }, SHORT)).type).toBe('refused')
    for (const text of ['one', 'two']) {
      const message = encode(`${header(text)}${text}\r\n`)
      expect((await client.send({ reversePath: ALICE, forwardPaths: [BOB] }, message)).type).toBe('accepted')
      expect(wireForm(await postfix.take('bob'))).toContain(`\r\n\r\n${text}\r\n`)
    }
    await client.quit()
  })
})

describe('submission', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'])('AUTH %s', async (mechanism) => {
    const { client, conversation } = await submission({ mechanisms: [mechanism] })
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB] }, SHORT)
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toContain(`AUTH ${mechanism}`)
    await postfix.take('bob')
    await expect.poll(postfix.log).toContain(`sasl_method=${mechanism}, sasl_username=${ACCOUNT.username}`)
    const wrong = submission({ mechanisms: [mechanism], credentials: { ...ACCOUNT, password: 'wrong' } })
    await expect(wrong).rejects.toMatchObject({ code: 'SMTP_AUTH_FAILED' })
  })

  test('TLS from the beginning', async () => {
    const target = { port: postfix.implicitPort, hostname: 'localhost', certificate: postfix.implicitCertificate }
    const { client, conversation } = await openClient(target, { credentials: ACCOUNT, implicitTls: true })
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB] }, SHORT)
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).not.toContain('STARTTLS')
    expect(wireForm(await postfix.take('bob'))).toContain('with ESMTPSA')
  })

  test('a wrong password is refused, and the credentials stand nowhere', async () => {
    const told: unknown[] = []
    const password = 'not the password'
    const opened = submission({ credentials: { ...ACCOUNT, password }, record: (entry) => told.push(entry) })
    const error = await opened.catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'SMTP_AUTH_FAILED' })
    expect(JSON.stringify([told, String(error)])).not.toContain(password)
    expect(told.length).toBeGreaterThan(5)
  })

  test('without credentials every recipient is refused', async () => {
    const { client } = await openClient(postfix)
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB, NOBODY] }, SHORT)
    await client.quit()
    expect(codes(outcome)).toEqual([554, 554])
  })
})

describe('relay', () => {
  test('DSN: what the parameters ask for is what the report says [rfc3461 4]', async () => {
    const { client, conversation } = await relay(postfix.mxPort)
    const outcome = await client.send(
      {
        reversePath: ALICE,
        forwardPaths: [
          {
            forwardPath: BOB,
            parameters: { notify: ['SUCCESS'], orcpt: { type: 'rfc822', address: 'b+b@old.example' } },
          },
          { forwardPath: `carol@${HOSTNAME}`, parameters: { notify: [] } },
        ],
        parameters: { ret: 'HDRS', envid: 'a+b=c' },
      },
      SHORT,
    )
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toEqual(['CHUNKING', 'DSN', 'PIPELINING', 'SIZE', 'STARTTLS'])
    await Promise.all(['bob', 'carol'].map((user) => postfix.take(user)))
    const report = wireForm(await postfix.take('alice'))
    expect(report).toContain('Original-Envelope-Id: a+b=c')
    expect(report).toContain('Original-Recipient: rfc822;b+b@old.example')
    expect(report).toContain('Action: delivered')
    expect(report).not.toContain('carol')
    expect(report).not.toContain('\r\nhi\r\n')
  })

  test('SMTPUTF8: a mailbox and a header in UTF-8 [rfc6531]', async () => {
    const { client, conversation } = await relay(postfix.mxPort)
    const message = encode(`Subject: ναι\r\n${header('unicode').replace('alice <', 'Ἀλίκη <')}γεια\r\n`)
    const outcome = await client.send({ reversePath: `γ@${HOSTNAME}`, forwardPaths: [RECIPIENTS.unicode] }, message)
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(usedIn(conversation)).toContain('SMTPUTF8')
    const stored = wireForm(await postfix.take('unicode'))
    expect(stored).toContain('with UTF8SMTPS')
    expect(stored.endsWith(new TextDecoder().decode(message))).toBe(true)
  })

  test('each recipient has an outcome of its own, and an alias goes to several', async () => {
    const { client } = await relay(postfix.mxPort)
    const forwardPaths = [RECIPIENTS.several, RECIPIENTS.later, RECIPIENTS.full, NOBODY, 'bob@elsewhere.example']
    const outcome = await client.send({ reversePath: null, forwardPaths }, SHORT)
    await client.quit()
    expect(codes(outcome)).toEqual([250, 450, 552, 550, 554])
    expect(outcome.recipients.map(({ retry }) => retry).slice(0, 2)).toEqual(['never', 'later'])
    for (const user of ['alice', 'bob']) expect(wireForm(await postfix.take(user))).toContain('\r\n\r\nhi\r\n')
  })

  test('thirty messages laced into each other arrive whole, and in order', async () => {
    const { client, conversation } = await relay(postfix.mxPort, { pipelining: 'messages' })
    const messages = Array.from({ length: 30 }, (_, index) => ({
      envelope: { reversePath: ALICE, forwardPaths: [index % 10 === 9 ? NOBODY : BOB] },
      message: encode(`${header(`m${index}`)}${'x'.repeat(index * 30)}\r\n`),
      options: { chunking: index % 2 === 0 ? 'never' : 'auto' } as const,
    }))
    const outcomes: string[] = []
    for await (const { type } of client.sendAll(messages)) outcomes.push(type)
    await client.quit()
    expect(outcomes).toEqual(messages.map((_, index) => (index % 10 === 9 ? 'refused' : 'accepted')))
    expect(usedIn(conversation)).toEqual(['CHUNKING', 'PIPELINING', 'SIZE', 'STARTTLS'])
    const bodies = new Map<string, number>()
    for (let index = 0; index < 27; index++) {
      const stored = wireForm(await postfix.take('bob'))
      bodies.set(/Subject: (m\d+)/.exec(stored)![1]!, stored.length - stored.indexOf('\r\n\r\n') - 6)
    }
    const sent = messages.flatMap((_, index) => (index % 10 === 9 ? [] : [[`m${index}`, index * 30] as const]))
    expect([...bodies].sort()).toEqual(sent.sort())
  })

  test('3 MB in chunks from a stream, and as DATA from octets', async () => {
    const message = encode(header('large') + `${'z'.repeat(76)}\r\n`.repeat(40_000))
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < message.length; at += 50_001) yield message.subarray(at, at + 50_001)
    }
    for (const [source, chunking] of [[pieces(), 'auto'] as const, [message, 'never'] as const]) {
      const { client, conversation } = await relay(postfix.mxPort)
      const outcome = await client.send({ reversePath: null, forwardPaths: [BOB] }, source, { chunking })
      await client.quit()
      expect(outcome.type).toBe('accepted')
      expect(usedIn(conversation).includes('CHUNKING')).toBe(chunking === 'auto')
      expect(wireForm(await postfix.take('bob')).endsWith(new TextDecoder().decode(message))).toBe(true)
    }
  })
})

describe('relay with few extensions', () => {
  test('one command at a time, DATA, and a refusal of several lines', async () => {
    const { client, conversation } = await inTheClear(postfix.oldPort)
    const outcome = await client.send({ reversePath: ALICE, forwardPaths: [BOB, NOBODY] }, SHORT)
    await client.quit()
    expect(statuses(outcome)).toEqual(['accepted never', 'rejected never'])
    expect(usedIn(conversation)).toEqual(['SIZE'])
    const { lines } = outcome.recipients[1]!.reply as Reply
    expect(lines.length).toBe(2)
    expect(lines[1]).toContain('The client is 127.0.0.1')
    expect(wireForm(await postfix.take('bob')).endsWith(new TextDecoder().decode(SHORT))).toBe(true)
  })

  test.each([
    ['8-bit content', 'SMTP_NEEDS_8BITMIME', { reversePath: ALICE, forwardPaths: [BOB] }, hardMessage()],
    ['an address in UTF-8', 'SMTP_NEEDS_SMTPUTF8', { reversePath: ALICE, forwardPaths: [RECIPIENTS.unicode] }, SHORT],
    [
      'DSN',
      'SMTP_NOT_OFFERED',
      { reversePath: ALICE, forwardPaths: [BOB], parameters: { ret: 'FULL' } as const },
      SHORT,
    ],
  ])('%s is not sent to a server that does not offer it', async (_, code, envelope, message) => {
    const { client, conversation } = await inTheClear(postfix.oldPort)
    const error = await client.send(envelope, message).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code })
    expect(conversation.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
    expect((await client.send({ reversePath: ALICE, forwardPaths: [BOB] }, SHORT)).type).toBe('accepted')
    await client.quit()
    await postfix.take('bob')
  })
})

describe('relay with limits', () => {
  test('what two recipients a transaction leave over is sent in more of them', async () => {
    const { client, conversation } = await inTheClear(postfix.limitedPort)
    const forwardPaths = ['alice', 'bob', 'carol'].map((user) => `${user}@${HOSTNAME}`)
    const outcome = await client.send({ reversePath: null, forwardPaths }, SHORT)
    await client.quit()
    expect(outcome.type).toBe('accepted')
    expect(conversation.commands.filter((line) => line.startsWith('MAIL')).length).toBe(2)
    for (const user of ['alice', 'bob', 'carol']) await postfix.take(user)
  })

  test('a message over SIZE is not sent; one that declares none is refused at its end', async () => {
    const { client, conversation } = await inTheClear(postfix.limitedPort)
    const long = encode(header('long') + 'x\r\n'.repeat(2000))
    const envelope = { reversePath: null, forwardPaths: [BOB] }
    const error = await client.send(envelope, long).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'SMTP_MESSAGE_TOO_LARGE' })
    expect(conversation.commands.some((line) => line.startsWith('MAIL'))).toBe(false)
    const outcome = await client.send(
      envelope,
      (async function* () {
        yield long
      })(),
    )
    await client.quit()
    expect(codes(outcome)).toEqual([552])
  })
})
