/**
 * What every implementation of `Connection` owes, as checks that need no test framework, so that every runtime can run
 * them. `near` is the client of a TLS handshake, `far` the server.
 */
import { decodeLatin1, encodeUtf8, MailError } from '@posthorn/core'
import { SmtpClient, serve } from '@posthorn/smtp'
import { equal } from '../runtimes/suite/check.js'

/**
 * @typedef {import('@posthorn/smtp').Connection} Connection
 * @typedef {{ near: Connection, far: Connection, release?: () => Promise<void> }} Ends
 * Two ends of one connection; `release` frees what the pair holds beside the connections.
 * @typedef {{
 *   serverName?: string,
 *   via?: import('@posthorn/smtp').ConnectionInfo['via'],
 *   verifiedBy?: import('@posthorn/smtp').TlsInfo['verifiedBy'],
 *   secured?: boolean,
 *   judges?: boolean,
 * }} Expected
 * `serverName`: what the certificate of `far` proves; absent where TLS cannot be raised. `via`: what carries `near`;
 * default: what carries `far`. `verifiedBy`: who verifies the certificate for `near`; default `local`. `secured`: TLS is in
 * force from the start. `judges`: certificates are judged in earnest, and shown to whoever decides in place of the carrier.
 * @typedef {{ name: string, run: (ends: Ends, expected: Expected) => Promise<void> }} ConnectionCheck
 */

async function take(connection, octets) {
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

const text = async (connection, octets) => decodeLatin1(await take(connection, octets))

const failureOf = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  )

async function rejects(promise, kind = Error) {
  const error = await failureOf(promise)
  if (!(error instanceof kind)) throw new Error(`expected a ${kind.name}, got ${error}`)
  return error
}

// Octets that differ from place to place, so that a chunk lost or doubled shows.
const pattern = (length) => Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255)

const isPattern = (octets) => octets.every((octet, index) => octet === ((index * 31 + (index >> 8)) & 255))

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const check = (name, run) => ({ name, run })

/** @type {ConnectionCheck[]} What holds for all. */
const CARRYING = [
  check('reads what the other end wrote, in order, both ways', async ({ near, far }) => {
    await near.write(encodeUtf8('one'))
    await near.write(encodeUtf8('two'))
    equal(await text(far, 6), 'onetwo')
    await far.write(encodeUtf8('three'))
    equal(await text(near, 5), 'three')
  }),
  check('carries four megabytes both ways at once without loss, under back-pressure', async ({ near, far }) => {
    const octets = pattern(4_000_000)
    const send = async (connection) => {
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
    equal([isPattern(there), isPattern(back)], [true, true])
  }),
  check('a write of no octets is no end', async ({ near, far }) => {
    await near.write(new Uint8Array(0))
    await near.write(encodeUtf8('a'))
    equal(await text(far, 1), 'a')
  }),
  check('the end comes after all that was written, and stays', async ({ near, far }) => {
    await near.write(encodeUtf8('last'))
    const closing = near.close()
    equal(await text(far, 4), 'last')
    equal(await far.read(), undefined)
    equal(await far.read(), undefined)
    await far.close()
    await closing
  }),
  check('ends one direction, and still reads what the other end says', async ({ near, far }) => {
    await near.write(encodeUtf8('last'))
    await near.end?.()
    equal(await text(far, 4), 'last')
    const late = far.write(encodeUtf8('late'))
    equal(await text(near, 4), 'late')
    await late
    await far.close()
    equal(await near.read(), undefined)
  }),
  check('closing twice, and after an abort, is no error', async ({ near, far }) => {
    await Promise.all([near.close(), far.close()])
    await near.close()
    near.abort()
    await near.close()
  }),
  check('a second read while one is outstanding rejects, and the first goes on', async ({ near, far }) => {
    const first = near.read()
    await rejects(near.read(), MailError)
    await far.write(encodeUtf8('a'))
    equal(await first, encodeUtf8('a'))
  }),
  check('an abort rejects what is outstanding and all that follows', async ({ near }) => {
    const reading = failureOf(near.read())
    near.abort(new Error('enough'))
    equal((await reading) instanceof Error, true)
    await rejects(near.read())
    await rejects(near.write(encodeUtf8('a')))
  }),
  check('an abort ends what a close has begun', async ({ near, far }) => {
    const closing = near.close()
    near.abort()
    await closing
    await failureOf(far.read())
    await far.close()
  }),
  check('an abort after an end lets the other end go', async ({ near, far }) => {
    await near.end?.()
    near.abort()
    await near.close()
    await failureOf(far.read())
    await far.close()
  }),
  check('writing to an end that has gone rejects soon, and nothing is thrown beside', async ({ near, far }) => {
    far.abort()
    let error
    for (let turn = 0; turn < 200 && !error; turn++) {
      error = await failureOf(near.write(new Uint8Array(1000)))
      await pause(1)
    }
    equal(error instanceof Error, true)
  }),
  check('says what carries it, and whether there is TLS', async ({ near, far }, { via, secured = false }) => {
    equal(near.info.via, via ?? far.info.via)
    equal(near.info.tls !== undefined, secured)
  }),
]

/** @type {ConnectionCheck[]} What holds where TLS can be raised. */
const RAISING = [
  check('TLS: both ends report it, and octets still go both ways', async ({ near, far }, expected) => {
    const { serverName, verifiedBy = 'local' } = expected
    await near.write(encodeUtf8('plain'))
    await take(far, 5)
    const [info] = await Promise.all([near.startTls({ serverName }), far.startTls({})])
    equal([info.serverName, info.verifiedBy], [serverName, verifiedBy])
    equal(near.info.tls, info)
    equal(['unknown', far.info.tls?.protocol].includes(info.protocol), true)
    await near.write(encodeUtf8('secret'))
    equal(await text(far, 6), 'secret')
    const [octets] = await Promise.all([take(near, 300_000), far.write(pattern(300_000))])
    equal(isPattern(octets), true)
    const closing = near.close()
    equal(await far.read(), undefined)
    await far.close()
    await closing
  }),
  check('TLS: is refused while a read is outstanding', async ({ near }, { serverName }) => {
    const reading = failureOf(near.read())
    await rejects(near.startTls({ serverName }), MailError)
    near.abort()
    await reading
  }),
  check('TLS: is refused while octets that came before it are buffered', async ({ near, far }, { serverName }) => {
    await far.write(encodeUtf8('220 go\r\n'))
    await take(near, 8)
    const reading = near.read()
    await far.write(encodeUtf8('a'))
    await reading
    await far.write(encodeUtf8('250 forged\r\n'))
    await pause(50)
    await rejects(near.startTls({ serverName }), MailError)
  }),
  check('TLS: a whole session with STARTTLS', async ({ near, far }, { serverName }) => {
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
    equal(outcome.type, 'accepted')
    await client.quit()
    await done
    equal(received, 200_002)
  }),
]

const withFar = (far, raising) => Promise.all([raising, failureOf(far.startTls({}))])

/** @type {ConnectionCheck[]} What holds where certificates are judged in earnest. */
const JUDGING = [
  check('TLS: a certificate for another name is refused, and the connection is of no use', async ({ near, far }) => {
    await withFar(far, rejects(near.startTls({ serverName: 'other.example' }), MailError))
    equal(near.info.tls, undefined)
    await rejects(near.write(encodeUtf8('a')))
    await rejects(near.read())
  }),
  check('TLS: whoever decides in place of the carrier sees the certificate', async ({ near, far }, { serverName }) => {
    const seen = []
    const checkCertificate = async (presented) => {
      const { chain, untrusted } = presented
      const proved = [serverName, 'other.example'].map((name) => presented.proves(name))
      seen.push(chain.length > 0, chain[0]?.[0], untrusted, proved, presented.leadsTo(0), presented.leadsTo(9))
      return 'unverified'
    }
    const [info] = await withFar(far, near.startTls({ serverName: 'other.example', checkCertificate }))
    // The first octet of DER is that of a sequence.
    equal(seen, [true, 48, undefined, [true, false], true, false])
    equal([info.verifiedBy, info.peer?.names], ['nobody', [serverName]])
    await near.write(encodeUtf8('secret'))
    equal(await text(far, 6), 'secret')
  }),
  check('TLS: what the decision throws ends the connection', async ({ near, far }, { serverName }) => {
    const cause = new Error('it is not in the DNS')
    const checkCertificate = () => {
      throw cause
    }
    const [error] = await withFar(far, rejects(near.startTls({ serverName, checkCertificate }), MailError))
    equal(error.cause === cause, true)
    await rejects(near.write(encodeUtf8('a')))
  }),
]

/**
 * @param {Expected} expected What the implementation promises.
 * @returns {ConnectionCheck[]} The checks for it.
 */
export function checksFor({ serverName, secured = false, judges = false }) {
  const raises = serverName !== undefined && !secured
  return [...CARRYING, ...(raises ? RAISING : []), ...(raises && judges ? JUDGING : [])]
}

/**
 * Runs one check on ends of its own.
 *
 * @param {ConnectionCheck} one
 * @param {() => Promise<Ends>} open
 * @param {Expected} expected
 */
export async function runCheck(one, open, expected) {
  const ends = await open()
  try {
    await one.run(ends, expected)
  } finally {
    ends.near.abort()
    ends.far.abort()
    await ends.release?.()
  }
}
