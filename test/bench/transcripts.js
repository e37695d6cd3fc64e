/**
 * How long a Worker in Chromium takes for a log of 1 MB: a log of test/transcripts again and again, in a Worker that is new for
 * each. Run by `npm run bench:transcripts`; the figures stand in docs/benchmarks.md.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CHROMIUM_ARGS, requireChromium } from '../browser/chromium.js'
import { bundleEntry } from '../runtimes/hosts/bundle.js'
import { start } from '../runtimes/hosts/process.js'

const FOLDER = fileURLToPath(new URL('../transcripts/logs/', import.meta.url))

const TOOLS = [
  'curl',
  'exim-d',
  'exim-mainlog',
  'jakarta-mail',
  'msmtp',
  'nodemailer',
  'phpmailer',
  'postfix-smtpd',
  'smtplib',
  'swaks',
]

const PAGE = `<!doctype html><title>transcripts</title><script type="module">
  for (const log of await (await fetch('/logs')).json()) {
    const worker = new Worker('/worker.js', { type: 'module' })
    const row = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = reject
      worker.postMessage(log)
    })
    worker.terminate()
    await fetch('/row', { method: 'POST', body: JSON.stringify(row) })
  }
  await fetch('/done', { method: 'POST' })
</script>`

const logs = TOOLS.map((name) => ({ name, text: readFileSync(join(FOLDER, name, 'sent.txt'), 'utf8') }))

async function serve(worker, onRow, onDone) {
  const answers = { '/logs': JSON.stringify(logs), '/worker.js': worker }
  const types = { '/logs': 'application/json', '/worker.js': 'text/javascript' }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    response.setHeader('Content-Type', types[request.url] ?? 'text/html; charset=utf-8')
    response.end(request.method === 'POST' ? '' : (answers[request.url] ?? PAGE))
    if (request.url === '/row') onRow(JSON.parse(body))
    if (request.url === '/done') onDone()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const tell = (...cells) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(20) : String(cell).padStart(12))).join(''))

const folder = mkdtempSync(join(tmpdir(), 'posthorn-browser-'))
let stop = () => undefined
const server = await serve(
  await bundleEntry('../../bench/transcript-worker.js'),
  ({ name, lines, sessions, first, median }) => tell(name, lines, sessions, first.toFixed(0), median.toFixed(0)),
  () => stop(),
)
tell('log', 'lines', 'sessions', 'first, ms', 'median, ms')
const url = `http://127.0.0.1:${server.address().port}/`
const args = ['--headless', ...CHROMIUM_ARGS, `--user-data-dir=${folder}`, url]
const browser = start(requireChromium(), args, { env: { ...process.env, HOME: folder } })
stop = browser.stop
await browser.ended
server.closeAllConnections()
server.close()
rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
