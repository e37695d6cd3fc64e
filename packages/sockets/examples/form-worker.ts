/**
 * A Cloudflare Worker that mails what a form was filled in with: composed, signed, and submitted over TLS.
 * The form has the fields `name`, `email` and `message`; the answer is JSON whose `status` says what became of the mail.
 */
import { concatBytes, MailError } from '@posthorn/core'
import { importDkimKey, signDkim } from '@posthorn/dkim'
import { compose, parseAddress } from '@posthorn/mime'
import { SmtpClient } from '@posthorn/smtp'
import { connect } from '@posthorn/sockets/cloudflare'

/** Variables and secrets of the worker. */
interface Env {
  readonly SMTP_HOST: string
  readonly SMTP_PORT: string
  /** `implicit` for TLS from the beginning, as on port 465; else STARTTLS. */
  readonly SMTP_TLS: string
  readonly SMTP_USERNAME: string
  readonly SMTP_PASSWORD: string
  /** The author, an address of `DKIM_DOMAIN`: never that of the visitor, for whom this domain cannot speak. */
  readonly MAIL_FROM: string
  readonly MAIL_TO: string
  readonly DKIM_DOMAIN: string
  readonly DKIM_SELECTOR: string
  /** The private key, in PEM. */
  readonly DKIM_KEY: string
}

interface Form {
  readonly name: string
  readonly email: string
  readonly message: string
}

type Status = 'accepted' | 'rejected' | 'deferred' | 'unknown'

const MAX_OCTETS = 65_536
const LIMITS: Readonly<Record<keyof Form, number>> = { name: 100, email: 254, message: 20_000 }

const ANSWERS: Readonly<Record<Status, { readonly code: number; readonly text: string }>> = {
  accepted: { code: 202, text: 'The mail server has taken your message.' },
  rejected: { code: 502, text: 'The mail server refuses your message. Trying again will not help.' },
  deferred: { code: 503, text: 'Your message was not sent. Try again later.' },
  unknown: { code: 504, text: 'Your message may have been sent, or not. If you send it again, it may come twice.' },
}

// What would end a line of a header, or hide there.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u

function answer(code: number, body: { readonly status: string; readonly text: string }): Response {
  return Response.json(body, { status: code, headers: { 'cache-control': 'no-store' } })
}

const refuse = (code: number, text: string): Response => answer(code, { status: 'invalid', text })

function isAddress(text: string): boolean {
  try {
    return /^[!-~]+$/.test(text) && parseAddress(text).address === text
  } catch {
    return false
  }
}

/** Reads the form; gives the name of a field that is not as it must be. */
function readForm(data: FormData): Form | keyof Form {
  const text = (name: keyof Form): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const form: Form = { name: text('name'), email: text('email'), message: text('message') }
  for (const field of ['name', 'email', 'message'] as const) {
    if (form[field] === '' || form[field].length > LIMITS[field]) return field
  }
  if (CONTROL.test(form.name)) return 'name'
  return isAddress(form.email) ? form : 'email'
}

async function composeSigned({ name, email, message }: Form, env: Env) {
  const composed = compose(
    {
      from: env.MAIL_FROM,
      to: env.MAIL_TO,
      replyTo: { name, address: email },
      subject: `Message from ${name}`,
      text: message,
    },
    { now: new Date(), random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  )
  const bytes = composed.bytes()
  const key = await importDkimKey(env.DKIM_KEY)
  const options = { domain: env.DKIM_DOMAIN, selector: env.DKIM_SELECTOR, key, now: Date.now() }
  return { envelope: composed.envelope, octets: concatBytes([await signDkim(bytes, options), bytes]) }
}

async function send(form: Form, env: Env): Promise<Status> {
  const { envelope, octets } = await composeSigned(form, env)
  const implicitTls = env.SMTP_TLS === 'implicit'
  const connection = await connect({ host: env.SMTP_HOST, port: Number(env.SMTP_PORT), implicitTls })
  const client = new SmtpClient(connection, {
    domain: env.DKIM_DOMAIN,
    credentials: { username: env.SMTP_USERNAME, password: env.SMTP_PASSWORD },
  })
  try {
    await client.open()
    const { recipients } = await client.send(envelope, octets)
    return recipients[0]!.status
  } finally {
    await client.quit()
  }
}

async function handle(request: Request, env: Env): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, 'Send the form by POST.')
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (!(length <= MAX_OCTETS)) return refuse(413, 'The form is too long.')
  const data = await request.formData().catch(() => undefined)
  if (!data) return refuse(400, 'This is no form.')
  const form = readForm(data)
  if (typeof form === 'string') return refuse(422, `Look at the field "${form}" again.`)
  try {
    const status = await send(form, env)
    return answer(ANSWERS[status].code, { status, text: ANSWERS[status].text })
  } catch (error) {
    // Until the message itself is sent, what fails is thrown: nothing has gone out.
    console.error(error instanceof MailError ? error.code : error)
    return answer(ANSWERS.deferred.code, { status: 'deferred', text: ANSWERS.deferred.text })
  }
}

export default { fetch: handle }
