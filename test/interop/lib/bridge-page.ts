/** The example of the bridge on loopback, and its page as a person uses it. */
import { type Example, type ExampleOptions, startExample } from '../../../packages/bridge/examples/server.ts'
import type { FilePayload, Page } from './chromium.ts'

/** A mail server on loopback, by the name that its certificate proves. */
export interface MailServer {
  readonly port: number
  readonly hostname: string
  readonly certificate: { readonly ca: string }
}

/** Starts the example, with a bridge to a mail server on loopback. */
export function startBridgeExample(
  { port, hostname, certificate }: MailServer,
  { policy, ...options }: Partial<ExampleOptions> = {},
): Promise<Example> {
  return startExample({
    host: hostname,
    port,
    implicitTls: false,
    policy: { unsafeAllowPrivateAddresses: ['127.0.0.1'], ...policy },
    bridge: {
      ca: certificate.ca,
      lookUp: async () => ['127.0.0.1'],
      connectionRate: { perSecond: 1000, burst: 1000 },
    },
    ...options,
  })
}

/** What a person types. */
export interface TypedMail {
  readonly account: { readonly username: string; readonly password: string }
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly files?: readonly FilePayload[]
}

/** Fills the form, and sends it; gives no time to the outcome. */
export async function submitForm(page: Page, { account, to, subject, text, files = [] }: TypedMail): Promise<void> {
  const typed = { from: account.username, password: account.password, to: to.join(', '), subject, text }
  for (const [field, value] of Object.entries(typed)) await page.fill(`#${field}`, value)
  await page.setInputFiles('#files', files)
  await page.click('#send')
}

/** Waits for the outcome, and gives it as it is read. */
export async function readOutcome(page: Page): Promise<string> {
  await page.waitForSelector('#outcome h2', { timeout: 50_000 })
  return String(await page.evaluate(`document.getElementById('outcome').innerText`))
}

/** Keeps what the page gives to WebSockets: with TLS at the bridge, the octets of SMTP. */
export const KEEP_SENT = `
globalThis.sent = []
const { send } = WebSocket.prototype
WebSocket.prototype.send = function (data) {
  if (typeof data !== 'string') globalThis.sent.push(...data)
  return send.call(this, data)
}
`

/** The message that a page has sent in one chunk, as it left the page. */
export async function sentMessage(page: Page): Promise<Buffer> {
  const octets = Buffer.from((await page.evaluate('globalThis.sent')) as number[])
  const command = /BDAT (\d+) LAST\r\n/.exec(octets.toString('latin1'))
  if (!command) throw new Error('The page has sent no chunk')
  return octets.subarray(command.index + command[0].length).subarray(0, Number(command[1]))
}

/** Keeps how far the page says that it has come. */
export const KEEP_PROGRESS = `
globalThis.shown = []
new MutationObserver(() => {
  const { value, max } = document.getElementById('progress')
  globalThis.shown.push([value, max])
}).observe(document.getElementById('progress'), { attributes: true })
`
