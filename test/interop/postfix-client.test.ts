import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, HOSTNAME as OUR_NAME, type OurServer, PICKY, REFUSED, startOurServer } from './lib/our-server.ts'
import { HOSTNAME, type Postfix, startPostfix, WAYS } from './lib/postfix.ts'

// Postfix as the client of our server: it verifies our certificate, pipelines, authenticates, speaks LMTP.
let postfix: Postfix
let server: OurServer
let lmtp: OurServer
let trusting: OurServer

beforeAll(async () => {
  server = await startOurServer()
  lmtp = await startOurServer({ protocol: 'lmtp' })
  trusting = await startOurServer({ unsafeTrustedProxy: true })
  const { port, ca } = server
  const ports = { port, lmtpPort: lmtp.port, proxyPort: trusting.port }
  postfix = await startPostfix({ ...ports, ca, hostname: OUR_NAME, account: ACCOUNT })
})
afterAll(async () => {
  await postfix.stop()
  await Promise.all([server, lmtp, trusting].map((one) => one.stop()))
})

const SENDER = `alice@${HOSTNAME}`
const LINES = ['Subject: relayed', '', '.', '..', '. ', 'From here', 'x'.repeat(900), 'grüße', '']
const BODY = LINES.slice(2).join('\r\n')
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

async function logged(pattern: RegExp): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end && !pattern.test(postfix.log()); ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(postfix.log()).toMatch(pattern)
}

const next = (from: OurServer, count = 1): ReturnType<OurServer['arrival']> =>
  from.arrival(from.messages.length + count, postfix.log)

describe('serve', () => {
  test('takes a message over verified TLS, octet by octet', async () => {
    const arrival = next(server)
    await postfix.submit(SENDER, `ada@${WAYS.tls}`, LINES.join('\n'))
    const { text, peer, forwardPaths, conversation } = await arrival
    expect(peer.connection.tls?.protocol).toBe('TLSv1.3')
    expect(forwardPaths).toEqual([{ localPart: 'ada', domain: WAYS.tls }])
    expect(bodyOf(text)).toBe(BODY)
    expect(usedIn(conversation)).toEqual(['8BITMIME', 'DSN', 'PIPELINING', 'SIZE', 'STARTTLS'])
    await logged(/Verified TLS connection established/)
  })

  test.each([
    ['SCRAM-SHA-256', WAYS.scram],
    ['CRAM-MD5', WAYS['cram-md5']],
    ['LOGIN', WAYS.login],
  ])('AUTH %s with a password that is not US-ASCII', async (mechanism, domain) => {
    const arrival = next(server)
    await postfix.submit(SENDER, `ada@${domain}`, LINES.join('\n'))
    const { user, conversation } = await arrival
    expect(user).toBe(ACCOUNT.username)
    expect(usedIn(conversation)).toContain(`AUTH ${mechanism}`)
  })

  test('SMTPUTF8, and DSN for a server that will answer for it [rfc6531, rfc3461]', async () => {
    const arrival = next(server)
    const options = ['-N', 'success,delay', '-R', 'hdrs', '-V', 'a+b=c']
    await postfix.submit(`α@${HOSTNAME}`, `δ@${WAYS.plain}`, LINES.join('\n'), options)
    const { parameters, recipientParameters, forwardPaths, conversation } = await arrival
    expect(usedIn(conversation)).toEqual(['DSN', 'PIPELINING', 'SIZE', 'SMTPUTF8'])
    expect(forwardPaths).toEqual([{ localPart: 'δ', domain: WAYS.plain }])
    expect(parameters).toMatchObject({ ret: 'HDRS', envid: 'a+b=c', smtpUtf8: true })
    expect(recipientParameters).toMatchObject([{ notify: ['SUCCESS', 'DELAY'] }])
  })

  test('one recipient refused in the group: the other gets the message, the sender a report', async () => {
    const arrival = next(server)
    await postfix.submit(SENDER, ['ada@posthorn.example', REFUSED], LINES.join('\n'))
    expect((await arrival).forwardPaths).toEqual([{ localPart: 'ada', domain: 'posthorn.example' }])
    const report = new TextDecoder().decode(await postfix.take('alice'))
    expect(report).toContain(`Final-Recipient: rfc822; ${REFUSED}`)
    expect(report).toContain('Diagnostic-Code: smtp; 550 5.1.1 No such user')
  })

  test('LMTP: a reply for each recipient is what each is told [rfc2033 4.2]', async () => {
    const arrival = next(lmtp)
    const picky = PICKY.replace('posthorn.example', WAYS.lmtp)
    await postfix.submit(SENDER, [`ada@${WAYS.lmtp}`, picky, `bea@${WAYS.lmtp}`], LINES.join('\n'))
    const { text, conversation } = await arrival
    expect(bodyOf(text)).toBe(BODY)
    expect(usedIn(conversation)).toEqual(['8BITMIME', 'DSN', 'LMTP', 'PIPELINING', 'SIZE'])
    await logged(/to=<ada@lmtp\.posthorn\.example>.*status=sent \(250 2\.0\.0/)
    await logged(/to=<picky@lmtp\.posthorn\.example>.*status=bounced .*550 Not this content/)
    await logged(/to=<bea@lmtp\.posthorn\.example>.*status=sent \(250 2\.0\.0/)
    await postfix.take('alice')
  })

  test('XFORWARD: where the message came from reaches the handler', async () => {
    const arrival = next(trusting)
    await postfix.submit(SENDER, `ada@${WAYS.proxy}`, LINES.join('\n'))
    const { peer, conversation } = await arrival
    expect(usedIn(conversation)).toContain('XFORWARD')
    expect(peer.forwarded).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'SOURCE', value: 'LOCAL' })]),
    )
    expect(peer.client).toBeUndefined()
  })
})
