import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { plainServer } from '@posthorn/sasl'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type Connection, memoryPair, type ServeOptions, serve } from '../src/index.ts'
import { until, VirtualClock } from './clock.ts'
import { codes, readAll } from './drive.ts'

const ENVELOPE = 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'

/** Serves one client that says `text` and closes; gives all that the server said. */
async function converse(text: string, options: Partial<ServeOptions> = {}): Promise<string> {
  const [near, far] = memoryPair()
  const heard = hear(near)
  const done = serve(far, { hostname: 'mx.example', onMessage: () => undefined, ...options })
  await near.write(encodeUtf8(text))
  await near.close()
  await done
  return heard
}

/** All that comes until the other end closes or aborts. */
async function hear(connection: Connection): Promise<string> {
  let text = ''
  try {
    for (let bytes = await connection.read(); bytes; bytes = await connection.read()) text += decodeLatin1(bytes)
  } catch {
    // An abort ends it too.
  }
  return text
}

describe('serve: handlers', () => {
  const NO = { code: 550, lines: ['No'] }

  test.each<[string, Partial<ServeOptions>, number[]]>([
    ['all granted', {}, [220, 250, 250, 250, 354, 250, 221]],
    ['onConnect refuses', { onConnect: () => ({ code: 554, lines: ['No'] }) }, [554, 503, 503, 503, 503]],
    ['onMail refuses', { onMail: () => NO }, [220, 250, 550, 503, 503]],
    ['onRecipient refuses', { onRecipient: () => NO }, [220, 250, 250, 550, 554]],
    ['onMessage refuses', { onMessage: () => NO }, [220, 250, 250, 250, 354, 550, 221]],
  ])('%s', async (_, options, expected) => {
    const text = await converse(`${ENVELOPE}Hi\r\n.\r\nQUIT\r\n`, options)
    expect(codes(text).slice(0, expected.length)).toEqual(expected)
  })

  test.each(['onConnect', 'onMail', 'onRecipient', 'onMessage'] as const)(
    '%s throws: 451, its error is heard and not sent',
    async (handler) => {
      const heard: unknown[] = []
      const text = await converse(`${ENVELOPE}Hi\r\n.\r\nQUIT\r\n`, {
        [handler]: () => {
          throw new Error('database password is hunter2')
        },
        onError: (error) => heard.push(error),
      })
      expect(codes(text)).toContain(451)
      expect(text).not.toContain('hunter2')
      expect(heard).toContainEqual(new Error('database password is hunter2'))
    },
  )

  test.each([
    ['a control', { code: 250, lines: ['yes\r\n250 forged'] }],
    ['the code of no decision', { code: 354, lines: ['go on'] }],
    ['a code that is none', { code: 99, lines: ['what'] }],
  ])('a handler that says what cannot be said, %s: 451, and nothing is taken', async (_, bad) => {
    const heard: unknown[] = []
    const taken: unknown[] = []
    const text = await converse(`${ENVELOPE.replace('DATA', 'RCPT TO:<e@d.example>\r\nDATA')}Hi\r\n.\r\nQUIT\r\n`, {
      onRecipient: (path) => (path !== 'postmaster' && path.localPart === 'c' ? bad : undefined),
      onMessage: ({ forwardPaths }) => {
        taken.push(...forwardPaths)
      },
      onError: (error) => heard.push(error),
    })
    expect(codes(text)).toEqual([220, 250, 250, 451, 250, 354, 250, 221])
    expect(text).not.toContain('forged')
    expect(taken).toEqual([{ localPart: 'e', domain: 'd.example' }])
    expect(heard).toHaveLength(1)
  })

  test('a long text of a handler is folded [rfc5321 4.5.3.1.5]', async () => {
    const text = await converse('EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nQUIT\r\n', {
      onMail: () => ({
        code: 550,
        enhanced: { class: 5, subject: 7, detail: 1 },
        lines: ['no word of yours '.repeat(60)],
      }),
    })
    const lines = text.split('\r\n').filter((line) => line.startsWith('550'))
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.every((line) => line.length <= 510 && /^550[- ]5\.7\.1 /.test(line))).toBe(true)
    expect(codes(text)).toEqual([220, 250, 550, 221])
  })

  test('a message comes with its envelope and its peer', async () => {
    let seen: unknown
    await converse(`${ENVELOPE}Hi\r\n..\r\n.\r\nQUIT\r\n`, {
      onMessage: async ({ content, ...about }) => {
        seen = { ...about, text: await readAll(content) }
      },
    })
    expect(seen).toEqual({
      peer: { connection: { via: 'memory' }, domain: 'c.example' },
      reversePath: { localPart: 'a', domain: 'b.example' },
      parameters: {},
      forwardPaths: [{ localPart: 'c', domain: 'd.example' }],
      recipientParameters: [{}],
      perRecipient: false,
      text: 'Hi\r\n.\r\n',
    })
  })

  test('a message that no handler reads is read to its end all the same', async () => {
    const text = await converse(`${ENVELOPE}${'Hi\r\n'.repeat(50_000)}.\r\nNOOP\r\nQUIT\r\n`)
    expect(codes(text).slice(-4)).toEqual([354, 250, 250, 221])
  })

  test.each([
    ['a bare LF', 'Hi\nthere\r\n.\r\n', {}, 'SMTP_BARE_NEWLINE', 554],
    ['too many octets', `${'Hi\r\n'.repeat(100)}.\r\n`, { maxSize: 50 }, 'SMTP_MESSAGE_TOO_LARGE', 552],
  ])('a message with %s rejects in the handler and is refused', async (_, body, options, code, reply) => {
    let seen: string | undefined
    const text = await converse(`${ENVELOPE}${body}NOOP\r\n`, {
      ...options,
      onMessage: async ({ content }) => {
        seen = await rejectionOf(() => readAll(content))
      },
    })
    expect(seen).toBe(code)
    expect(codes(text).slice(-2)).toEqual([reply, 250])
  })

  test('a connection that ends within a message rejects in the handler, and the message is not accepted', async () => {
    let seen: string | undefined
    const text = await converse(`${ENVELOPE}half a mess`, {
      onMessage: async ({ content }) => {
        seen = await rejectionOf(() => readAll(content))
      },
    })
    expect(seen).toBe('SMTP_CLOSED')
    expect(codes(text).at(-1)).toBe(354)
  })

  test('an identity reaches the handlers, and is forgotten by a TLS handshake', async () => {
    const users: unknown[] = []
    await converse('EHLO a.example\r\nAUTH PLAIN AHUAcA==\r\nMAIL FROM:<>\r\nQUIT\r\n', {
      mechanisms: [plainServer(() => true)],
      unsafePlaintextAuth: true,
      onMail: (_path, _parameters, peer) => {
        users.push(peer.identity)
      },
    })
    expect(users).toEqual([{ authenticationId: 'u' }])
  })

  test('an exchange without end is cut', async () => {
    const endless = {
      name: 'LOOP',
      plaintext: false,
      create: () => ({ next: async () => ({ type: 'challenge' as const, data: new Uint8Array(0) }) }),
    }
    const text = await converse(`EHLO a.example\r\nAUTH LOOP\r\n${'AA==\r\n'.repeat(12)}`, {
      mechanisms: [endless],
      unsafePlaintextAuth: true,
    })
    expect(codes(text)).toContain(535)
  })
})

describe('serve: time and abort', () => {
  test('a client that says nothing hears 421 and is cut off [rfc5321 4.5.3.2.7]', async () => {
    const platform = new VirtualClock()
    const errors: unknown[] = []
    const [near, far] = memoryPair()
    const heard = hear(near)
    const done = serve(far, {
      hostname: 'mx.example',
      platform,
      onMessage: () => undefined,
      onError: (error) => errors.push(error),
    })
    await until(() => platform.next === 300_000)
    platform.advance(300_000)
    await done
    expect(errors).toMatchObject([{ code: 'SMTP_TIMEOUT' }])
    expect(await heard).toMatch(/^220 .*\r\n421 4\.4\.2 .*\r\n$/)
  })

  test('the signal ends the session', async () => {
    const abort = new AbortController()
    const errors: unknown[] = []
    const [, far] = memoryPair()
    const done = serve(far, {
      hostname: 'mx.example',
      signal: abort.signal,
      onMessage: () => undefined,
      onError: (error) => errors.push(error),
    })
    abort.abort()
    await done
    expect(errors).toMatchObject([{ code: 'SMTP_ABORTED' }])
  })

  test('a garbled connection is heard of, never thrown', async () => {
    const errors: unknown[] = []
    const [near, far] = memoryPair()
    near.abort(new Error('gone'))
    await serve(far, { hostname: 'mx.example', onMessage: () => undefined, onError: (error) => errors.push(error) })
    expect(errors).toHaveLength(1)
  })
})
