/**
 * The backend of the page, and its bridge, in one process: serves the page, mints tickets for whoever is logged in, and
 * carries connections to one mail server.
 *
 *   MAIL_HOST=smtp.example MAIL_PORT=587 node packages/bridge/examples/server.ts
 */

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Bridge, createBridge, type NodeBridgeOptions } from '@posthorn/bridge/node'
import { type BridgePolicy, importTicketKey, mintTicket } from '@posthorn/bridge/server'
import { build } from 'esbuild'
import type { Settings } from './page/mail.ts'

/** What the example is told. */
export interface ExampleOptions extends Settings {
  /** The port to listen to; default: a free one. */
  readonly listenPort?: number
  /** How browsers reach it, as `https://mail.example`, where a proxy with TLS stands before it. */
  readonly publicOrigin?: string
  /** What the bridge allows beside: a mail server in your own network needs `unsafeAllowPrivateAddresses`. */
  readonly policy?: Partial<BridgePolicy>
  /** What the bridge is told beside. */
  readonly bridge?: Omit<Partial<NodeBridgeOptions>, 'policy' | 'keys' | 'path'>
}

/** The example at work. */
export interface Example {
  readonly origin: string
  readonly bridge: Bridge
  /** The DKIM records that pages have made: what belongs into the DNS. */
  readonly dkimRecords: readonly string[]
  close(): Promise<void>
}

interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body: string | Uint8Array
}

type Handler = (request: IncomingMessage) => Answer | Promise<Answer>

const MAX_RECORD = 1000
const notFound: Handler = () => ({ status: 404, body: 'Not found' })
const failed = (): Answer => ({ status: 500, body: 'It failed' })
const HEADERS = {
  'content-security-policy': "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // STUB: whoever opens the page is logged in as this user. Set the cookie after your own login instead.
  'set-cookie': 'session=user-17; HttpOnly; SameSite=Strict; Path=/',
}

/** STUB: believes the cookie. Look it up among your sessions instead. */
function userOf({ headers }: IncomingMessage): string | undefined {
  return /(?:^|; )session=([\w-]{1,64})/.exec(headers.cookie ?? '')?.[1]
}

async function bundlePage(): Promise<Map<string, string>> {
  const folder = fileURLToPath(new URL('page/', import.meta.url))
  const entryPoints = ['send.ts', 'worker.ts'].map((name) => `${folder}${name}`)
  const options = { bundle: true, format: 'esm', minify: true, target: 'es2022', write: false } as const
  const { outputFiles } = await build({ entryPoints, outdir: folder, ...options })
  return new Map(outputFiles.map(({ path, text }) => [`/${path.slice(folder.length)}`, text]))
}

async function pageRoutes(): Promise<Record<string, Handler>> {
  const read = (name: string): Promise<string> => readFile(new URL(`page/${name}`, import.meta.url), 'utf8')
  const [html, css, scripts] = await Promise.all([read('index.html'), read('style.css'), bundlePage()])
  const routes: Record<string, Handler> = {
    'GET /': () => ({ type: 'text/html; charset=utf-8', body: html }),
    'GET /style.css': () => ({ type: 'text/css; charset=utf-8', body: css }),
  }
  for (const [path, body] of scripts) routes[`GET ${path}`] = () => ({ type: 'text/javascript; charset=utf-8', body })
  return routes
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('latin1')) {
    body += chunk
    if (body.length > MAX_RECORD) return ''
  }
  return body
}

/** Starts the example. */
export async function startExample({ host, port, implicitTls, dkim, ...options }: ExampleOptions): Promise<Example> {
  const keys = await importTicketKey(crypto.getRandomValues(new Uint8Array(32)))
  const destination = `${host}:${port}`
  const dkimRecords: string[] = []
  const settings: Settings = { host, port, implicitTls, ...(dkim && { dkim }) }

  // Only for who is logged in, and only from pages of this origin.
  const guarded =
    (handler: (user: string, request: IncomingMessage) => Promise<Answer>): Handler =>
    (request) => {
      const user = userOf(request)
      if (user === undefined) return { status: 401, body: 'Log in first' }
      if (request.headers.origin !== origin) return { status: 403, body: 'Not from there' }
      return handler(user, request)
    }

  const routes: Record<string, Handler> = {
    ...(await pageRoutes()),
    'GET /settings': () => ({ type: 'application/json', body: JSON.stringify(settings) }),
    'GET /healthz': () => {
      const { health } = bridge
      return { status: health.status === 'closing' ? 503 : 200, type: 'application/json', body: JSON.stringify(health) }
    },
    'POST /mail-ticket': guarded(async (user) => ({ body: await mintTicket(keys, { sub: user, dst: [destination] }) })),
    // STUB: keeps the record. Have it stand in the DNS at selector._domainkey.domain before the first mail instead.
    'POST /dkim-record': guarded(async (_, request) => {
      dkimRecords.push(await readBody(request))
      return { body: 'published' }
    }),
  }

  const server = createServer(async (request, response) => {
    const handler = routes[`${request.method} ${request.url?.split('?')[0]}`] ?? notFound
    const answer = await Promise.resolve(handler(request)).catch(failed)
    response.writeHead(answer.status ?? 200, { ...HEADERS, 'content-type': answer.type ?? 'text/plain; charset=utf-8' })
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(options.listenPort ?? 0, '127.0.0.1', resolve))
  const origin = options.publicOrigin ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const policy = { origins: [origin], destinations: [destination], ...options.policy }
  const bridge = createBridge({ ...options.bridge, keys, policy, path: '/mail' })
  bridge.attach(server)
  return {
    origin,
    bridge,
    dkimRecords,
    async close() {
      await bridge.close(0)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { MAIL_HOST = 'smtp.example', MAIL_PORT = '587', PUBLIC_ORIGIN, PORT = '8080' } = process.env
  const example = await startExample({
    host: MAIL_HOST,
    port: Number(MAIL_PORT),
    implicitTls: MAIL_PORT === '465',
    listenPort: Number(PORT),
    ...(PUBLIC_ORIGIN !== undefined && { publicOrigin: PUBLIC_ORIGIN }),
    bridge: { log: (entry) => console.log(JSON.stringify(entry)) },
  })
  console.log(`Open ${example.origin}`)
  process.once('SIGTERM', () => void example.close())
}
