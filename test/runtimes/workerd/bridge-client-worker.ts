/** A worker that sends a signed message through a bridge, by the WebSocket of workerd, and answers with what became of it. */
import { connectBridge } from '@posthorn/bridge'
import { concatBytes, encodeUtf8, MailError } from '@posthorn/core'
import { importDkimKey, signDkim } from '@posthorn/dkim'
import { type Envelope, SmtpClient } from '@posthorn/smtp'

/** What to send, and how. */
export interface Errand {
  readonly url: string
  readonly ticket: string
  readonly host: string
  readonly port: number
  readonly implicitTls: boolean
  readonly credentials: { readonly username: string; readonly password: string }
  readonly envelope: Envelope
  readonly text: string
  readonly sign: { readonly domain: string; readonly selector: string; readonly key: string }
}

async function run({
  url,
  ticket,
  host,
  port,
  implicitTls,
  credentials,
  envelope,
  text,
  sign,
}: Errand): Promise<unknown> {
  const message = encodeUtf8(text)
  const key = await importDkimKey(sign.key)
  const field = await signDkim(message, { domain: sign.domain, selector: sign.selector, key, now: Date.now() })
  const connection = await connectBridge({ url, ticket, host, port, implicitTls })
  const client = new SmtpClient(connection, { credentials, serverName: host, unsafeTrustBridge: true })
  await client.open()
  const outcome = await client.send(envelope, concatBytes([field, message]))
  await client.quit()
  return { type: outcome.type, tls: connection.info.tls?.verifiedBy }
}

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return Response.json(await run((await request.json()) as Errand))
    } catch (error) {
      return Response.json({ code: error instanceof MailError ? error.code : String(error) })
    }
  },
}
