import { generateDkimKey, verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { TranscriptRecorder } from '@posthorn/transcript/write'
import { createMailer, type MailOutcome, type NodeMailerOptions } from 'posthorn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTNAME as DOVECOT, ACCOUNT as DOVECOT_ACCOUNT, type Dovecot, startDovecot } from './lib/dovecot.ts'
import { HOSTNAME as EXIM, type Exim, startExim } from './lib/exim.ts'
import { wireForm } from './lib/message.ts'
import { HOSTNAME as OPENSMTPD, ACCOUNT as OPENSMTPD_ACCOUNT, type OpenSmtpd, startOpenSmtpd } from './lib/opensmtpd.ts'
import { ASCII_ACCOUNT, HOSTNAME as OUR_NAME, type OurServer, startOurServer } from './lib/our-server.ts'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'

// The mailer before the servers that most mail goes through: a pool, signatures, refusals of some, servers that hang up.
interface Account {
  readonly username: string
  readonly password: string
}

interface Place {
  readonly port: number
  readonly hostname?: string
  readonly certificate?: { readonly ca: string }
}

function mailerTo(
  { port, hostname, certificate }: Place,
  scheme: string,
  options: NodeMailerOptions & { account?: Account } = {},
) {
  const { account, ...rest } = options
  const user = account ? `${encodeURIComponent(account.username)}:${encodeURIComponent(account.password)}@` : ''
  return createMailer(`${scheme}://${user}127.0.0.1:${port}`, {
    ...(hostname !== undefined && { serverName: hostname, tls: 'required' }),
    ...(certificate && { ca: certificate.ca }),
    ...rest,
  })
}

const statuses = ({ recipients }: MailOutcome): string[] => recipients.map(({ status, retry }) => `${status} ${retry}`)

const letter = (from: string, to: string | readonly string[], index: number) => ({
  from: { name: 'Adélaïde', address: from },
  to,
  subject: `Brief ${index} — größer`,
  text: `.Punkt am Anfang\nNachricht ${index}\n`,
  html: `<p>Nachricht ${index}</p>`,
  attachments: [{ filename: 'naïve.bin', content: new Uint8Array(3000).map((_, at) => (at * index) % 256) }],
})

describe('Postfix', () => {
  let postfix: Postfix
  beforeAll(async () => {
    postfix = await startPostfix()
  })
  afterAll(() => postfix.stop())

  test('thirty signed messages over three sessions, after STARTTLS and AUTH, each once and verified', async () => {
    const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
    const mailer = mailerTo({ ...postfix, hostname: HOSTNAME }, 'submission', {
      account: ACCOUNT,
      pool: { maxConnections: 3, maxMessages: 7 },
      dkim: { domain: HOSTNAME, selector: 's', key: privateKey },
    })
    const numbers = Array.from({ length: 30 }, (_, index) => index)
    const from = `alice@${HOSTNAME}`
    const outcomes = await Promise.all(numbers.map((index) => mailer.send(letter(from, `bob@${HOSTNAME}`, index))))
    await mailer.close()
    expect(outcomes.map(({ type }) => type)).toEqual(Array(30).fill('accepted'))
    const resolver = new MemoryZone().add(`s._domainkey.${HOSTNAME}`, 'TXT', record)
    const seen: string[] = []
    for (const _ of numbers) {
      const stored = await postfix.take('bob')
      const text = wireForm(stored)
      const [signature] = await verifyDkim(new TextEncoder().encode(text), { resolver, now: Date.now() })
      expect(signature?.result).toBe('pass')
      seen.push(/Message-ID: (<[^>]+>)/i.exec(text)![1]!)
    }
    expect(seen.sort()).toEqual(outcomes.map(({ messageId }) => messageId).sort())
  })

  test('a server that hangs up on the idle costs nothing, and its limit of recipients is kept to', async () => {
    const events: string[] = []
    const mailer = mailerTo({ port: postfix.limitedPort }, 'smtp', {
      tls: 'none',
      onEvent: (event) => events.push(event.type === 'session-ended' ? `ended: ${event.reason}` : event.type),
    })
    const to = ['alice', 'bob', 'nobody', 'alice'].map((user, index) => `${user}+${index}@${HOSTNAME}`)
    const plain = { from: `alice@${HOSTNAME}`, text: 'Hello\n' }
    expect((await mailer.send({ ...plain, to: `bob@${HOSTNAME}` })).type).toBe('accepted')
    await expect.poll(() => events, { timeout: 20_000 }).toContain('ended: server')
    expect(await mailer.send({ ...plain, to: `bob@${HOSTNAME}` })).toMatchObject({ type: 'accepted', attempts: 1 })
    const outcome = await mailer.send({ ...plain, to })
    await mailer.close()
    expect(outcome.recipients).toHaveLength(4)
    expect(outcome.recipients.every(({ status }) => status === 'accepted' || status === 'rejected')).toBe(true)
  })

  test('verify tells of the certificate; wrong credentials are an outcome, with no secret in it', async () => {
    const mailer = mailerTo({ ...postfix, hostname: HOSTNAME }, 'submission', { account: ACCOUNT })
    const report = await mailer.verify()
    await mailer.close()
    expect(report).toMatchObject({ authenticated: true, connection: { tls: { verifiedBy: 'local' } } })
    expect(report.connection.tls?.peer?.names).toContain(HOSTNAME)
    const lines: string[] = []
    const wrong = mailerTo({ ...postfix, hostname: HOSTNAME }, 'submission', {
      account: { ...ACCOUNT, password: 'tr0ub4dor&3' },
      recorder: () => new TranscriptRecorder({ now: Date.now, write: (line) => lines.push(line) }).record,
    })
    const outcome = await wrong.send({ from: `alice@${HOSTNAME}`, to: `bob@${HOSTNAME}`, text: 'x\n' })
    await wrong.close()
    expect(outcome).toMatchObject({ type: 'refused', attempts: 0, error: { code: 'SMTP_AUTH_FAILED' } })
    expect(statuses(outcome)).toEqual(['deferred later'])
    expect(lines.join('')).toContain('"AUTH')
    expect(JSON.stringify([outcome, String(outcome.error), lines])).not.toContain('tr0ub4dor')
  })
})

describe('Exim', () => {
  let exim: Exim
  beforeAll(async () => {
    exim = await startExim({ release: 'bookworm' })
  })
  afterAll(() => exim.stop())

  test('one accepted, one rejected, one deferred, of each of ten messages', async () => {
    const mailer = mailerTo({ ...exim, hostname: EXIM }, 'smtp', { pool: { maxConnections: 2 } })
    const to = ['bob', 'nobody', 'greylist'].map((user) => `${user}@${EXIM}`)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => mailer.send(letter('alice@elsewhere.example', to, index))),
    )
    await mailer.close()
    for (const outcome of outcomes) {
      expect(outcome.type).toBe('partial')
      expect(statuses(outcome)).toEqual(['accepted never', 'rejected never', 'deferred later'])
    }
    const stored = new Set<string>()
    for (const _ of outcomes) stored.add(/Message-ID: (<[^>]+>)/i.exec(wireForm(await exim.take('bob')))![1]!)
    expect([...stored].sort()).toEqual(outcomes.map(({ messageId }) => messageId).sort())
  })
})

describe('OpenSMTPD', () => {
  let server: OurServer
  let lmtp: OurServer
  let opensmtpd: OpenSmtpd
  beforeAll(async () => {
    server = await startOurServer({ requireAuth: true })
    lmtp = await startOurServer({ protocol: 'lmtp' })
    const { port, ca } = server
    opensmtpd = await startOpenSmtpd({ port, lmtpPort: lmtp.port, ca, hostname: OUR_NAME, account: ASCII_ACCOUNT })
  })
  afterAll(async () => {
    await opensmtpd.stop()
    await Promise.all([server.stop(), lmtp.stop()])
  })

  test('submission in lock step, twelve messages over two sessions', async () => {
    const place = { ...opensmtpd, port: opensmtpd.submissionPort, hostname: OPENSMTPD }
    const mailer = mailerTo(place, 'submission', { account: OPENSMTPD_ACCOUNT, pool: { maxConnections: 2 } })
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => mailer.send(letter(`alice@${OPENSMTPD}`, `bob@${OPENSMTPD}`, index))),
    )
    await mailer.close()
    expect(outcomes.map(({ type }) => type)).toEqual(Array(12).fill('accepted'))
    for (const _ of outcomes) expect(wireForm(await opensmtpd.take('bob'))).toContain('multipart/')
  })
})

describe('Dovecot', () => {
  let dovecot: Dovecot
  let relay: OurServer
  beforeAll(async () => {
    relay = await startOurServer()
    dovecot = await startDovecot({ relayPort: relay.port })
  })
  afterAll(async () => {
    await dovecot.stop()
    await relay.stop()
  })

  test('LMTP: each recipient has an outcome of its own [rfc2033 4.2]', async () => {
    const mailer = mailerTo({ port: dovecot.lmtpPort }, 'lmtp')
    const to = ['bob', 'nobody', 'full'].map((user) => `${user}@${DOVECOT}`)
    const outcomes = [
      await mailer.send(letter('a@elsewhere.example', to, 1)),
      await mailer.send(letter('a@b.example', to, 2)),
    ]
    await mailer.close()
    for (const { type, recipients } of outcomes) {
      expect(type).toBe('partial')
      expect(recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'rejected'])
    }
    for (const _ of outcomes) expect(wireForm(await dovecot.take('bob'))).toContain('multipart/')
  })

  test('submission, which relays', async () => {
    const place = { port: dovecot.submissionPort, hostname: DOVECOT, certificate: dovecot.certificate }
    const mailer = mailerTo(place, 'submission', { account: DOVECOT_ACCOUNT })
    const outcome = await mailer.send(letter(`alice@${DOVECOT}`, 'bob@elsewhere.example', 3))
    await mailer.close()
    expect(outcome.type).toBe('accepted')
  })
})
