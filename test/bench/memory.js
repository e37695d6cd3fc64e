/**
 * What a session holds on to: one gigabyte through client and server, in memory and over loopback, by DATA and by BDAT; and
 * a thousand idle sessions. Run by `npm run bench:memory`; the figures stand in docs/benchmarks.md.
 */
import { connect, listen } from '@posthorn/node'
import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'

const LINE = new TextEncoder().encode(`${'x'.repeat(76)}\r\n`)
const PIECE = new Uint8Array(Buffer.concat(Array.from({ length: 840 }, () => Buffer.from(LINE))))
const GIGABYTE = 1_000_000_000
const SESSIONS = 1000

const megabytes = (octets) => (octets / 1e6).toFixed(1)

function settled() {
  globalThis.gc?.()
  return process.memoryUsage()
}

async function* gigabyte(watch) {
  for (let sent = 0; sent < GIGABYTE; sent += PIECE.length) {
    watch()
    yield PIECE
  }
}

async function drain({ content }) {
  for await (const octets of content) if (octets.length === 0) throw new Error('An empty piece')
}

const OPTIONS = { hostname: 'mx.example', maxSize: 2 * GIGABYTE, onMessage: drain }

async function inMemory() {
  const [near, far] = memoryPair()
  const served = serve(far, OPTIONS)
  return { near, end: () => served }
}

async function overLoopback() {
  let served
  const listener = await listen({ onConnection: (connection) => (served = serve(connection, OPTIONS)) })
  const near = await connect({ host: '127.0.0.1', port: listener.address.port })
  return { near, end: () => listener.close().then(() => served) }
}

async function stream(name, open, chunking) {
  const before = settled().rss
  let peak = before
  const { near, end } = await open()
  const client = new SmtpClient(near, { tls: 'none' })
  await client.open()
  const started = performance.now()
  const watch = () => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  const outcome = await client.send({ reversePath: null, forwardPaths: ['a@b.example'] }, gigabyte(watch), { chunking })
  const seconds = (performance.now() - started) / 1000
  await client.quit()
  await end()
  if (outcome.type !== 'accepted') throw new Error(JSON.stringify(outcome))
  console.log(
    `1 GB ${name}: ${(GIGABYTE / 1e6 / seconds).toFixed(0)} MB/s, resident ${megabytes(before)} MB before, ${megabytes(peak)} MB at most`,
  )
}

async function idle() {
  const open = []
  const before = settled()
  for (let index = 0; index < SESSIONS; index++) {
    const [near, far] = memoryPair()
    const served = serve(far, OPTIONS)
    const client = new SmtpClient(near, { tls: 'none' })
    await client.open()
    open.push({ client, served })
  }
  const after = settled()
  console.log(
    `${SESSIONS} idle sessions, both ends in memory: ${((after.heapUsed - before.heapUsed) / SESSIONS / 1000).toFixed(1)} KB of heap for each pair`,
  )
  await Promise.all(
    open.map(async ({ client, served }) => {
      await client.quit()
      await served
    }),
  )
}

await stream('in memory, by DATA', inMemory, 'never')
await stream('in memory, by BDAT', inMemory, 'auto')
await stream('over loopback, by DATA', overLoopback, 'never')
await stream('over loopback, by BDAT', overLoopback, 'auto')
await idle()
