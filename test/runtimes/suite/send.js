/** A signed message to a real server, over whatever carries octets in a runtime: its host gives `connect`. */
import { concatBytes } from '@posthorn/core'
import { importDkimKey, signDkim } from '@posthorn/dkim'
import { compose } from '@posthorn/mime'
import { SmtpClient } from '@posthorn/smtp'
import { check, equal, fails, random } from './check.js'
import { DOMAIN, ED25519_PEM, RSA_PEM } from './keys.js'

/**
 * @typedef {(target: import('./check.js').Target) => Promise<import('@posthorn/smtp').Connection>} Connect
 * Opens a connection without TLS, which the client raises; the server proves `serverName` by `ca`.
 * @typedef {{ area: string, connect: Connect, options?: import('@posthorn/smtp').SmtpClientOptions }} Carrier
 * What carries octets: the area of its checks, and what a client over it is told besides.
 */

const KEYS = { brisbane: ED25519_PEM, test: RSA_PEM }

async function composeSigned({ username, recipient, subject }, area) {
  const now = new Date()
  const message = {
    from: `Joe SixPack <joe@${DOMAIN}>`,
    sender: username,
    to: recipient,
    subject: `${subject} ${area}`,
    text: 'Grüße\n.\n..\nFrom here\n',
    html: '<p>Grüße</p>',
    attachments: [{ filename: 'all octets.bin', content: Uint8Array.from({ length: 100_000 }, (_, at) => at & 255) }],
  }
  const composed = compose(message, { now, random })
  const { envelope } = composed
  const bytes = composed.bytes()
  const fields = []
  for (const [selector, pem] of Object.entries(KEYS)) {
    const key = await importDkimKey(pem)
    fields.push(await signDkim(bytes, { domain: DOMAIN, selector, key, now: now.getTime() }))
  }
  return { envelope, message: concatBytes([...fields, bytes]) }
}

function clientOf(connection, { serverName, username, password }, options) {
  return new SmtpClient(connection, { serverName, credentials: { username, password }, ...options })
}

/**
 * @param {Carrier} carrier What carries octets.
 * @returns {import('./check.js').Check[]} What can be checked with it against a server.
 */
export const sending = ({ area, connect, options }) => [
  check(`${area}: STARTTLS, AUTH, and a message with two signatures`, async (target) => {
    const connection = await connect(target)
    const client = clientOf(connection, target, options)
    await client.open()
    equal([connection.info.tls.serverName, client.capabilities.auth.length > 0], [target.serverName, true])
    const { envelope, message } = await composeSigned(target, area)
    const outcome = await client.send(envelope, message)
    await client.quit()
    equal(
      outcome.recipients.map(({ status }) => status),
      ['accepted'],
    )
  }),
  check(`${area}: a wrong password is refused`, async (target) => {
    const client = clientOf(await connect(target), { ...target, password: 'wrong' }, options)
    await fails('SMTP_AUTH_FAILED', () => client.open())
    await client.quit()
  }),
  check(`${area}: a certificate for another name gets no credentials`, async (target) => {
    const other = { ...target, serverName: 'other.example' }
    const client = clientOf(await connect(other), other, options)
    const error = await client.open().catch((cause) => cause)
    // Which error says so is for the carrier to choose.
    equal([/TLS|SERVER_NAME/.test(error?.code), client.usable], [true, false], String(error))
    await client.quit()
  }),
]
