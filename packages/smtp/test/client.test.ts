import { encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import {
  type Connection,
  type Envelope,
  memoryPair,
  type SendOutcome,
  SmtpClient,
  type SmtpClientOptions,
} from '../src/index.ts'
import { until, VirtualClock } from './clock.ts'
import { message, play, type Step } from './drive.ts'

const GREETING = '220 mx.example\r\n'
const EHLO = '250-mx.example\r\n250-PIPELINING\r\n250-SIZE 100\r\n250-8BITMIME\r\n250 DSN\r\n'
const OPENING: readonly Step[] = [GREETING, /EHLO .*\r\n/, EHLO]
const ENVELOPE: Envelope = { reversePath: 'a@b.example', forwardPaths: ['c@d.example', 'e@d.example'] }
const CREDENTIALS = { username: 'user', password: 'tr0ub4dor' }

/** A client whose server plays a script; `sent` gives what the client has said. */
function scripted(script: readonly Step[], options: SmtpClientOptions = { tls: 'none' }, chunkSize?: number) {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  const sent = play(far, script)
  sent.catch(() => undefined)
  return { client: new SmtpClient(near, options), sent, near, far }
}

async function send(script: readonly Step[], options?: SmtpClientOptions): Promise<SendOutcome> {
  const { client } = scripted([...OPENING, ...script], options)
  await client.open()
  return client.send(ENVELOPE, message())
}

const brief = ({ type, recipients, error }: SendOutcome): unknown[] => [
  type,
  ...recipients.map(({ status, retry }) => `${status} ${retry}`),
  ...(error ? [error.code] : []),
]

describe('SmtpClient.open', () => {
  test.each<[string, readonly Step[], SmtpClientOptions, string]>([
    ['a greeting of 554', ['554 no\r\n'], {}, 'SMTP_REFUSED'],
    ['a greeting of 421', ['421 busy\r\n'], {}, 'SMTP_REFUSED'],
    ['EHLO and HELO refused', [GREETING, /EHLO/, '502 no\r\n', /HELO/, '502 no\r\n'], {}, 'SMTP_REFUSED'],
    ['421 to EHLO', [GREETING, /EHLO/, '421 no\r\n'], {}, 'SMTP_REFUSED'],
    ['no STARTTLS where TLS is required', [...OPENING], {}, 'SMTP_TLS_UNAVAILABLE'],
    [
      'STARTTLS refused where TLS is required',
      [GREETING, /EHLO/, '250-a\r\n250 STARTTLS\r\n', /STARTTLS/, '454 no\r\n'],
      {},
      'SMTP_TLS_UNAVAILABLE',
    ],
    [
      'plaintext behind the reply to STARTTLS',
      [GREETING, /EHLO/, '250-a\r\n250 STARTTLS\r\n', /STARTTLS/, '220 go\r\n250 forged\r\n'],
      {},
      'SMTP_TLS_INJECTION',
    ],
    ['credentials without TLS', [...OPENING], { tls: 'none', credentials: CREDENTIALS }, 'SMTP_UNSAFE_AUTH'],
    [
      'credentials after TLS was stripped',
      [...OPENING],
      { tls: 'opportunistic', credentials: CREDENTIALS },
      'SMTP_UNSAFE_AUTH',
    ],
    [
      'no mechanism that fits',
      [...OPENING],
      { tls: 'none', credentials: CREDENTIALS, unsafeUnverifiedAuth: true },
      'SMTP_AUTH_UNAVAILABLE',
    ],
    ['a reply of two codes', ['220-a\r\n554 b\r\n'], {}, 'REPLY_CODE_MISMATCH'],
    ['the end of the connection', [(far) => far.close()], {}, 'SMTP_CLOSED'],
  ])('%s', async (_, script, options, code) => {
    const { client } = scripted(script, options)
    expect(await rejectionOf(() => client.open())).toBe(code)
    await client.quit()
  })

  test('HELO serves where EHLO is not known [rfc5321 3.2]', async () => {
    const { client } = scripted([GREETING, /EHLO/, '502 no\r\n', /HELO/, '250 mx.example\r\n'])
    await client.open()
    expect(client.capabilities.list).toEqual([])
  })

  test.each([
    ['nobody', {}, 'SMTP_UNSAFE_AUTH'],
    ['bridge', {}, 'SMTP_UNSAFE_AUTH'],
    ['bridge', { unsafeTrustBridge: true }, 'none'],
    ['nobody', { unsafeTrustBridge: true }, 'SMTP_UNSAFE_AUTH'],
    ['nobody', { unsafeUnverifiedAuth: true }, 'none'],
    ['local', {}, 'none'],
  ] as const)('credentials over TLS that %s verified, with %o', async (verifiedBy, options, code) => {
    const [near, far] = memoryPair({ verifiedBy })
    const server = play(far, [
      GREETING,
      /EHLO/,
      '250-a\r\n250 STARTTLS\r\n',
      /STARTTLS\r\n/,
      '220 go\r\n',
      (connection) => connection.startTls({}),
      /EHLO/,
      '250-a\r\n250 AUTH PLAIN\r\n',
      /AUTH PLAIN/,
      '235 ok\r\n',
    ])
    server.catch(() => undefined)
    const client = new SmtpClient(near, { credentials: CREDENTIALS, ...options })
    expect(await rejectionOf(() => client.open())).toBe(code)
    if (code !== 'none') near.abort()
    else expect(await server).toContain('AUTH PLAIN')
  })

  test.each(['user\r\nQUIT', 'us\0er', ''])('credentials with %j: refused before AUTH is written', async (username) => {
    const { client, sent } = scripted([GREETING, /EHLO.*\r\n/, '250-a\r\n250 AUTH PLAIN\r\n', /QUIT/, '221 bye\r\n'], {
      tls: 'none',
      credentials: { username, password: 'p' },
      unsafeUnverifiedAuth: true,
    })
    expect(await rejectionOf(() => client.open())).toBe('SASL_BAD_CREDENTIALS')
    await client.quit()
    expect(await sent).not.toContain('AUTH')
  })

  test('a server that does not prove that it knows the password is not trusted [rfc5802 5]', async () => {
    const { client, near } = scripted(
      [GREETING, /EHLO/, '250-a\r\n250 AUTH SCRAM-SHA-256 PLAIN\r\n', /AUTH SCRAM-SHA-256/, '235 ok\r\n'],
      { tls: 'none', credentials: CREDENTIALS, unsafeUnverifiedAuth: true },
    )
    expect(await rejectionOf(() => client.open())).toBe('SMTP_AUTH_FAILED')
    expect(await rejectionOf(() => near.read())).not.toBe('none')
  })

  test('a weaker mechanism is not tried after a stronger one failed [rfc4954 4]', async () => {
    const { client, sent } = scripted(
      [
        GREETING,
        /EHLO.*\r\n/,
        '250-a\r\n250 AUTH PLAIN SCRAM-SHA-256\r\n',
        /AUTH.*\r\n/,
        '535 no\r\n',
        /QUIT/,
        '221 bye\r\n',
      ],
      { tls: 'none', credentials: CREDENTIALS, unsafeUnverifiedAuth: true },
    )
    expect(await rejectionOf(() => client.open())).toBe('SMTP_AUTH_FAILED')
    await client.quit()
    expect(await sent).not.toContain('PLAIN')
  })
})

describe('SmtpClient.send', () => {
  const GROUP = /DATA\r\n/

  test.each<[string, readonly Step[], unknown[]]>([
    [
      'all accepted',
      [GROUP, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n', /\r\n\.\r\n/, '250 queued\r\n'],
      ['accepted', 'accepted never', 'accepted never'],
    ],
    [
      '251 is success [rfc5321 4.2]',
      [GROUP, '250 ok\r\n251 ok\r\n250 ok\r\n354 go\r\n', /\r\n\.\r\n/, '250 queued\r\n'],
      ['accepted', 'accepted never', 'accepted never'],
    ],
    [
      'one refused, one deferred by 452',
      [GROUP, '250 ok\r\n550 no\r\n452 many\r\n503 none\r\n', /RSET/, '250 ok\r\n'],
      ['refused', 'rejected never', 'deferred later'],
    ],
    [
      'what was too many goes in another transaction [rfc5321 4.5.3.1.10]',
      [
        GROUP,
        '250 ok\r\n250 ok\r\n552 5.5.3 many\r\n354 go\r\n',
        /\r\n\.\r\n/,
        '250 queued\r\n',
        /RCPT TO:<e@d.example>\r\nDATA\r\n/,
        '250 ok\r\n250 ok\r\n354 go\r\n',
        /\r\n\.\r\n/,
        '250 queued\r\n',
      ],
      ['accepted', 'accepted never', 'accepted never'],
    ],
    [
      'what is still too many is left [rfc5321 4.5.3.1.10]',
      [
        GROUP,
        '250 ok\r\n250 ok\r\n452 4.5.3 many\r\n354 go\r\n',
        /\r\n\.\r\n/,
        '250 queued\r\n',
        /RCPT TO:<e@d.example>\r\nDATA\r\n/,
        '250 ok\r\n452 4.5.3 many\r\n554 none\r\n',
        /RSET/,
        '250 ok\r\n',
      ],
      ['partial', 'accepted never', 'deferred now-in-another-transaction'],
    ],
    [
      'the message refused after the dot',
      [GROUP, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n', /\r\n\.\r\n/, '554 spam\r\n'],
      ['refused', 'rejected never', 'rejected never'],
    ],
    [
      'DATA refused, RSET follows [rfc2920 3.1]',
      [GROUP, '250 ok\r\n250 ok\r\n250 ok\r\n451 later\r\n', /RSET/, '250 ok\r\n'],
      ['refused', 'deferred later', 'deferred later'],
    ],
    [
      'the connection lost before the dot',
      [GROUP, '250 ok\r\n250 ok\r\n', (far) => far.abort()],
      ['refused', 'deferred now-on-another-host', 'deferred now-on-another-host', 'SMTP_CLOSED'],
    ],
    [
      'the connection lost after the dot',
      [GROUP, '250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n', /\r\n\.\r\n/, (far) => far.close()],
      ['unknown', 'unknown may-duplicate', 'rejected never', 'SMTP_CLOSED'],
    ],
    [
      'a garbled reply after the dot',
      [GROUP, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n', /\r\n\.\r\n/, '2500 ok\r\n'],
      ['unknown', 'unknown may-duplicate', 'unknown may-duplicate', 'REPLY_BAD_LINE'],
    ],
    [
      '421 in the middle of the group [rfc5321 3.8]',
      [GROUP, '250 ok\r\n421 going\r\n', (far) => far.close()],
      ['refused', 'deferred now-on-another-host', 'deferred now-on-another-host', 'SMTP_CLOSED'],
    ],
  ])('%s', async (_, script, expected) => {
    expect(brief(await send(script))).toEqual(expected)
  })

  test.each<[string, Envelope, Uint8Array | { eightBit: boolean }, string]>([
    ['no recipient', { reversePath: null, forwardPaths: [] }, message(), 'SMTP_NO_RECIPIENTS'],
    ['a malformed recipient', { reversePath: null, forwardPaths: ['a b@c.example'] }, message(), 'COMMAND_BAD_PATH'],
    [
      'SMTPUTF8 that is not offered',
      { reversePath: null, forwardPaths: ['δ@c.example'] },
      message(),
      'SMTP_NEEDS_SMTPUTF8',
    ],
    ['over the size that is offered', ENVELOPE, message('a'.repeat(200)), 'SMTP_MESSAGE_TOO_LARGE'],
    [
      'an RRVS that is malformed',
      { ...ENVELOPE, recipientParameters: { others: [{ keyword: 'A=B' }] } },
      message(),
      'COMMAND_BAD_PARAMETER',
    ],
  ])('%s: throws before anything is written, and the session goes on', async (_, envelope, source, code) => {
    const { client, sent } = scripted([...OPENING, /NOOP/, '250 ok\r\n'])
    await client.open()
    expect(await rejectionOf(() => client.send(envelope, source as Uint8Array))).toBe(code)
    await client.noop()
    expect(await sent).not.toMatch(/MAIL|RCPT/)
  })

  test('what the server lacks throws before anything is written', async () => {
    const { client, sent } = scripted([GREETING, /EHLO/, '250 mx.example\r\n', /NOOP/, '250 ok\r\n'])
    await client.open()
    expect(await rejectionOf(() => client.send(ENVELOPE, message('é')))).toBe('SMTP_NEEDS_8BITMIME')
    const dsn: Envelope = { ...ENVELOPE, recipientParameters: { notify: [] } }
    expect(await rejectionOf(() => client.send(dsn, message()))).toBe('SMTP_NOT_OFFERED')
    await client.noop()
    expect(await sent).not.toContain('MAIL')
  })

  test.each(['\r', '\n', '\0', '\u0085', '\u2028', '\r\nRCPT TO:<x@y.example>'])(
    'control %j in any argument: throws before an octet is written',
    async (control) => {
      const bad = `a${control}b`
      const envelopes: Envelope[] = [
        { ...ENVELOPE, reversePath: `${bad}@b.example` },
        { ...ENVELOPE, reversePath: { localPart: bad, domain: 'b.example' } },
        { ...ENVELOPE, reversePath: { localPart: 'a', domain: `${bad}.example` } },
        { ...ENVELOPE, forwardPaths: ['c@d.example', { localPart: bad, domain: 'b.example' }] },
        { ...ENVELOPE, forwardPaths: ['c@d.example', `"${bad}"@d.example`] },
        { ...ENVELOPE, parameters: { envid: bad } },
        { ...ENVELOPE, parameters: { auth: { localPart: bad, domain: 'b.example' } } },
        { ...ENVELOPE, parameters: { others: [{ keyword: 'X', value: bad }] } },
        { ...ENVELOPE, parameters: { others: [{ keyword: bad }] } },
        { ...ENVELOPE, recipientParameters: { orcpt: { type: 'rfc822', address: bad } } },
        { ...ENVELOPE, recipientParameters: { orcpt: { type: bad, address: 'a' } } },
        { ...ENVELOPE, recipientParameters: { others: [{ keyword: 'X', value: bad }] } },
      ]
      const { client, sent } = scripted([...OPENING, /QUIT/, '221 bye\r\n'])
      await client.open()
      for (const envelope of envelopes) {
        expect(await rejectionOf(() => client.send(envelope, message()))).toMatch(/^COMMAND_BAD_/)
      }
      await client.quit()
      expect((await sent).replace(/EHLO .*\r\n/, '')).toBe('QUIT\r\n')
      const greeting = scripted([GREETING], { tls: 'none', domain: bad })
      expect(await rejectionOf(() => greeting.client.open())).toMatch(/^COMMAND_BAD_/)
      await greeting.client.quit()
    },
  )

  test('a source that fails breaks the connection, so that no half message is taken', async () => {
    const { client, sent } = scripted([...OPENING, GROUP, '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n', /never/])
    await client.open()
    let released = false
    async function* content(): AsyncGenerator<Uint8Array> {
      try {
        yield encodeUtf8('Subject: a\r\n')
        throw new Error('disk gone')
      } finally {
        released = true
      }
    }
    const outcome = await client.send(ENVELOPE, { content: content(), eightBit: false })
    expect(brief(outcome)).toEqual([
      'refused',
      'deferred now-on-another-host',
      'deferred now-on-another-host',
      'SMTP_SOURCE_FAILED',
    ])
    expect(released).toBe(true)
    expect(client.usable).toBe(false)
    await expect(sent).rejects.toThrow()
  })

  test('a source is released when the connection breaks', async () => {
    const { client } = scripted([
      ...OPENING,
      GROUP,
      '250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n',
      async (far) => {
        for (let chunk = 0; chunk < 3; chunk++) await far.read()
        far.abort()
      },
    ])
    await client.open()
    let released = false
    async function* content(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(100_000)
      } finally {
        released = true
      }
    }
    expect((await client.send(ENVELOPE, { content: content() })).error?.code).toBe('SMTP_CLOSED')
    expect(released).toBe(true)
  })

  test('two calls at once are refused', async () => {
    const { client } = scripted(OPENING)
    const opening = client.open()
    expect(await rejectionOf(() => client.noop())).toBe('SMTP_BUSY')
    await opening
  })
})

describe('SmtpClient: time [rfc5321 4.5.3.2]', () => {
  test.each<[string, readonly Step[], number, string[]]>([
    ['the greeting', [], 300_000, []],
    ['the reply to EHLO', [GREETING], 300_000, []],
    ['the reply to MAIL', [...OPENING], 300_000, ['deferred now-on-another-host']],
    [
      'the reply after the dot',
      [...OPENING, /DATA/, '250 a\r\n250 a\r\n354 a\r\n', /\r\n\.\r\n/],
      600_000,
      ['unknown may-duplicate'],
    ],
  ])('%s is awaited for its own time and no longer', async (_, script, milliseconds, outcomes) => {
    const platform = new VirtualClock()
    const { client } = scripted([...script, /never/], { tls: 'none', platform })
    const work = (async () => {
      await client.open()
      return client.send({ ...ENVELOPE, forwardPaths: ['c@d.example'] }, message())
    })()
    const ended = work.then(
      (outcome) => outcome,
      (error: { code: string }) => error.code,
    )
    await until(() => platform.next === milliseconds)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(platform.next).toBe(milliseconds)
    platform.advance(milliseconds - 1)
    expect(client.usable).toBe(true)
    platform.advance(1)
    const result = await ended
    if (typeof result === 'string') expect(result).toBe('SMTP_TIMEOUT')
    else expect(brief(result).slice(1)).toEqual([...outcomes, 'SMTP_TIMEOUT'])
    expect(client.usable).toBe(false)
  })

  test('the signal ends what is under way', async () => {
    const abort = new AbortController()
    const { client, far } = scripted([...OPENING, /never/], { tls: 'none', signal: abort.signal })
    await client.open()
    const sending = client.send(ENVELOPE, message())
    abort.abort(new Error('enough'))
    const outcome = await sending
    expect(outcome.error?.code).toBe('SMTP_ABORTED')
    expect(outcome.error?.cause).toEqual(new Error('enough'))
    expect(await rejectionOf(() => readOn(far))).not.toBe('none')
  })
})

async function readOn(connection: Connection): Promise<void> {
  while (await connection.read());
}
