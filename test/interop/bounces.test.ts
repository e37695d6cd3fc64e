import {
  compose,
  deliveryReport,
  parseMessage,
  type ReceivedDeliveryReport,
  readReport,
  recipientReply,
  smtpDiagnostic,
  typedAddress,
} from '@posthorn/mime'
import { classifyReply, type Reply } from '@posthorn/reply'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOSTNAME as EXIM, type Exim, startExim } from './lib/exim.ts'
import { HOSTNAME as OPENSMTPD, type OpenSmtpd, startOpenSmtpd } from './lib/opensmtpd.ts'
import { openClient } from './lib/our-client.ts'
import { ACCOUNT, ASCII_ACCOUNT, HOSTNAME as OUR_NAME, type OurServer, startOurServer } from './lib/our-server.ts'
import { HOSTNAME as POSTFIX, type Postfix, startPostfix } from './lib/postfix.ts'

// Reports that mail servers make: of recipients that our server refuses in two lines, of their own, and of what arrived.
const STATUS = { class: 5, subject: 1, detail: 1 } as const
const NO_MORE = { class: 5, subject: 0, detail: 0 } as const
const REFUSAL: Reply = { code: 550, enhanced: STATUS, lines: ['No such user, whatever is said of', 'the 550 others'] }
const MESSAGE = 'Subject: bounced\nMessage-ID: <1@sender.example>\n\nHello\n'
const REFUSED = 'nobody@posthorn.example'

let server: OurServer
beforeAll(async () => {
  server = await startOurServer({ onRecipient: () => REFUSAL })
})
afterAll(() => server.stop())

function readDelivery(octets: Uint8Array): ReceivedDeliveryReport {
  const report = readReport(parseMessage(octets))
  if (report?.type !== 'delivery') throw new Error(`No report of delivery: ${new TextDecoder().decode(octets)}`)
  expect(report.originalMessageId).toBe('<1@sender.example>')
  expect(report.originalHeader?.text('subject')).toBe('bounced')
  return report
}

const categoriesOf = ({ status }: ReceivedDeliveryReport): string[] =>
  status.recipients.map((recipient) => classifyReply(recipientReply(recipient)!).category)
const rfc822 = (address: string) => ({ type: 'rfc822', address })

describe('Postfix', () => {
  let postfix: Postfix
  beforeAll(async () => {
    const { port, ca } = server
    postfix = await startPostfix({ port, ca, hostname: OUR_NAME, account: ACCOUNT })
  })
  afterAll(() => postfix.stop())

  const bounce = async (to: string | readonly string[], options?: readonly string[]) => {
    await postfix.submit(`alice@${POSTFIX}`, to, MESSAGE, options)
    return readDelivery(await postfix.take('alice'))
  }

  test('readReport: a recipient that another server refuses, in one line, folded [rfc3464]', async () => {
    const report = await bounce(REFUSED, ['-V', 'QQ314159'])
    expect(report.defects).toEqual([])
    expect(report.status.envelopeId).toBe('QQ314159')
    expect(report.status.reportingMta).toEqual({ type: 'dns', name: POSTFIX })
    expect(report.status.recipients).toMatchObject([
      { finalRecipient: rfc822(REFUSED), originalRecipient: rfc822(REFUSED), action: 'failed', status: STATUS },
    ])
    expect(report.status.recipients[0]?.diagnostic?.reply).toEqual(REFUSAL)
    expect(categoriesOf(report)).toEqual(['address'])
  })

  test('readReport: recipients of its own that are not there [rfc3464]', async () => {
    const nobodies = [`nobody@${POSTFIX}`, `noone@${POSTFIX}`]
    const report = await bounce(nobodies)
    expect(report.defects).toEqual([])
    expect(report.status.recipients.map(({ finalRecipient }) => finalRecipient?.address).sort()).toEqual(nobodies)
    expect(report.status.recipients[0]?.diagnostic?.type).toBe('x-postfix')
    expect(categoriesOf(report)).toEqual(['address', 'address'])
  })

  test('readReport: what arrived, with the header alone [rfc3461 4.3]', async () => {
    const report = await bounce(`bob@${POSTFIX}`, ['-N', 'success'])
    expect(report.defects).toEqual([])
    expect(report.original?.contentType.subtype).toBe('rfc822-headers')
    expect(report.status.recipients).toMatchObject([{ action: 'delivered', status: { class: 2 } }])
    expect(categoriesOf(report)).toEqual(['accepted'])
  })

  test('readReport: an address of UTF-8 [rfc6533 4]', async () => {
    const report = await bounce(`ω@${POSTFIX}`)
    expect(report.defects).toEqual([])
    expect(report.part.contentType.subtype).toBe('global-delivery-status')
    expect(report.original?.contentType.subtype).toBe('global')
    expect(report.status.recipients).toMatchObject([{ finalRecipient: { type: 'utf-8', address: `ω@${POSTFIX}` } }])
  })
})

test('compose: a report of ours goes with the null reverse-path, and arrives as it was meant [rfc3464 2]', async () => {
  const postfix = await startPostfix()
  try {
    const { client } = await openClient({ ...postfix, port: postfix.mxPort })
    const recipient = { finalRecipient: typedAddress('δ@posthorn.example'), action: 'failed', status: STATUS }
    const body = deliveryReport({
      text: 'It did not arrive.\n',
      status: {
        reportingMta: { type: 'dns', name: OUR_NAME },
        recipients: [{ ...recipient, diagnostic: smtpDiagnostic({ ...REFUSAL, lines: ['Größe'] }), extensions: [] }],
        extensions: [],
      },
      original: MESSAGE,
    })
    const from = `postmaster@${OUR_NAME}.example`
    const context = { now: new Date(), random: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    const message = compose({ from, to: `alice@${POSTFIX}`, subject: 'report', body }, context)
    const outcome = await client.send(message.envelope, message.serialize({ encoding: '8bit' }))
    await client.quit()
    expect(outcome.type).toBe('accepted')
    const octets = await postfix.take('alice')
    expect(new TextDecoder().decode(octets)).toMatch(/^Return-Path: <>\r?\n/)
    const report = readDelivery(octets)
    expect(report.defects).toEqual([])
    expect(report.status.recipients).toMatchObject([{ ...recipient, diagnostic: { reply: { lines: ['Größe'] } } }])
  } finally {
    await postfix.stop()
  }
})

test.each(['bookworm', 'trixie'] as const)(
  'readReport: Exim of %s, lines as they came, and no more of the status than its class',
  async (release) => {
    const relay = { port: server.port, ca: server.ca, account: ASCII_ACCOUNT }
    const exim: Exim = await startExim({ release, relay })
    try {
      await exim.submit(`alice@${EXIM}`, [REFUSED, `nobody@${EXIM}`], MESSAGE)
      const report = readDelivery(await exim.take('alice'))
      expect(report.defects).toEqual([])
      const recipients = new Map(report.status.recipients.map((one) => [one.finalRecipient?.address, one]))
      expect([...recipients.keys()].sort()).toEqual([`nobody@${EXIM}`, REFUSED].sort())
      const refused = recipients.get(REFUSED)!
      expect(refused).toMatchObject({ action: 'failed', status: NO_MORE, remoteMta: { type: 'dns' } })
      expect(refused.diagnostic?.reply).toEqual(REFUSAL)
      expect(classifyReply(recipientReply(refused)!).category).toBe('address')
    } finally {
      await exim.stop()
    }
  },
)

test('readReport: OpenSMTPD, in multipart/mixed', async () => {
  const { port, ca } = server
  const relay = { port, lmtpPort: 1, ca, hostname: OUR_NAME, account: ASCII_ACCOUNT }
  const opensmtpd: OpenSmtpd = await startOpenSmtpd(relay)
  try {
    const { client } = await openClient(opensmtpd)
    const octets = new TextEncoder().encode(MESSAGE.replaceAll('\n', '\r\n'))
    await client.send({ reversePath: `alice@${OPENSMTPD}`, forwardPaths: [REFUSED] }, octets)
    await client.quit()
    const report = readDelivery(await opensmtpd.take('alice'))
    expect(report.defects.map(({ code }) => code)).toEqual(['not-a-report'])
    expect(report.text).toContain('No such user')
    expect(report.status.recipients).toMatchObject([
      { finalRecipient: rfc822(REFUSED), action: 'failed', status: NO_MORE },
    ])
  } finally {
    await opensmtpd.stop()
  }
})
