import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Example, ExampleOptions } from '../../packages/bridge/examples/server.ts'
import {
  KEEP_PROGRESS,
  KEEP_SENT,
  readOutcome,
  sentMessage,
  startBridgeExample,
  submitForm,
  type TypedMail,
} from './lib/bridge-page.ts'
import { type Browser, launchChromium, type Page } from './lib/chromium.ts'
import { type DkimPeer, startDkimpy } from './lib/dkim-peers.ts'
import { hardMessage, wireForm } from './lib/message.ts'
import { ACCOUNT, HOSTNAME, type Postfix, RECIPIENTS, startPostfix } from './lib/postfix.ts'
import { run } from './lib/process.ts'
import { readWithPython } from './lib/python-email.ts'

// The example's own page in Chromium, by the example's own bridge, to Postfix: what the page wrote is what is stored.
let postfix: Postfix
let browser: Browser
let dkimpy: DkimPeer
const cleanUp: (() => unknown)[] = []

beforeAll(async () => {
  postfix = await startPostfix()
  browser = await launchChromium()
  dkimpy = startDkimpy()
})
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})
afterAll(async () => {
  dkimpy?.stop()
  await browser?.close()
  await postfix?.stop()
})

const BOB = `bob@${HOSTNAME}`
const NOBODY = `nobody@${HOSTNAME}`
const EVERY_OCTET = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
const MAIL: TypedMail = {
  account: ACCOUNT,
  to: [BOB],
  subject: 'Grüße ✉ from a page',
  text: '.\n..\nFrom here\nάλφα\n',
  files: [{ name: 'all octets ✓.bin', mimeType: 'application/octet-stream', buffer: EVERY_OCTET }],
}

// A text of a message has line ends of its own.
const TEXT_READ = MAIL.text.replaceAll('\n', '\r\n')

async function start(options: Partial<ExampleOptions> = {}): Promise<Example> {
  const example = await startBridgeExample(postfix, { dkim: { domain: HOSTNAME, selector: 'page' }, ...options })
  cleanUp.push(() => example.close())
  return example
}

/** Opens the page of an example; whatever goes wrong within it fails the test. */
async function open({ origin }: Example): Promise<Page> {
  const page = await browser.newPage()
  cleanUp.push(() => page.close())
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  cleanUp.push(() => expect(faults).toEqual([]))
  await page.addInitScript({ content: KEEP_SENT })
  await page.goto(origin)
  return page
}

async function verify(stored: Uint8Array, { dkimRecords }: Example): Promise<void> {
  const message = Buffer.from(wireForm(stored))
  expect(dkimRecords.length).toBe(1)
  const owner = `page._domainkey.${HOSTNAME}`
  expect(await dkimpy.takes(message, owner, dkimRecords[0]!)).toBe(true)
  message[message.lastIndexOf('=') - 3]! ^= 1
  expect(await dkimpy.takes(message, owner, dkimRecords[0]!)).toBe(false)
}

describe('the page of the example', () => {
  test.each([
    { name: 'STARTTLS and AUTH', implicitTls: false },
    { name: 'TLS from the beginning, and AUTH', implicitTls: true },
  ])('$name: the message is stored octet by octet, and dkimpy takes its signature', async ({ implicitTls }) => {
    const example = await start({ implicitTls, port: implicitTls ? postfix.tlsPort : postfix.port })
    const page = await open(example)
    await submitForm(page, MAIL)
    expect(await readOutcome(page)).toBe(`Sent\n${BOB}\nThe mail server has taken it.`)
    const stored = await postfix.take('bob')
    expect(wireForm(stored)).toContain('with ESMTPSA')
    expect(wireForm(stored).endsWith((await sentMessage(page)).toString())).toBe(true)
    await verify(stored, example)
    const [read] = await readWithPython([stored])
    expect(read).toMatchObject({ defects: [], subject: MAIL.subject, plain: TEXT_READ, to: [['', BOB]] })
    expect(read!.files).toEqual([{ name: 'all octets ✓.bin', base64: EVERY_OCTET.toString('base64') }])
  })

  test('says of each recipient what became of it, and whether to try again', async () => {
    const page = await open(await start())
    await submitForm(page, { ...MAIL, to: [BOB, NOBODY, RECIPIENTS.later], files: [] })
    const text = await readOutcome(page)
    expect(text).toContain('Sent to some, not to all')
    expect(text).toContain(`${BOB}\nThe mail server has taken it.`)
    expect(text).toMatch(
      new RegExp(`${NOBODY}\nIt was refused. The server says .*, which means: refused for good.*will not help`),
    )
    expect(text).toMatch(new RegExp(`${RECIPIENTS.later}\nIt was not taken. .*Send it again in a while`))
    await postfix.take('bob')
  })

  test('says in plain words what is wrong with a password, and with a bridge that does not go there', async () => {
    const page = await open(await start())
    await submitForm(page, { ...MAIL, account: { ...ACCOUNT, password: 'wrong' } })
    expect(await readOutcome(page)).toBe('Not sent\n\nThe mail server does not take this address and password.')
    const other = await open(await start({ policy: { destinations: ['elsewhere.example:587'] } }))
    await submitForm(other, MAIL)
    expect(await readOutcome(other)).toContain('does not connect there')
  })

  test('20 MB: the progress never goes back, and reaches the whole', async () => {
    const example = await start()
    const page = await open(example)
    await page.evaluate(KEEP_PROGRESS)
    // What the page has sent is known by its signature; to keep it would take a while.
    await page.evaluate('globalThis.sent = { push: () => undefined }')
    const buffer = randomBytes(20_000_000)
    await submitForm(page, { ...MAIL, files: [{ name: 'large.bin', mimeType: 'application/x-large', buffer }] })
    expect(await readOutcome(page)).toContain('The mail server has taken it.')
    const shown = (await page.evaluate('globalThis.shown')) as [value: number, max: number][]
    const values = shown.filter(([, max]) => max > 1).map(([value]) => value)
    expect(values.length).toBeGreaterThan(20)
    expect(values).toEqual([...values].sort((a, b) => a - b))
    expect(values.at(-1)).toBe(shown.at(-1)![1])
    const stored = await postfix.take('bob')
    await verify(stored, example)
    const [read] = await readWithPython([stored])
    const hashOf = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex')
    expect(hashOf(Buffer.from(read!.files[0]!.base64, 'base64'))).toBe(hashOf(buffer))
  })

  test('a cancelled mail is not sent, and leaves nothing behind', async () => {
    const example = await start()
    const page = await open(example)
    await page.evaluate('globalThis.sent = { push: () => undefined }')
    const buffer = Buffer.alloc(30_000_000)
    await submitForm(page, { ...MAIL, files: [{ name: 'large.bin', mimeType: 'application/x-large', buffer }] })
    await page.waitForSelector('#progress[max]:not([max="1"])')
    await page.click('#cancel')
    const text = await readOutcome(page)
    expect(text).toMatch(/^Not sent\n/)
    expect(text).toContain('You cancelled it.')
    await expect.poll(() => example.bridge.health.counters.open).toBe(0)
    await expect.poll(() => postfix.log()).toContain('lost connection after BDAT')
  })

  test('a module worker sends it as well', async () => {
    const example = await start()
    const page = await open(example)
    const mail = { ...MAIL, files: [], from: ACCOUNT.username, password: ACCOUNT.password, account: undefined }
    const told = await page.evaluate(`new Promise((resolve) => {
      const worker = new Worker('/worker.js', { type: 'module' })
      worker.addEventListener('message', ({ data }) => data.type !== 'progress' && resolve(data))
      worker.postMessage(${JSON.stringify(mail)})
    })`)
    expect(told).toMatchObject({ type: 'outcome', outcome: { type: 'accepted', recipients: [{ status: 'accepted' }] } })
    const stored = await postfix.take('bob')
    await verify(stored, example)
    expect((await readWithPython([stored]))[0]).toMatchObject({ subject: MAIL.subject, plain: TEXT_READ })
  })
})

describe('the backend of the example', () => {
  test('mints no ticket without a login, or for a page of another origin', async () => {
    const { origin } = await start()
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${origin}/mail-ticket`, { method: 'POST', headers })
    expect((await ask({ origin })).status).toBe(401)
    expect((await ask({ origin: 'https://evil.example', cookie: 'session=ada' })).status).toBe(403)
    expect(await (await ask({ origin, cookie: 'session=ada' })).text()).toMatch(/^ticket\./)
    expect(await (await fetch(`${origin}/healthz`)).json()).toMatchObject({ status: 'ok', counters: { accepted: 0 } })
  })
})

describe('the scripts of the example', () => {
  const examples = fileURLToPath(new URL('../../packages/bridge/examples/', import.meta.url))
  // The package of Bun gets its executable from a script that pnpm does not run; it lies beside it.
  const runtimes = fileURLToPath(new URL('../runtimes/node_modules/', import.meta.url))
  const bun = `${realpathSync(`${runtimes}bun`)}/../@oven/bun-linux-x64/bin/bun`

  test.each([
    { runtime: 'deno', program: `${runtimes}.bin/deno`, args: ['run', '--allow-net', '--allow-env', '--allow-read'] },
    { runtime: 'bun', program: bun, args: [] },
  ])('$runtime sends a file as it is', async ({ runtime, program, args }) => {
    const { origin } = await start({ policy: { allowMissingOrigin: true } })
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-script-'))
    cleanUp.push(() => rmSync(folder, { recursive: true }))
    const message = hardMessage(`script on ${runtime}`)
    writeFileSync(join(folder, 'message.eml'), message)
    const headers = { origin, cookie: 'session=script' }
    const env = {
      BRIDGE_URL: `${origin.replace('http', 'ws')}/mail`,
      TICKET: await (await fetch(`${origin}/mail-ticket`, { method: 'POST', headers })).text(),
      MAIL_SERVER: `${HOSTNAME}:${postfix.port}`,
      MAIL_PASSWORD: ACCOUNT.password,
    }
    const script = join(examples, `${runtime}-send.ts`)
    const command = [...args, script, join(folder, 'message.eml'), ACCOUNT.username, BOB, NOBODY]
    const { code, stdout, stderr } = await run(program, command, { env })
    expect({ code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: `${BOB}: accepted, retry: never\n${NOBODY}: rejected, retry: never\n`,
    })
    expect(wireForm(await postfix.take('bob')).endsWith(new TextDecoder().decode(message))).toBe(true)
  })
})
