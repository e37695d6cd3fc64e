/**
 * What every implementation of `Connection` owes, as tests. An implementation brings a function that opens two ends of
 * one connection; `near` is the client of a TLS handshake, `far` the server.
 */
import { decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import { type Connection, type ConnectionInfo, SmtpClient, serve, type TlsInfo } from '@posthorn/smtp'
import { describe, expect, test } from 'vitest'

/** Two ends of one connection. */
export interface Ends {
  readonly near: Connection
  readonly far: Connection
  /** Frees what the pair holds beside the connections. */
  readonly release?: () => Promise<void>
}

/** Describes an implementation to the suite. */
export interface Implementation {
  readonly name: string
  readonly open: () => Promise<Ends>
  /** The name that the certificate of `far` proves; absent where TLS cannot be raised. */
  readonly serverName?: string
  /** What carries `near`; default: what carries `far`. */
  readonly via?: ConnectionInfo['via']
  /** Who verifies the certificate for `near`; default `local`. */
  readonly verifiedBy?: TlsInfo['verifiedBy']
}

async function take(connection: Connection, octets: number): Promise<Uint8Array> {
  const all = new Uint8Array(octets)
  let length = 0
  while (length < octets) {
    const chunk = await connection.read()
    if (!chunk) throw new Error(`The other end closed after ${length} of ${octets} octets`)
    all.set(chunk, length)
    length += chunk.length
  }
  return all
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

// Octets that differ from place to place, so that a chunk lost or doubled shows.
function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255)
}

/** Declares the tests of one implementation. */
export function checkConnection({ name, open, serverName, via, verifiedBy = 'local' }: Implementation): void {
  async function withEnds(use: (ends: Ends) => Promise<void>): Promise<void> {
    const ends = await open()
    try {
      await use(ends)
    } finally {
      ends.near.abort()
      ends.far.abort()
      await ends.release?.()
    }
  }

  describe(`Connection (${name})`, () => {
    test('reads what the other end wrote, in order, both ways', () =>
      withEnds(async ({ near, far }) => {
        await near.write(encodeUtf8('one'))
        await near.write(encodeUtf8('two'))
        expect(decodeLatin1(await take(far, 6))).toBe('onetwo')
        await far.write(encodeUtf8('three'))
        expect(decodeLatin1(await take(near, 5))).toBe('three')
      }))

    test('carries four megabytes both ways at once without loss, under back-pressure', () =>
      withEnds(async ({ near, far }) => {
        const octets = pattern(4_000_000)
        const send = async (connection: Connection): Promise<void> => {
          for (let start = 0; start < octets.length; start += 70_001) {
            await connection.write(octets.subarray(start, start + 70_001))
          }
        }
        const [there, back] = await Promise.all([
          take(far, octets.length),
          take(near, octets.length),
          send(near),
          send(far),
        ])
        expect(there.every((octet, index) => octet === octets[index])).toBe(true)
        expect(back.every((octet, index) => octet === octets[index])).toBe(true)
      }))

    test('a write of no octets is no end', () =>
      withEnds(async ({ near, far }) => {
        await near.write(new Uint8Array(0))
        await near.write(encodeUtf8('a'))
        expect(decodeLatin1(await take(far, 1))).toBe('a')
      }))

    test('the end comes after all that was written, and stays', () =>
      withEnds(async ({ near, far }) => {
        await near.write(encodeUtf8('last'))
        const closing = near.close()
        expect(decodeLatin1(await take(far, 4))).toBe('last')
        expect(await far.read()).toBeUndefined()
        expect(await far.read()).toBeUndefined()
        await far.close()
        await closing
      }))

    test('ends one direction, and still reads what the other end says', () =>
      withEnds(async ({ near, far }) => {
        await near.write(encodeUtf8('last'))
        await near.end?.()
        expect(decodeLatin1(await take(far, 4))).toBe('last')
        const late = far.write(encodeUtf8('late'))
        expect(decodeLatin1(await take(near, 4))).toBe('late')
        await late
        await far.close()
        expect(await near.read()).toBeUndefined()
      }))

    test('closing twice, and after an abort, is no error', () =>
      withEnds(async ({ near, far }) => {
        await Promise.all([near.close(), far.close()])
        await near.close()
        near.abort()
        await near.close()
      }))

    test('a second read while one is outstanding rejects, and the first goes on', () =>
      withEnds(async ({ near, far }) => {
        const first = near.read()
        expect(await failureOf(near.read())).toBeInstanceOf(MailError)
        await far.write(encodeUtf8('a'))
        expect(await first).toEqual(encodeUtf8('a'))
      }))

    test('an abort rejects what is outstanding and all that follows', () =>
      withEnds(async ({ near }) => {
        const reading = failureOf(near.read())
        near.abort(new Error('enough'))
        expect(await reading).toBeInstanceOf(Error)
        expect(await failureOf(near.read())).toBeInstanceOf(Error)
        expect(await failureOf(near.write(encodeUtf8('a')))).toBeInstanceOf(Error)
      }))

    test('writing to an end that has gone rejects soon, and nothing is thrown beside', () =>
      withEnds(async ({ near, far }) => {
        far.abort()
        let error: unknown
        for (let turn = 0; turn < 200 && !error; turn++) {
          error = await failureOf(near.write(new Uint8Array(1000)))
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        expect(error).toBeInstanceOf(Error)
      }))

    test('says what carries it, and that there is no TLS', () =>
      withEnds(async ({ near, far }) => {
        expect(near.info.via).toBe(via ?? far.info.via)
        expect(near.info.tls).toBeUndefined()
      }))

    if (serverName !== undefined) checkTls(withEnds, { serverName, verifiedBy })
  })
}

type WithEnds = (use: (ends: Ends) => Promise<void>) => Promise<void>

function checkTls(withEnds: WithEnds, expected: Pick<TlsInfo, 'verifiedBy'> & { readonly serverName: string }): void {
  const { serverName } = expected
  test('TLS: both ends report it, and octets still go both ways', () =>
    withEnds(async ({ near, far }) => {
      await near.write(encodeUtf8('plain'))
      await take(far, 5)
      const [info] = await Promise.all([near.startTls({ serverName }), far.startTls({})])
      expect(info).toMatchObject(expected)
      expect(near.info.tls).toEqual(info)
      expect(['unknown', far.info.tls?.protocol]).toContain(info.protocol)
      await near.write(encodeUtf8('secret'))
      expect(decodeLatin1(await take(far, 6))).toBe('secret')
      const [octets] = await Promise.all([take(near, 300_000), far.write(pattern(300_000))])
      expect(octets).toEqual(pattern(300_000))
      const closing = near.close()
      expect(await far.read()).toBeUndefined()
      await far.close()
      await closing
    }))

  test('TLS: is refused while a read is outstanding', () =>
    withEnds(async ({ near }) => {
      const reading = failureOf(near.read())
      expect(await failureOf(near.startTls({ serverName }))).toBeInstanceOf(MailError)
      near.abort()
      await reading
    }))

  test('TLS: is refused while octets that came before it are buffered', () =>
    withEnds(async ({ near, far }) => {
      await far.write(encodeUtf8('220 go\r\n'))
      await take(near, 8)
      const reading = near.read()
      await far.write(encodeUtf8('a'))
      await reading
      await far.write(encodeUtf8('250 forged\r\n'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      const upgrading = failureOf(near.startTls({ serverName }))
      expect(await upgrading).toBeInstanceOf(MailError)
    }))

  test('TLS: a whole session with STARTTLS', () =>
    withEnds(async ({ near, far }) => {
      let received = 0
      const done = serve(far, {
        hostname: serverName,
        tls: true,
        requireTls: true,
        onMessage: async ({ content }) => {
          for await (const chunk of content) received += chunk.length
        },
      })
      const client = new SmtpClient(near, { serverName })
      await client.open()
      const outcome = await client.send(
        { reversePath: null, forwardPaths: ['a@b.example'] },
        pattern(200_000).map((octet) => (octet % 10 === 0 ? 46 : 65)),
        { unsafeLongLines: true },
      )
      expect(outcome.type).toBe('accepted')
      await client.quit()
      await done
      expect(received).toBe(200_002)
    }))
}
