import { MailError } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { requireAccepted } from '../src/index.ts'
import { MAIL, mailerTo, memoryServer } from './lib/network.ts'

const ORCPT = { type: 'rfc822', address: 'b@example.net' }

describe('Mailer.send', () => {
  test('composes a message, and tells of each recipient', async () => {
    const server = memoryServer()
    const { mailer, events } = mailerTo(server)
    const outcome = await mailer.send({ ...MAIL, cc: 'c@example.net', bcc: 'd@example.net' })
    expect(outcome).toMatchObject({
      type: 'accepted',
      attempts: 1,
      messageId: expect.stringMatching(/^<.+@example\.org>$/),
    })
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(server.taken).toMatchObject([
      { from: 'ada@example.org', to: ['b@example.net', 'c@example.net', 'd@example.net'] },
    ])
    expect(server.taken[0]!.text).toContain('Subject: Hi\r\n')
    expect(server.taken[0]!.text).not.toContain('d@example.net')
    await mailer.close()
    expect(events.map(({ type }) => type)).toEqual(['session-opened', 'sent', 'session-ended'])
  })

  test('an envelope goes before the people of the header, with its parameters [rfc3461 4]', async () => {
    const parameters: unknown[] = []
    const server = memoryServer({
      extensions: [{ keyword: 'DSN' }],
      onRecipient: (_, given) => {
        parameters.push(given)
      },
    })
    const { mailer } = mailerTo(server)
    const envelope = { reversePath: '', recipientParameters: { notify: ['FAILURE'] } } as const
    requireAccepted(await mailer.send({ ...MAIL, envelope }))
    expect(server.taken).toMatchObject([{ from: '', to: ['b@example.net'] }])
    expect(parameters).toEqual([{ notify: ['FAILURE'] }])
    await mailer.close()
  })

  test.each([
    ['for all recipients', { recipientParameters: { notify: ['SUCCESS'] } }],
    ['for one', { forwardPaths: [{ forwardPath: 'b@example.net', parameters: { orcpt: ORCPT } }, 'c@example.net'] }],
    ['for the message', { parameters: { ret: 'HDRS', envid: 'x' } }],
  ] as const)(
    'what a server without DSN is asked of it %s is left off, and that is told [rfc3461 5.2.2]',
    async (_, envelope) => {
      const server = memoryServer()
      const { mailer } = mailerTo(server)
      expect(await mailer.send({ ...MAIL, envelope })).toMatchObject({
        type: 'accepted',
        attempts: 1,
        withoutDsn: true,
      })
      expect(await mailer.send(MAIL)).not.toHaveProperty('withoutDsn')
      await mailer.close()
    },
  )

  test('where it is offered, or nothing was accepted, nothing is told of DSN [rfc3461 5.2.2]', async () => {
    const envelope = { recipientParameters: { notify: ['SUCCESS'] } } as const
    for (const options of [
      { extensions: [{ keyword: 'DSN' }] },
      { onRecipient: () => ({ code: 550, lines: ['no'] }) },
    ]) {
      const { mailer } = mailerTo(memoryServer(options))
      expect(await mailer.send({ ...MAIL, envelope })).not.toHaveProperty('withoutDsn')
      await mailer.close()
    }
  })

  test('a message in wire form goes as it is', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server)
    const raw = new TextEncoder().encode('Subject: raw\r\n\r\n.dot\r\n')
    const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }
    expect((await mailer.send({ raw, envelope })).type).toBe('accepted')
    expect(server.taken[0]!.text).toBe('Subject: raw\r\n\r\n.dot\r\n')
    await mailer.close()
  })

  test('some recipients refused: a variant of its own, which is not accepted', async () => {
    const server = memoryServer({
      onRecipient: (path) =>
        path !== 'postmaster' && path.localPart === 'c' ? { code: 550, lines: ['5.1.1 no such user'] } : undefined,
    })
    const { mailer } = mailerTo(server)
    const outcome = await mailer.send({ ...MAIL, cc: 'c@example.net' })
    expect(outcome.type).toBe('partial')
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected'])
    expect(await rejectionOf(() => requireAccepted(outcome))).toBe('MAILER_NOT_ACCEPTED')
    await mailer.close()
  })

  test.each([
    ['no recipients', { from: 'a@example.org' }, 'MAILER_NO_RECIPIENTS'],
    ['an address that is none', { ...MAIL, to: 'b@' }, 'MIME_BAD_ADDRESS'],
    ['a reverse-path that is none', { ...MAIL, envelope: { reversePath: 'a@b\r\nRCPT' } }, 'COMMAND_BAD_PATH'],
  ])('%s is told of before anything is connected', async (_, mail, code) => {
    const server = memoryServer()
    const { mailer } = mailerTo(server)
    expect(await rejectionOf(() => mailer.send(mail))).toBe(code)
    expect(server.sessions).toBe(0)
    await mailer.close()
  })

  test('what the server cannot take is rejected, once, and the session goes on [rfc1870 6.1]', async () => {
    const server = memoryServer({ maxSize: 1000 })
    const { mailer } = mailerTo(server)
    const outcome = await mailer.send({ ...MAIL, text: 'x '.repeat(2000) })
    expect(outcome).toMatchObject({ type: 'refused', error: { code: 'SMTP_MESSAGE_TOO_LARGE' } })
    expect(outcome.recipients).toMatchObject([{ status: 'rejected', retry: 'never' }])
    expect((await mailer.send(MAIL)).type).toBe('accepted')
    expect(server.sessions).toBe(1)
    await mailer.close()
  })

  test('defaults stand where a message says nothing', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { defaults: { from: 'robot@example.org', subject: 'default' } })
    requireAccepted(await mailer.send({ to: 'b@example.net', text: 'x' } as never))
    expect(server.taken[0]!.from).toBe('robot@example.org')
    await mailer.close()
  })

  test('progress is told', async () => {
    const { mailer } = mailerTo(memoryServer())
    const seen: number[] = []
    await mailer.send(
      { ...MAIL, text: 'x'.repeat(70).concat('\n').repeat(5000) },
      { onProgress: ({ octets }) => seen.push(octets) },
    )
    expect(seen.length).toBeGreaterThan(1)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
    await mailer.close()
  })
})

describe('Mailer: signatures [rfc6376]', () => {
  const options = async () => {
    const { privateKey } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
    return { domain: 'example.org', selector: 's', key: privateKey }
  }
  const head = 'From: a@example.org\r\nSubject: x\r\n\r\n'
  const envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }
  const raw = new TextEncoder().encode(`${head}Hello\r\n`)
  async function* stream() {
    yield raw.subarray(0, 10)
    yield raw.subarray(10)
  }

  test.each([
    ['composed', MAIL],
    ['of octets', { raw, envelope }],
    ['of a stream that can be read once', { raw: stream(), envelope }],
    ['of a function', { raw: () => stream(), envelope }],
    ['of a Blob', { raw: new Blob([raw]), envelope }],
    ['composed of a file that is a stream', { ...MAIL, attachments: [{ content: stream(), filename: 'x' }] }],
  ])('a message %s is signed before all else', async (_, mail) => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { dkim: await options() })
    requireAccepted(await mailer.send(mail))
    expect(server.taken[0]!.text).toMatch(/^DKIM-Signature: /)
    requireAccepted(await mailer.send(MAIL, { dkim: false }))
    expect(server.taken[1]!.text).not.toContain('DKIM-Signature')
    await mailer.close()
  })

  test('a stream that is larger than may be kept is an error', async () => {
    const { mailer } = mailerTo(memoryServer(), { dkim: await options(), maxKeptToSign: 10 })
    expect(await rejectionOf(() => mailer.send({ raw: stream(), envelope }))).toBe('MAILER_TOO_LARGE_TO_SIGN')
    await mailer.close()
  })
})

describe('Mailer.verify, Mailer.close', () => {
  test('verify tells what the server offers, and leaves nothing open', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server)
    const report = await mailer.verify()
    expect(report).toMatchObject({ authenticated: false, connection: { via: 'memory' } })
    expect(report.capabilities.pipelining).toBe(true)
    expect(mailer.load).toEqual({ queued: 0, sessions: 0 })
    await mailer.close()
  })

  test('verify throws what keeps messages from being sent', async () => {
    const { mailer } = mailerTo(memoryServer(), { tls: 'required' })
    expect(await rejectionOf(() => mailer.verify())).toBe('SMTP_TLS_UNAVAILABLE')
    await mailer.close()
  })

  test('close sends what it has, and takes no more', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, { pool: { maxConnections: 2 } })
    const sent = Array.from({ length: 20 }, () => mailer.send(MAIL))
    await Promise.resolve()
    const outcomes = Promise.all(sent)
    await new Promise((resolve) => setTimeout(resolve, 0))
    const closing = mailer.close()
    expect(await rejectionOf(() => mailer.send(MAIL))).toBe('MAILER_CLOSED')
    await closing
    expect((await outcomes).map(({ type }) => type)).toEqual(Array(20).fill('accepted'))
    expect(server.taken).toHaveLength(20)
    expect(mailer.load).toEqual({ queued: 0, sessions: 0 })
    expect(await mailer.close()).toBeUndefined()
  })

  test('close with a timeout ends what hangs, and tells of it', async () => {
    const server = memoryServer({ onMessage: () => new Promise(() => undefined) })
    const { mailer } = mailerTo(server, { pool: { maxConnections: 1 } })
    const [first, second] = [mailer.send(MAIL), mailer.send(MAIL)]
    await new Promise((resolve) => setTimeout(resolve, 0))
    await mailer.close({ timeout: 20 })
    expect(await first).toMatchObject({ type: 'unknown' })
    expect(await second).toMatchObject({ type: 'refused', attempts: 0, error: { code: 'MAILER_CLOSED' } })
  })

  test('a listener that throws loses nothing', async () => {
    const server = memoryServer()
    const { mailer } = mailerTo(server, {
      onEvent: () => {
        throw new MailError('X', 'x')
      },
      recorder: () => () => {
        throw new MailError('X', 'x')
      },
    })
    expect((await mailer.send(MAIL)).type).toBe('accepted')
    await mailer.close()
  })
})
