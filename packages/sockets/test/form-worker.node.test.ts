import { concatBytes, decodeUtf8 } from '@posthorn/core'
import { exportDkimKey, generateDkimKey, verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { listen } from '@posthorn/node'
import type { Reply } from '@posthorn/reply'
import { plainServer } from '@posthorn/sasl'
import { type Connection, serve } from '@posthorn/smtp'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { makeCertificate } from '../../posthorn/src/demo/certificate.ts'
import { emulate } from './emulation.ts'

// The example, over sockets that behave as workerd's, before a server of our own.
const HOST = 'mail.example.org'
const PASSWORD = 'a secret'
const { ca, cert, key } = await makeCertificate(HOST, Date.now())
const dkim = await generateDkimKey({ algorithm: 'ed25519-sha256' })
const DKIM_KEY = await exportDkimKey(dkim.privateKey)

vi.mock('cloudflare:sockets', () => ({ connect: emulate({ ca }) }))
const { default: worker } = await import('../examples/form-worker.ts')

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closers.splice(0)) await close()
})

type Env = Parameters<typeof worker.fetch>[1]

function envFor(port: number): Env {
  return {
    SMTP_HOST: HOST,
    SMTP_PORT: String(port),
    SMTP_TLS: 'starttls',
    SMTP_USERNAME: 'form',
    SMTP_PASSWORD: PASSWORD,
    MAIL_FROM: 'Form <form@example.org>',
    MAIL_TO: 'office@example.org',
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 's',
    DKIM_KEY,
  }
}

interface Server {
  readonly env: Env
  readonly messages: Uint8Array[]
}

/** A server that answers the end of the message by `decide`. */
async function startServer(decide: (connection: Connection) => Reply | undefined): Promise<Server> {
  const messages: Uint8Array[] = []
  const listener = await listen({
    tls: { key, cert },
    onConnection: (connection) =>
      serve(connection, {
        hostname: HOST,
        tls: true,
        mechanisms: [plainServer(({ username, password }) => username === 'form' && password === PASSWORD)],
        async onMessage({ content }) {
          const chunks: Uint8Array[] = []
          for await (const chunk of content) chunks.push(chunk)
          messages.push(concatBytes(chunks))
          return decide(connection)
        },
      }),
    onError: () => undefined,
  })
  closers.push(() => listener.close())
  return { env: envFor(listener.address.port), messages }
}

const FIELDS = { name: 'Zoë', email: 'zoe@visitor.example', message: 'Hello.\nYours, Zoë' }

async function post(env: Env, fields: Record<string, string | Blob>): Promise<{ code: number; status: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const { headers, body } = new Response(form)
  const octets = await new Response(body).arrayBuffer()
  return ask(env, { 'content-type': headers.get('content-type')!, 'content-length': String(octets.byteLength) }, octets)
}

async function ask(
  env: Env,
  headers: Record<string, string>,
  body: ArrayBuffer,
): Promise<{ code: number; status: string }> {
  const response = await worker.fetch(new Request('https://form.example/', { method: 'POST', headers, body }), env)
  const { status } = (await response.json()) as { status: string }
  return { code: response.status, status }
}

describe('form worker', () => {
  test('what was filled in arrives, signed, from the domain and not from the visitor', async () => {
    const { env, messages } = await startServer(() => undefined)
    expect(await post(env, FIELDS)).toEqual({ code: 202, status: 'accepted' })
    const [message] = messages
    const resolver = new MemoryZone().add('s._domainkey.example.org', 'TXT', dkim.record)
    const [verdict] = await verifyDkim(message!, { resolver, now: Date.now() })
    expect(verdict).toMatchObject({ result: 'pass', signature: { domain: 'example.org' } })
    const text = decodeUtf8(message!)
    expect(text).toContain('\r\nFrom: Form <form@example.org>\r\n')
    expect(text).toContain('\r\nReply-To: =?utf-8?Q?Zo=C3=AB?= <zoe@visitor.example>\r\n')
    expect(text).toContain('\r\nHello.\r\nYours, Zo=C3=AB\r\n')
  })

  test.each([
    ['a refusal for good', { code: 550, lines: ['5.7.1 no'] }, { code: 502, status: 'rejected' }],
    ['a refusal for now', { code: 451, lines: ['4.3.0 later'] }, { code: 503, status: 'deferred' }],
  ])('%s of the message is told', async (_, reply, expected) => {
    const { env } = await startServer(() => reply)
    expect(await post(env, FIELDS)).toEqual(expected)
  })

  test('a connection that is lost after the end of the message: nobody knows', async () => {
    const { env } = await startServer((connection) => {
      connection.abort()
      return undefined
    })
    expect(await post(env, FIELDS)).toEqual({ code: 504, status: 'unknown' })
  })

  test.each([
    ['a server that is not there', 'SOCKETS_CONNECT_FAILED', { SMTP_PORT: '1' }],
    ['credentials that are refused', 'SMTP_AUTH_FAILED', { SMTP_PASSWORD: 'another secret' }],
    ['a certificate for another host', 'SOCKETS_TLS_FAILED', { SMTP_HOST: 'other.example.org' }],
  ])('%s: nothing was sent, and the log has the code alone', async (_, code, change) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { env, messages } = await startServer(() => undefined)
    expect(await post({ ...env, ...change }, FIELDS)).toEqual({ code: 503, status: 'deferred' })
    expect(logged.mock.calls).toEqual([[code]])
    expect(messages).toEqual([])
  })

  test.each([
    ['a line break in the name', { name: 'Zoë\r\nBcc: all@example.net' }],
    ['a control in the name', { name: 'Zoë\u0085' }],
    ['a line break in the address', { email: 'zoe@visitor.example\r\nBcc: all@example.net' }],
    ['two addresses', { email: 'zoe@visitor.example, all@example.net' }],
    ['a name in the address', { email: 'Zoë <zoe@visitor.example>' }],
    ['an address that is not US-ASCII', { email: 'zoë@visitor.example' }],
    ['no address', { email: 'zoe' }],
    ['no message', { message: ' \n' }],
    ['a long message', { message: 'x'.repeat(20_001) }],
    ['a file for a name', { name: new Blob(['Zoë']) }],
  ])('%s: the form is refused, and no socket is opened', async (_, change) => {
    const { env, messages } = await startServer(() => undefined)
    expect(await post({ ...env, SMTP_PORT: '1' }, { ...FIELDS, ...change })).toEqual({ code: 422, status: 'invalid' })
    expect(messages).toEqual([])
  })

  test('what is no form, or too long, or not posted, is refused', async () => {
    const env = envFor(1)
    const octets = new TextEncoder().encode('{}').buffer as ArrayBuffer
    const type = { 'content-type': 'application/json' }
    expect(await ask(env, { ...type, 'content-length': '2' }, octets)).toEqual({ code: 400, status: 'invalid' })
    expect(await ask(env, { ...type, 'content-length': '65537' }, octets)).toEqual({ code: 413, status: 'invalid' })
    expect(await ask(env, type, octets)).toEqual({ code: 413, status: 'invalid' })
    expect((await worker.fetch(new Request('https://form.example/'), env)).status).toBe(405)
  })
})
