import { decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { type Connection, memoryPair, type Peer, type ServeOptions, serve } from '../src/index.ts'
import { until, VirtualClock } from './clock.ts'
import { codes } from './drive.ts'

async function hear(connection: Connection): Promise<string> {
  let text = ''
  try {
    for (let bytes = await connection.read(); bytes; bytes = await connection.read()) text += decodeLatin1(bytes)
  } catch {
    // An abort ends it too.
  }
  return text
}

interface Conversation {
  readonly text: string
  readonly peers: Peer[]
  readonly errors: unknown[]
}

async function converse(text: string, options: Partial<ServeOptions>, chunkSize?: number): Promise<Conversation> {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  const [peers, errors]: [Peer[], unknown[]] = [[], []]
  const heard = hear(near)
  const note = (peer: Peer): undefined => void peers.push(peer) as undefined
  const done = serve(far, {
    hostname: 'mx.example',
    onConnect: note,
    onMail: (_path, _parameters, peer) => note(peer),
    onMessage: () => undefined,
    onError: (error) => errors.push(error),
    ...options,
  })
  await near.write(encodeUtf8(text)).catch(() => undefined)
  await near.close()
  await done
  return { text: await heard, peers, errors }
}

const TRUSTED = { unsafeTrustedProxy: true }
const XCLIENT = 'XCLIENT NAME=c.example ADDR=192.0.2.9 PORT=4711 LOGIN=ada HELO=helo.example\r\n'

describe('serve: XCLIENT', () => {
  test('the session begins anew as that of the client, and onConnect is asked again', async () => {
    const { text, peers } = await converse(
      `EHLO proxy.example\r\n${XCLIENT}MAIL FROM:<>\r\nEHLO c.example\r\nMAIL FROM:<>\r\nQUIT\r\n`,
      { ...TRUSTED, requireAuth: true },
    )
    expect(codes(text)).toEqual([220, 250, 220, 503, 250, 250, 221])
    expect(peers[0]).toEqual({ connection: { via: 'memory' } })
    expect(peers[1]).toMatchObject({
      client: { address: '192.0.2.9', port: 4711 },
      domain: 'helo.example',
      identity: { authenticationId: 'ada' },
    })
    expect(peers[2]).toMatchObject({ client: { address: '192.0.2.9', port: 4711 }, domain: 'c.example' })
  })

  test('a client that onConnect refuses is refused', async () => {
    const { text } = await converse(`EHLO proxy.example\r\n${XCLIENT}QUIT\r\n`, {
      ...TRUSTED,
      onConnect: ({ client }) => (client ? { code: 550, lines: ['No'] } : undefined),
    })
    expect(codes(text)).toEqual([220, 250, 550, 221])
  })

  test.each([
    ['is not offered to one who is not trusted', `EHLO a.example\r\n${XCLIENT}`, {}, [220, 250, 502]],
    ['is refused within a transaction', `EHLO a.example\r\nMAIL FROM:<>\r\n${XCLIENT}`, TRUSTED, [220, 250, 250, 503]],
    [
      'is believed once',
      `EHLO a.example\r\n${XCLIENT}EHLO b.example\r\n${XCLIENT}`,
      TRUSTED,
      [220, 250, 220, 250, 502],
    ],
    [
      'leaves no XFORWARD to its client',
      `EHLO a.example\r\n${XCLIENT}EHLO b.example\r\nXFORWARD ADDR=192.0.2.1\r\n`,
      TRUSTED,
      [220, 250, 220, 250, 502],
    ],
    ['with an address that is none', 'EHLO a.example\r\nXCLIENT ADDR=mx\r\n', TRUSTED, [220, 250, 501]],
  ])('%s', async (_, text, options, expected) => {
    expect(codes((await converse(text, options)).text)).toEqual(expected)
  })

  test('an authentication before it is forgotten', async () => {
    const { text } = await converse('EHLO a.example\r\nXCLIENT NAME=c.example\r\nEHLO b.example\r\nMAIL FROM:<>\r\n', {
      ...TRUSTED,
      requireAuth: true,
    })
    expect(codes(text)).toEqual([220, 250, 220, 250, 530])
  })
})

test('serve: XFORWARD tells of the client for the log, and changes nothing else', async () => {
  const { text, peers } = await converse(
    'EHLO proxy.example\r\nXFORWARD NAME=c.example ADDR=192.0.2.9\r\nXFORWARD ADDR=192.0.2.8 IDENT=[UNAVAILABLE]\r\nMAIL FROM:<>\r\nQUIT\r\n',
    TRUSTED,
  )
  expect(codes(text)).toEqual([220, 250, 250, 250, 250, 221])
  expect(peers.at(-1)).toEqual({
    connection: { via: 'memory' },
    domain: 'proxy.example',
    forwarded: [
      { name: 'NAME', value: 'c.example' },
      { name: 'ADDR', value: '192.0.2.8' },
      { name: 'IDENT', value: null },
    ],
  })
})

describe.each([1, 3, undefined])('serve: the PROXY protocol in chunks of %s octets', (chunkSize) => {
  const proxied = { unsafeProxyProtocol: true }

  test('the header names the client, and the session follows', async () => {
    const text = 'PROXY TCP4 192.0.2.9 198.51.100.2 4711 25\r\nEHLO c.example\r\nQUIT\r\n'
    const conversation = await converse(text, proxied, chunkSize)
    expect(codes(conversation.text)).toEqual([220, 250, 221])
    expect(conversation.peers).toEqual([
      { connection: { via: 'memory' }, client: { address: '192.0.2.9', port: 4711 } },
    ])
  })

  test.each(['EHLO c.example\r\nQUIT\r\n', 'PROXY TCP4 x\r\n', 'PROXY'])(
    'without a good header (%j) there is no session',
    async (text) => {
      const conversation = await converse(text, proxied, chunkSize)
      expect(conversation.text).toBe('')
      expect(conversation.peers).toEqual([])
      expect(conversation.errors).toMatchObject([{ code: expect.stringMatching(/^SMTP_(?:BAD_PROXY_HEADER|CLOSED)$/) }])
    },
  )

  test('from one who is not trusted it is no command', async () => {
    const { text } = await converse('PROXY TCP4 192.0.2.9 198.51.100.2 4711 25\r\nQUIT\r\n', {}, chunkSize)
    expect(codes(text)).toEqual([220, 500, 221])
  })
})

describe('serve: time', () => {
  function slow(options: Partial<ServeOptions> = {}) {
    const platform = new VirtualClock()
    const errors: { code?: string }[] = []
    const [near, far] = memoryPair()
    const heard = hear(near)
    const done = serve(far, {
      hostname: 'mx.example',
      platform,
      onMessage: () => undefined,
      onError: (error) => errors.push(error as { code?: string }),
      ...options,
    })
    const say = async (text: string): Promise<void> => {
      await near.write(encodeUtf8(text))
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
    }
    return { platform, errors, heard, done, say }
  }

  test('a command that drips in has five minutes in all [rfc5321 4.5.3.2.7]', async () => {
    const { platform, errors, done, say } = slow()
    await until(() => platform.next === 300_000)
    for (const letter of 'NOO') {
      await say(letter)
      platform.advance(90_000)
    }
    expect(errors).toEqual([])
    await say('P')
    platform.advance(30_000)
    await done
    expect(errors).toMatchObject([{ code: 'SMTP_TIMEOUT' }])
  })

  test('each command has its own five minutes', async () => {
    const { platform, errors, done, say } = slow()
    await until(() => platform.next === 300_000)
    for (let round = 0; round < 5; round++) {
      platform.advance(250_000)
      await say('NOOP\r\n')
    }
    expect(errors).toEqual([])
    await say('QUIT\r\n')
    await done
  })

  test('a message that drips in is cut off, though no pause is long', async () => {
    const { platform, errors, done, say } = slow({ minByteRate: 10 })
    await say('EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n')
    for (let round = 0; round < 3; round++) {
      await say('x')
      platform.advance(50_000)
    }
    expect(errors).toEqual([])
    await say('x')
    platform.advance(50_000)
    await done
    expect(errors).toMatchObject([{ code: 'SMTP_TIMEOUT' }])
  })

  test('a message that comes fast enough may take as long as it needs', async () => {
    const { platform, errors, done, say } = slow({ minByteRate: 10 })
    await say('EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n')
    for (let round = 0; round < 20; round++) {
      await say('x'.repeat(600).concat('\r\n'))
      platform.advance(50_000)
    }
    expect(errors).toEqual([])
    await say('.\r\nQUIT\r\n')
    await done
  })

  test('a session has a limit where one is set', async () => {
    const { platform, errors, done, say } = slow({ maxSessionTime: 1_000_000 })
    await until(() => platform.next !== undefined)
    for (let round = 0; round < 4; round++) {
      platform.advance(200_000)
      await say('NOOP\r\n')
    }
    expect(errors).toEqual([])
    platform.advance(200_000)
    await done
    expect(errors).toMatchObject([{ code: 'SMTP_TIMEOUT' }])
  })

  test('commands that lead to no message end the session', async () => {
    const { text } = await converse(`EHLO a.example\r\n${'NOOP\r\n'.repeat(20)}`, { maxIdleCommands: 10 })
    expect(codes(text)).toEqual([220, 250, ...new Array<number>(9).fill(250), 421])
  })
})
