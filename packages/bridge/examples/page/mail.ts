/** Composes a mail, signs it, and sends it through the bridge; for a page, or a worker. */

import { connectBridge } from '@posthorn/bridge'
import { concatBytes } from '@posthorn/core'
import { type DkimKey, generateDkimKey, signDkim } from '@posthorn/dkim'
import { compose } from '@posthorn/mime'
import { type SendOutcome, SmtpClient } from '@posthorn/smtp'

/** What the form says. */
export interface Mail {
  readonly from: string
  readonly password: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly files: readonly File[]
}

/** What the backend says of the mail server. */
export interface Settings {
  readonly host: string
  readonly port: number
  readonly implicitTls: boolean
  /** The domain that signatures are of, and which of its keys is the one of this page; absent where nobody signs here. */
  readonly dkim?: { readonly domain: string; readonly selector: string }
}

/** How far a mail has come, and how it may be stopped. */
export interface SendMailOptions {
  readonly signal?: AbortSignal
  /** Hears how many octets of the message have reached the server, of how many. */
  readonly onProgress?: (octets: number, total: number) => void
}

/** Asks the backend for the settings. */
export async function loadSettings(): Promise<Settings> {
  return (await ask('/settings')).json()
}

/** Sends a mail; resolves with the outcome of each recipient. */
export async function sendMail(mail: Mail, { signal, onProgress }: SendMailOptions = {}): Promise<SendOutcome> {
  const settings = await loadSettings()
  const { octets, envelope } = await composeMail(mail, settings)
  let begin = 0
  let passedOn = 0
  const connection = await connectBridge({
    host: settings.host,
    port: settings.port,
    implicitTls: settings.implicitTls,
    url: new URL('/mail', location.href.replace(/^http/, 'ws')).href,
    ticket: async () => (await ask('/mail-ticket', { method: 'POST' })).text(),
    ...(signal && { signal }),
    // Commands count as well, so the whole is reached a little early and never passed.
    onProgress: (progress) => {
      passedOn = progress.passedOn
      if (begin > 0) onProgress?.(Math.min(passedOn - begin, octets.length), octets.length)
    },
  })
  const client = new SmtpClient(connection, {
    serverName: settings.host,
    credentials: { username: mail.from, password: mail.password },
    unsafeTrustBridge: true, // It is served by the same backend as this page, which could read the form as well.
    ...(signal && { signal }),
  })
  try {
    await client.open()
    begin = passedOn
    return await client.send(envelope, octets)
  } finally {
    await client.quit()
  }
}

async function composeMail(mail: Mail, { dkim }: Settings) {
  const { from, to, subject, text } = mail
  const attachments = await Promise.all(
    mail.files.map(async (file) => ({
      filename: file.name,
      contentType: file.type || 'application/octet-stream',
      content: new Uint8Array(await file.arrayBuffer()),
    })),
  )
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const composed = compose({ from, to, subject, text, attachments }, { now: new Date(), random })
  const { envelope } = composed
  const bytes = composed.bytes()
  if (!dkim) return { octets: bytes, envelope }
  const field = await signDkim(bytes, { ...dkim, key: await signingKey(), now: Date.now() })
  return { octets: concatBytes([field, bytes]), envelope }
}

let made: Promise<DkimKey> | undefined

/** Makes a key that never leaves this page, and has the backend publish the other half of it. */
function signingKey(): Promise<DkimKey> {
  made ??= (async () => {
    const { privateKey, record } = await generateDkimKey()
    await ask('/dkim-record', { method: 'POST', body: record })
    return privateKey
  })()
  return made
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init)
  if (response.ok) return response
  throw new Error(response.status === 401 ? 'You are not logged in.' : `The backend answers ${response.status}.`)
}
