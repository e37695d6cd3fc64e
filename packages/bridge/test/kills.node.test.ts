/** Points of a session × what is killed there: what the client says of each recipient is what the server knows. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BridgeOptions } from '@posthorn/bridge'
import { encodeUtf8 } from '@posthorn/core'
import { SmtpClient, type SmtpClientOptions } from '@posthorn/smtp'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { makeCertificate, type ThrowAwayCertificate } from '../../posthorn/src/demo/certificate.ts'
import { type GatedServer, gatedServer, MIDDLE, type Point } from './gated-server.ts'
import { HOST, type NodeLab, nodeLab, ORIGIN, webSocketFrom } from './node-lab.ts'

let certificate: ThrowAwayCertificate
let folder: string
let program: string
const cleanUp: (() => unknown)[] = []

beforeAll(async () => {
  certificate = await makeCertificate(HOST, Date.now())
  folder = mkdtempSync(join(tmpdir(), 'posthorn-kills-'))
  program = join(folder, 'bridge.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('bridge-process.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
})
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What there is to kill. */
interface Scene {
  readonly server: GatedServer
  readonly lab: NodeLab
  readonly webSocket: () => WebSocket
  readonly giveUp: AbortController
  readonly child: ChildProcess | undefined
}

interface Killer {
  readonly name: string
  readonly kill: (scene: Scene) => unknown
  /** What the client is told while it opens. */
  readonly code: string
  /** The close code in the log of the bridge. */
  readonly closed?: number
  readonly inOwnProcess?: boolean
}

const KILLERS: readonly Killer[] = [
  {
    name: 'the process of the bridge is killed',
    kill: ({ child }) => child?.kill('SIGKILL'),
    code: 'BRIDGE_LOST',
    inOwnProcess: true,
  },
  { name: 'the bridge shuts down', kill: ({ lab }) => lab.bridge.close(0), closed: 1001, code: 'BRIDGE_GOING_AWAY' },
  { name: 'the WebSocket is cut', kill: ({ webSocket }) => webSocket().terminate(), closed: 1006, code: 'BRIDGE_LOST' },
  { name: 'the client gives up', kill: ({ giveUp }) => giveUp.abort(), closed: 4000, code: 'SMTP_ABORTED' },
  { name: 'the server resets', kill: ({ server }) => server.tap.reset(), closed: 4503, code: 'BRIDGE_SERVER_LOST' },
  { name: 'the server ends in good order', kill: ({ server }) => server.tap.end(), closed: 4000, code: 'SMTP_CLOSED' },
]

const RECIPIENTS = ['ada@mx.example', 'nobody@mx.example', 'zoe@mx.example']
const MESSAGE = encodeUtf8('From: a@client.example\r\nSubject: hi\r\n\r\nHello\r\n')

/** A message that comes no further than its middle. */
async function* stalled(): AsyncGenerator<Uint8Array> {
  yield encodeUtf8(`Subject: half\r\n\r\n${'x\r\n'.repeat(MIDDLE / 3)}`)
  await new Promise(() => undefined)
}

function watched(): { readonly webSocket: NonNullable<BridgeOptions['webSocket']>; readonly last: () => WebSocket } {
  let last: WebSocket | undefined
  const Base = webSocketFrom(ORIGIN)
  class Watched extends Base {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      last = this as unknown as WebSocket
    }
  }
  return { webSocket: Watched, last: () => last! }
}

async function startProcess(port: number): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = fork(program, [String(port), certificate.ca], { execArgv: [] })
  cleanUp.push(() => child.kill('SIGKILL'))
  return { child, url: await new Promise<string>((resolve) => child.once('message', (url) => resolve(String(url)))) }
}

async function prepare(point: Point, { inOwnProcess = false, plain = false } = {}) {
  const server = await gatedServer(point, plain ? undefined : certificate)
  cleanUp.push(() => server.close())
  const lab = await nodeLab(server.port, { ca: certificate.ca })
  cleanUp.push(() => lab.close())
  const outside = inOwnProcess ? await startProcess(server.port) : undefined
  const { webSocket, last } = watched()
  const giveUp = new AbortController()
  const connection = await lab.connect({ webSocket, ...(outside && { url: outside.url }) })
  const options: SmtpClientOptions = plain
    ? { tls: 'none', signal: giveUp.signal }
    : {
        serverName: HOST,
        credentials: { username: 'ada', password: 'secret' },
        unsafeTrustBridge: true,
        signal: giveUp.signal,
      }
  const client = new SmtpClient(connection, options)
  const scene: Scene = { server, lab, webSocket: last, giveUp, child: outside?.child }
  return { client, scene }
}

/** Kills, lets the server go on, and waits until the bridge has no connection left and the server no session. */
async function killAt({ kill }: Killer, scene: Scene): Promise<void> {
  await kill(scene)
  scene.server.release()
  await settled(scene)
}

async function settled({ server, lab }: Scene): Promise<void> {
  await server.served
  await expect.poll(() => lab.bridge.health.counters.open).toBe(0)
}

const DEFERRED = 'deferred now-on-another-host'
const UNKNOWN = 'unknown may-duplicate'
const REFUSED = 'rejected never'

describe.each(KILLERS)('$name', (killer) => {
  test.each(['greeting', 'EHLO', 'STARTTLS', 'AUTH'] as const)(
    'at %s: an error, and nothing was sent',
    async (point) => {
      const { client, scene } = await prepare(point, killer)
      const opening = client.open().catch((error: unknown) => error)
      await scene.server.reached
      await killAt(killer, scene)
      // An end within a handshake is none that SMTP could see.
      const isCutOff = killer.code === 'SMTP_CLOSED' && point === 'STARTTLS'
      expect(await opening).toMatchObject({ code: isCutOff ? 'BRIDGE_SERVER_LOST' : killer.code })
      await client.quit()
      expect([scene.server.transactions(), scene.server.taken, scene.server.tap.connections()]).toEqual([0, [], 1])
    },
  )

  test.each([
    { point: 'MAIL', chunking: 'never', expected: [DEFERRED, DEFERRED, DEFERRED], whole: 0 },
    // All of it is out with the envelope, and the server may well go on with it.
    { point: 'MAIL', chunking: 'auto', expected: [UNKNOWN, UNKNOWN, UNKNOWN], whole: 1 },
    { point: 'RCPT', chunking: 'never', expected: [DEFERRED, DEFERRED, DEFERRED], whole: 0 },
    { point: 'content', chunking: 'never', expected: [DEFERRED, REFUSED, DEFERRED], whole: 0 },
    { point: 'content', chunking: 'auto', expected: [DEFERRED, REFUSED, DEFERRED], whole: 0 },
    { point: 'dot', chunking: 'never', expected: [UNKNOWN, REFUSED, UNKNOWN], whole: 1 },
    { point: 'dot', chunking: 'auto', expected: [UNKNOWN, UNKNOWN, UNKNOWN], whole: 1 },
  ] as const)('at $point, chunking $chunking: $expected', async ({ point, chunking, expected, whole }) => {
    const { client, scene } = await prepare(point, killer)
    await client.open()
    const message = point === 'content' ? stalled() : MESSAGE
    const envelope = { reversePath: 'a@client.example', forwardPaths: RECIPIENTS }
    const sending = client.send(envelope, message, { chunking })
    await scene.server.reached
    await killAt(killer, scene)
    const { recipients, error } = await sending
    expect(recipients.map(({ status, retry }) => `${status} ${retry}`)).toEqual(expected)
    expect(error).toMatchObject({ code: killer.code })
    expect(scene.lab.log.map(({ code }) => code)).toEqual(killer.closed ? [killer.closed] : [])
    expect(client.usable).toBe(false)
    await client.quit()
    expect(scene.server.taken.filter(({ type }) => type === 'whole').length).toBe(whole)
    expect([scene.server.transactions(), scene.server.tap.connections()]).toEqual([1, 1])
  })

  test('after the reply: accepted, and it stays so', async () => {
    const { client, scene } = await prepare('never', killer)
    await client.open()
    const envelope = { reversePath: 'a@client.example', forwardPaths: RECIPIENTS }
    const { recipients } = await client.send(envelope, MESSAGE)
    expect(recipients.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'accepted'])
    await killer.kill(scene)
    await expect(client.noop()).rejects.toThrow()
    await client.quit()
    await settled(scene)
    expect(scene.server.taken).toEqual([{ type: 'whole', octets: MESSAGE }])
    expect([scene.server.transactions(), scene.server.tap.connections()]).toEqual([1, 1])
  })
})

// TLS shows by itself what was cut off; without it the server must see a reset.
describe.each(KILLERS.filter(({ code, inOwnProcess }) => !inOwnProcess && !/SERVER|CLOSED/.test(code)))(
  'without TLS, $name',
  (killer) => {
    test.each(['greeting', 'MAIL', 'content', 'dot'] as const)('at %s: the server sees a reset', async (point) => {
      const { client, scene } = await prepare(point, { plain: true })
      const work = point === 'greeting' ? client.open() : sendInTheClear(client, point)
      const outcome = work.catch((error: unknown) => error)
      await scene.server.reached
      await killAt(killer, scene)
      await outcome
      await client.quit()
      expect(scene.server.tap.endings).toEqual(['ECONNRESET'])
      expect(scene.server.taken.filter(({ type }) => type === 'whole').length).toBe(point === 'dot' ? 1 : 0)
    })
  },
)

async function sendInTheClear(client: SmtpClient, point: Point): Promise<void> {
  await client.open()
  const envelope = { reversePath: 'a@client.example', forwardPaths: RECIPIENTS }
  await client.send(envelope, point === 'content' ? stalled() : MESSAGE, { chunking: 'never' })
}
