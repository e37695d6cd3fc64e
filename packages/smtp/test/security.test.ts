/**
 * One test for each class of vulnerability that mail software is known for, in the order of: what ends a message, what
 * crosses a TLS handshake, what an argument can carry, what one end can make the other hold or believe.
 */
import {
  type Command,
  DotStuffer,
  DotUnstuffer,
  decodeXtext,
  formatCommand,
  parseCapabilities,
  parseCommand,
  parseMailbox,
} from '@posthorn/command'
import { decodeLatin1, encodeBase64, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import { ReplyParser } from '@posthorn/reply'
import {
  cramMd5Server,
  loginServer,
  type OfferedMechanism,
  plainServer,
  scramClient,
  scramServer,
} from '@posthorn/sasl'
import { describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import {
  ClientSession,
  memoryPair,
  ServerSession,
  type ServerSessionOptions,
  SmtpClient,
  type SmtpClientOptions,
  serve,
  type TranscriptEntry,
} from '../src/index.ts'
import { codes, feed, message, output, play, readAll, type Step, serveAll } from './drive.ts'

const ENVELOPE = 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n'
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
const WHOLE = Number.POSITIVE_INFINITY

/** Gives a text to a server whose every question is answered with success, in parts of a size; gives its replies. */
function replies(text: string, options: Partial<ServerSessionOptions> = {}, size = WHOLE): number[] {
  const session = new ServerSession({ hostname: 'mx.example', ...options })
  serveAll(session, text, size)
  return codes(output(session))
}

/** A client whose server plays a script. */
function scripted(script: readonly Step[], options: SmtpClientOptions = {}): SmtpClient {
  const [near, far] = memoryPair()
  play(far, script).catch(() => undefined)
  return new SmtpClient(near, options)
}

// What may and may not end a message: the sequences by which servers have been made to disagree.
const ENDS = ['\r\n.\r\n']
const NO_ENDS = [
  ...['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\n', '\r.\r', '\r.\r\n', '\r\n.\r', '\n.\r', '\r\n.\r\r\n', '\r\r\n.\n'],
  ...['\r\n\0.\r\n', '\r\n.\0\r\n', '\r\n. \r\n', '\r\n.x\r\n', '\n\n.\r\n', '\r\n..\r\n'],
]

describe('what ends a message', () => {
  test.each(ENDS)('smuggling, server: %j ends a message, at every split [rfc5321 4.1.1.4]', (end) => {
    for (let size = 1; size <= 12; size++) {
      expect(replies(`${ENVELOPE}DATA\r\nbody${end}NOOP\r\n`, {}, size).slice(-3)).toEqual([354, 250, 250])
    }
  })

  test.each(NO_ENDS)('smuggling, server: %j ends none, at every split [rfc5321 4.1.1.4]', (sequence) => {
    for (let size = 1; size <= 12; size++) {
      const text = `${ENVELOPE}DATA\r\nbody${sequence}MAIL FROM:<evil@e.example>\r\n`
      expect(replies(text, {}, size).at(-1)).toBe(354)
    }
  })

  test('smuggling, server: CR CR LF before the dot is a bare CR, and the message is refused', () => {
    expect(replies(`${ENVELOPE}DATA\r\nbody\r\r\n.\r\nNOOP\r\n`).slice(-2)).toEqual([554, 250])
  })

  test.each([...ENDS, ...NO_ENDS])('smuggling, client: %j within a message ends none on the way out', (sequence) => {
    const stuffer = new DotStuffer()
    const sent =
      decodeLatin1(stuffer.push(encodeLatin1(`body${sequence}MAIL FROM:<x@y>`))) + decodeLatin1(stuffer.end())
    expect(sent.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(sent.indexOf('\r\n.\r\n')).toBe(sent.length - 5)
    expect(new DotUnstuffer().push(encodeLatin1(sent)).rest).toHaveLength(0)
  })

  test('smuggling by a relay: what has a bare newline is refused, or made CRLF where that is asked for', async () => {
    for (const [bareNewline, expected] of [
      ['refuse', 'SMTP_BARE_NEWLINE'],
      ['normalize', 'a\r\n..\r\nb\r\n'],
    ] as const) {
      const [near, far] = memoryPair()
      let taken = ''
      const done = serve(far, {
        hostname: 'mx.example',
        bareNewline,
        onMessage: async ({ content }) => {
          taken = await readAll(content).catch((error: { code: string }) => error.code)
        },
      })
      await near.write(encodeUtf8(`${ENVELOPE}DATA\r\na\n..\nb\r\n.\r\nQUIT\r\n`))
      while (await near.read().catch(() => undefined));
      await done
      expect(taken).toBe(bareNewline === 'refuse' ? expected : 'a\r\n..\r\nb\r\n')
    }
  })

  test('a message whose lines look like commands reaches the server as a message', async () => {
    const [near, far] = memoryPair()
    let taken = ''
    const done = serve(far, {
      hostname: 'mx.example',
      onMessage: async ({ content }) => {
        taken = await readAll(content)
      },
    })
    const client = new SmtpClient(near, { tls: 'none' })
    await client.open()
    const body = 'l1\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<z@y.example>\r\n'
    for (const chunking of ['never', 'auto'] as const) {
      await client.send({ reversePath: null, forwardPaths: ['a@b.example'] }, encodeUtf8(body), { chunking })
      expect(taken).toBe(body)
    }
    await client.quit()
    await done
  })

  test('commands behind the end of a message are taken in turn, and a flood of them ends the session', () => {
    const flood = 'NOOP\r\n'.repeat(200)
    expect(replies(`${ENVELOPE}DATA\r\n.\r\n${flood}`).at(-1)).toBe(421)
    expect(replies(`${ENVELOPE}DATA\r\n.\r\nMAIL FROM:<>\r\nDATA\r\n`).slice(-2)).toEqual([250, 503])
  })

  test.each([
    [
      'SIZE that says too little',
      `EHLO a\r\nMAIL FROM:<> SIZE=1\r\nRCPT TO:<a@b.c>\r\nDATA\r\n${'x'.repeat(200)}\r\n.\r\n`,
      552,
    ],
    ['a chunk over the limit', `${ENVELOPE}BDAT 200 LAST\r\n${'x'.repeat(200)}`, 552],
    ['a chunk that no number holds', `${ENVELOPE}BDAT 9007199254740993 LAST\r\n`, 501],
    ['a chunk of less than nothing', `${ENVELOPE}BDAT -1 LAST\r\n`, 501],
    ['LAST twice', `${ENVELOPE}BDAT 0 LAST\r\nBDAT 0 LAST\r\n`, 503],
  ])('sizes that lie: %s', (_, text, code) => {
    expect(replies(text, { maxSize: 100 }).at(-1)).toBe(code)
  })
})

describe('what crosses a TLS handshake', () => {
  const OFFER = ['220 mx\r\n', /EHLO/, '250-mx\r\n250 STARTTLS\r\n', /STARTTLS/] as const

  test.each([
    ['a whole EHLO reply', '220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n'],
    ['a fragment without an end', '220 go\r\n250'],
    ['a reply of two lines', '220-go\r\n220 go\r\nx'],
  ])('STARTTLS injection, client: %s behind the reply is an error, not dropped [rfc3207 4.2]', async (_, injected) => {
    expect(await rejectionOf(() => scripted([...OFFER, injected]).open())).toBe('SMTP_TLS_INJECTION')
  })

  test('STARTTLS injection, client: a fragment before the reply', async () => {
    const session = new ClientSession()
    feed(session, '220 mx\r\n', WHOLE)
    session.send({ verb: 'EHLO', domain: 'c.example' })
    feed(session, '250-mx\r\n250 STARTTLS\r\n25', WHOLE)
    expect(failureOf(() => session.send({ verb: 'STARTTLS' }))).toBe('SMTP_OUT_OF_TURN')
  })

  test('STARTTLS injection, server: commands behind the command, at every split [rfc3207 4.2]', () => {
    for (const behind of ['RSET\r\n', 'EHLO a\r\nMAIL FROM:<>\r\n', 'x', 'NOOP\r\n'.repeat(150)]) {
      for (const size of [1, 2, 7, WHOLE]) {
        const session = new ServerSession({ hostname: 'mx.example', tls: true })
        const told = serveAll(session, `EHLO a\r\nSTARTTLS\r\n${behind}`, size)
        expect(told.at(-1)).toBe('error SMTP_TLS_INJECTION')
      }
    }
  })

  test('state carried over the handshake: EHLO, AUTH and MAIL are forgotten, and it comes once [rfc3207 4.2]', () => {
    const options = { tls: true, unsafePlaintextAuth: true, mechanisms: [{ name: 'PLAIN' }] }
    const session = new ServerSession({ hostname: 'mx.example', ...options })
    serveAll(session, 'EHLO a\r\nAUTH PLAIN =\r\nSTARTTLS\r\n', WHOLE)
    session.tlsEstablished()
    output(session)
    serveAll(session, 'MAIL FROM:<>\r\nSTARTTLS\r\nEHLO a\r\nSTARTTLS\r\n', WHOLE)
    expect(session.authenticated).toBe(false)
    expect(output(session)).not.toContain('250-STARTTLS')
    const client = new ClientSession({ secured: true })
    feed(client, '220 mx\r\n', WHOLE)
    client.send({ verb: 'EHLO', domain: 'c.example' })
    feed(client, '250-mx\r\n250 STARTTLS\r\n', WHOLE)
    expect(failureOf(() => client.send({ verb: 'STARTTLS' }))).toBe('SMTP_OUT_OF_TURN')
  })

  test.each([
    ['stripped from the offer', ['220 mx\r\n', /EHLO/, '250 mx\r\n']],
    ['refused for now', [...OFFER, '454 not now\r\n']],
    ['refused for good', [...OFFER, '502 no\r\n']],
  ])(
    'STARTTLS %s: the session ends where TLS is required, and credentials stay home where it is not',
    async (_, script) => {
      expect(await rejectionOf(() => scripted(script).open())).toBe('SMTP_TLS_UNAVAILABLE')
      const credentials = { username: 'u', password: 'p' }
      expect(await rejectionOf(() => scripted(script, { tls: 'opportunistic', credentials }).open())).toBe(
        'SMTP_UNSAFE_AUTH',
      )
    },
  )

  test.each(['nobody', 'bridge'] as const)('credentials to the wrong end: TLS that %s verified', async (verifiedBy) => {
    const [near, far] = memoryPair({ verifiedBy })
    const done = serve(far, {
      hostname: 'mx.example',
      tls: true,
      mechanisms: [plainServer(() => true)],
      onMessage: () => undefined,
    })
    const client = new SmtpClient(near, { credentials: { username: 'u', password: 'p' } })
    expect(await rejectionOf(() => client.open())).toBe('SMTP_UNSAFE_AUTH')
    await client.quit()
    await done
  })
})

describe('authentication', () => {
  test('downgrade: after a strong mechanism failed no weaker one is tried [rfc4954 4]', async () => {
    const [near, far] = memoryPair()
    const entries: TranscriptEntry[] = []
    const mechanisms = [scramServer({ lookup: () => undefined, random }), plainServer(() => true)]
    const done = serve(far, { hostname: 'mx.example', tls: true, mechanisms, onMessage: () => undefined })
    const client = new SmtpClient(near, {
      credentials: { username: 'u', password: 'p' },
      record: (entry) => entries.push(entry),
    })
    expect(await rejectionOf(() => client.open())).toBe('SMTP_AUTH_FAILED')
    await client.quit()
    await done
    expect(entries.filter((entry) => entry.type === 'command' && entry.text.startsWith('AUTH'))).toHaveLength(1)
  })

  test('downgrade: few iterations, a nonce that is no answer, no proof of the server [rfc5802 5.1]', async () => {
    const begin = () => scramClient({ username: 'u', password: 'p' }, { random })
    const nonce = encodeBase64(random(18))
    const salt = encodeBase64(random(16))
    expect(await rejectionOf(() => begin().next(encodeUtf8(`r=${nonce}x,s=${salt},i=4095`)))).toBe(
      'SASL_WEAK_PARAMETERS',
    )
    expect(await rejectionOf(() => begin().next(encodeUtf8(`r=other,s=${salt},i=4096`)))).toBe('SASL_BAD_CHALLENGE')
    const client = begin()
    await client.next(encodeUtf8(`r=${nonce}x,s=${salt},i=4096`))
    expect(await rejectionOf(() => client.next(encodeUtf8('v=AAAA')))).toBe('SASL_SERVER_NOT_PROVED')
    expect(client.complete).toBe(false)
  })

  test('an endless exchange is ended by both ends, and a line over 12,288 octets refused [rfc4954 4]', async () => {
    const endless = Array.from({ length: 20 }, () => [/\r\n/, '334 \r\n'] as const).flat()
    const script: Step[] = ['220 mx\r\n', /EHLO .*\r\n/, '250-mx\r\n250 AUTH LOGIN\r\n', ...endless]
    const options = { tls: 'none', unsafeUnverifiedAuth: true, credentials: { username: 'u', password: 'p' } } as const
    expect(await rejectionOf(() => scripted(script, options).open())).toMatch(/^SMTP_AUTH_FAILED$|^SASL_BAD_CHALLENGE$/)
    const server = { mechanisms: [{ name: 'PLAIN' }], unsafePlaintextAuth: true }
    expect(replies(`EHLO a\r\nAUTH PLAIN ${'A'.repeat(12_400)}\r\nNOOP\r\n`, server).slice(-2)).toEqual([500, 250])
  })

  test.each<[string, OfferedMechanism, readonly (string | undefined)[]]>([
    ['PLAIN', plainServer(({ username, password }) => username === 'u' && password === 'p'), ['\0USER\0wrong']],
    ['LOGIN', loginServer(({ username, password }) => username === 'u' && password === 'p'), ['USER', 'wrong']],
    [
      'CRAM-MD5',
      cramMd5Server({ lookup: (name) => (name === 'u' ? 'p' : undefined), random, hostname: 'mx' }),
      [undefined, `USER ${'0'.repeat(32)}`],
    ],
    ['SCRAM', scramServer({ lookup: () => undefined, random }), ['n,,n=USER,r=abc', 'c=biws,r=abc,p=AAAA']],
  ])('enumeration: %s answers a user that is none as one with a wrong password', async (_, offered, said) => {
    const talk = async (user: string): Promise<string[]> => {
      const exchange = offered.create()
      const types: string[] = []
      for (const text of said)
        types.push((await exchange.next(text === undefined ? undefined : encodeUtf8(text.replace('USER', user)))).type)
      return types
    }
    expect(await talk('u')).toEqual(await talk('nobody'))
  })

  test('leaks: no form of a secret is in a transcript, an error or its cause', async () => {
    const password = 'hunter2-hunter2'
    for (const mechanism of [plainServer(() => false), loginServer(() => false)]) {
      const [near, far] = memoryPair()
      const entries: TranscriptEntry[] = []
      const done = serve(far, {
        hostname: 'mx.example',
        tls: true,
        mechanisms: [mechanism],
        onMessage: () => undefined,
      })
      const client = new SmtpClient(near, {
        credentials: { username: 'u', password },
        record: (entry) => entries.push(entry),
      })
      const error = await client.open().catch((cause: unknown) => cause)
      await client.quit()
      await done
      const all = JSON.stringify([entries, error, String(error), (error as Error).stack, (error as Error).cause])
      const wide = encodeBase64(Uint8Array.from([...password].flatMap((letter) => [letter.charCodeAt(0), 0])))
      for (const form of [
        password,
        encodeBase64(encodeUtf8(password)),
        encodeBase64(encodeUtf8(`\0u\0${password}`)),
        wide,
      ]) {
        expect(all).not.toContain(form)
      }
    }
    expect(String(failureOf(() => parseCommand(encodeUtf8('c2VjcmV0'))))).not.toContain('c2VjcmV0')
  })
})

describe('what an argument can carry', () => {
  const CONTROLS = ['\r', '\n', '\r\nRSET', '\0', '\u007f', '\u0085', '\u2028']

  test.each(CONTROLS)(
    'injection: %j in any argument of any command is refused before anything is written',
    (control) => {
      const bad = `a${control}b`
      const commands: Command[] = [
        { verb: 'EHLO', domain: bad },
        { verb: 'MAIL', reversePath: { localPart: bad, domain: 'b.example' } },
        { verb: 'MAIL', reversePath: null, parameters: { envid: bad } },
        { verb: 'MAIL', reversePath: null, parameters: { size: bad as never } },
        { verb: 'RCPT', forwardPath: { localPart: 'a', domain: bad } },
        { verb: 'XCLIENT', attributes: [{ name: 'LOGIN', value: bad }] },
        { verb: 'AUTH', mechanism: bad },
        { verb: 'BURL', url: `imap:${bad}`, last: true },
        { verb: 'OTHER', name: 'XFOO', argument: bad },
      ]
      for (const command of commands) expect(failureOf(() => formatCommand(command))).toMatch(/^COMMAND_/)
    },
  )

  test('injection by encoding: xtext and the addresses of ORCPT that stand for CR LF are refused on the way in', () => {
    expect(failureOf(() => decodeXtext('ab+0D+0Acd'))).toBe('COMMAND_BAD_ARGUMENT')
    for (const line of ['MAIL FROM:<> ENVID=ab+0D+0Acd', 'RCPT TO:<a@b.c> ORCPT=utf-8;a\\x{0D}\\x{0A}b']) {
      expect(failureOf(() => parseCommand(encodeUtf8(line)))).toBe('COMMAND_BAD_ARGUMENT')
    }
  })

  test.each([
    '"a@evil.example x"@good.example',
    'a@b@c.example',
    '<a@b>c',
    'a@\uff42.example',
    'a (x)@b.example',
    'g:a@b.example;',
  ])('misrouting: %j goes where its last domain says, or nowhere', (text) => {
    const code = failureOf(() => parseMailbox(text))
    if (code === 'none') expect(parseMailbox(text).domain).toBe('good.example')
    else expect(code).toBe('COMMAND_BAD_PATH')
  })

  test('prototypes: keywords that name members of objects change nothing', () => {
    const offered = parseCapabilities([
      'mx',
      '__proto__ x',
      'constructor y',
      'LIMITS __proto__=1 constructor=2',
      'toString',
    ])
    expect(offered.limits).toEqual({})
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    const command = parseCommand(encodeUtf8('MAIL FROM:<> constructor=1 toString'))
    expect(command).toMatchObject({
      parameters: { others: [{ keyword: 'constructor', value: '1' }, { keyword: 'toString' }] },
    })
  })

  test('log injection: what a server says cannot end a line of a log or steer a terminal', async () => {
    const script: Step[] = ['554 no\u001b[2J \u0085\u2028 x\r\n']
    const error = await scripted(script)
      .open()
      .catch((cause: unknown) => cause)
    expect(String(error)).not.toMatch(/[\u0000-\u001f\u0080-\u009f\u2028\u2029]/)
  })
})

describe('what one end can make the other hold or believe', () => {
  test('a reply without end: by line, by lines, by octets [rfc5321 4.5.3.1.5]', () => {
    const inputs = ['2'.repeat(5000), '250-x\r\n'.repeat(200), `250-${'x'.repeat(3000)}\r\n`.repeat(30)]
    for (const input of inputs) {
      const session = new ClientSession()
      expect(feed(session, input, 1000).at(-1)).toMatch(/^error REPLY_(?:LINE_TOO_LONG|TOO_MANY_LINES|TOO_LONG)$/)
    }
  })

  test('work that grows with the square: a megabyte an octet at a time is read in one pass', () => {
    const parser = new ReplyParser({ maxLineLength: 2_000_000, maxReplyLength: 2_000_000 })
    const octet = Uint8Array.of(65)
    parser.push(encodeUtf8('250 '))
    for (let count = 0; count < 1_000_000; count++) {
      parser.push(octet)
      if (count % 1000 === 0) parser.next()
    }
    parser.push(encodeUtf8('\r\n'))
    expect(parser.next()).toMatchObject({ type: 'reply' })
  })

  test.each([
    ['a reply behind the greeting', '220 mx\r\n250 ok\r\n'],
    ['a second greeting', '220 mx\r\n220 mx\r\n'],
  ])('desynchronisation: %s ends the session before a command can take it for its own', async (_, greeting) => {
    const client = scripted([greeting])
    expect(await rejectionOf(() => client.open())).toBe('SMTP_UNSOLICITED_REPLY')
    expect(client.usable).toBe(false)
  })

  test.each(['250-a\r\n550 b\r\n', '000 a\r\n', '600 a\r\n', '2500 a\r\n', '25 a\r\n', '250 \0\r\n'])(
    'replies that are none: %j ends the session',
    (reply) => {
      expect(feed(new ClientSession(), reply, 1).at(-1)).toMatch(/^error REPLY_/)
    },
  )

  test('LMTP: a reply too few is unknown, never success [rfc2033 4.2]', async () => {
    const script: Step[] = [
      ...['220 l\r\n', /LHLO .*\r\n/, '250-l\r\n250 PIPELINING\r\n', /DATA\r\n/],
      ...['250 a\r\n250 a\r\n250 a\r\n354 go\r\n', /\r\n\.\r\n/, '250 one\r\n'],
    ]
    const client = scripted(script, { tls: 'none', protocol: 'lmtp' })
    await client.open()
    const outcome = await client.send({ reversePath: null, forwardPaths: ['a@b.example', 'c@b.example'] }, message())
    expect(outcome.recipients.map(({ status }) => status)).toEqual(['accepted', 'unknown'])
  })

  test('impersonation: XCLIENT, XFORWARD and PROXY from one who is not trusted are refused', () => {
    const text = 'EHLO a\r\nXCLIENT LOGIN=root\r\nXFORWARD ADDR=192.0.2.1\r\nPROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n'
    expect(replies(text).slice(2)).toEqual([502, 502, 500])
  })

  test('a client that makes mistakes without end is sent away', () => {
    expect(replies('FOO\r\n'.repeat(100)).at(-1)).toBe(421)
    expect(replies('FOO\r\n'.repeat(100))).toHaveLength(21)
  })
})
