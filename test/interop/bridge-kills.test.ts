import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Example, ExampleOptions } from '../../packages/bridge/examples/server.ts'
import { type GatedServer, gatedServer, type Point } from '../../packages/bridge/test/gated-server.ts'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { readOutcome, startBridgeExample, submitForm, type TypedMail } from './lib/bridge-page.ts'
import { type Browser, launchChromium, type Page } from './lib/chromium.ts'
import { header, wireForm } from './lib/message.ts'
import { ACCOUNT, HOSTNAME, type Postfix, startPostfix } from './lib/postfix.ts'

// Pages that go away in the middle of a mail, and bridges that do, before a server of ours that waits at a point, and Postfix.
const SERVER = 'mx.example'
const cleanUp: (() => unknown)[] = []
const certificate = await makeCertificate(SERVER, Date.now())

afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

const MAIL: TypedMail = { account: ACCOUNT, to: ['ada@mx.example'], subject: 'hi', text: 'Hello' }

/** A mail that takes a while: more than the bridge, the kernel and the server hold together. */
const LARGE: TypedMail = {
  ...MAIL,
  files: [{ name: 'large.bin', mimeType: 'application/x-large', buffer: Buffer.alloc(15_000_000) }],
}

async function launch(): Promise<Browser> {
  const browser = await launchChromium()
  cleanUp.push(() => browser.close())
  return browser
}

async function start(server: Parameters<typeof startBridgeExample>[0], options: Partial<ExampleOptions> = {}) {
  const example = await startBridgeExample(server, options)
  cleanUp.push(() => example.close())
  return example
}

async function open(browser: Browser, { origin }: Example): Promise<Page> {
  const page = await browser.newPage()
  page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
  await page.goto(origin)
  return page
}

interface Killer {
  readonly name: string
  readonly kill: (scene: { readonly page: Page; readonly browser: Browser }) => unknown
}

const KILLERS: readonly Killer[] = [
  { name: 'the page is closed', kill: ({ page }) => page.close() },
  { name: 'the page goes elsewhere', kill: ({ page }) => page.goto('about:blank') },
  { name: 'the browser ends', kill: ({ browser }) => browser.close() },
]

describe.each(KILLERS)('$name', ({ kill }) => {
  async function killAt(point: Point, mail: TypedMail): Promise<GatedServer> {
    const server = await gatedServer(point, certificate)
    cleanUp.push(() => server.close())
    const example = await start({ port: server.port, hostname: SERVER, certificate })
    const browser = await launch()
    const page = await open(browser, example)
    await submitForm(page, mail)
    await server.reached
    await kill({ page, browser })
    await expect.poll(() => example.bridge.health.counters.open, { timeout: 10_000 }).toBe(0)
    server.release()
    await server.served
    expect([server.tap.connections(), server.transactions()].map((count) => count <= 1)).toEqual([true, true])
    return server
  }

  test.each(['greeting', 'EHLO', 'STARTTLS', 'AUTH'] as const)('at %s: nothing was sent', async (point) => {
    const server = await killAt(point, MAIL)
    expect([server.transactions(), server.taken]).toEqual([0, []])
  })

  test.each(['MAIL', 'RCPT', 'content'] as const)('at %s: the server has no message', async (point) => {
    const server = await killAt(point, LARGE)
    expect(server.taken.filter(({ type }) => type === 'whole')).toEqual([])
  })

  test('after the final dot: the server has the message, once', async () => {
    const server = await killAt('dot', MAIL)
    expect(server.taken.map(({ type }) => type)).toEqual(['whole'])
  })
})

describe('the bridge shuts down, and the page says so', () => {
  test.each([
    { point: 'AUTH', mail: MAIL, expected: /^Not sent\n.*shutting down.*Try again now/ },
    { point: 'content', mail: LARGE, expected: /^Not sent\nada@mx.example\nIt was not taken. Send it again now/ },
    {
      point: 'dot',
      mail: MAIL,
      expected: /^Perhaps sent\nada@mx.example\n.*may have arrived: ask, before you send it twice/,
    },
  ] as const)('at $point', async ({ point, mail, expected }) => {
    const server = await gatedServer(point, certificate)
    cleanUp.push(() => server.close())
    const example = await start({ port: server.port, hostname: SERVER, certificate })
    const page = await open(await launch(), example)
    await submitForm(page, mail)
    await server.reached
    await example.bridge.close(0)
    expect((await readOutcome(page)).replaceAll('\n\n', '\n')).toMatch(expected)
  })
})

describe('Postfix', () => {
  let postfix: Postfix
  beforeAll(async () => {
    postfix = await startPostfix()
  })
  afterAll(() => postfix.stop())

  const BOB = `bob@${HOSTNAME}`

  /** What is sent now is the first that is stored: of what was cut off before it nothing was. */
  async function expectNothingStored(): Promise<void> {
    await postfix.submit(ACCOUNT.username, BOB, `${header('afterwards').replaceAll('\r', '')}whole\n`)
    expect(wireForm(await postfix.take('bob'))).toContain('Subject: afterwards')
  }

  test.each([
    { name: 'the page is closed', kill: (page: Page) => page.close() },
    { name: 'the page goes elsewhere', kill: (page: Page) => page.goto('about:blank') },
    { name: 'the bridge shuts down', kill: (_: Page, example: Example) => example.bridge.close(0) },
  ])('$name in the middle of 15 MB: half of it is stored nowhere', async ({ kill }) => {
    const losses = (): number => postfix.log().split('lost connection after BDAT').length - 1
    const before = losses()
    const example = await start(postfix)
    const page = await open(await launch(), example)
    await submitForm(page, { ...LARGE, to: [BOB] })
    await page.waitForSelector('#progress[max]:not([max="1"])', { timeout: 30_000 })
    await kill(page, example)
    await expect.poll(losses, { timeout: 10_000 }).toBe(before + 1)
    await expect.poll(() => example.bridge.health.counters.open).toBe(0)
    await expectNothingStored()
  })
})
