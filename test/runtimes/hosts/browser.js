/** Browsers of the machine, headless: a page on loopback runs the suite, itself or in a module Worker, and posts lines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHROMIUM_ARGS, findChromium, findOnPath } from '../../browser/chromium.js'
import { bundleEntry } from './bundle.js'
import { start, versionOf } from './process.js'

const TELL = `({ message }) => fetch('/lines', { method: 'POST', body: JSON.stringify({ type: 'error', message }) })`
const SCRIPTS = {
  page: `import('/suite.js').catch(${TELL})`,
  worker: `new Worker('/suite.js', { type: 'module' }).onerror = ${TELL}`,
}

const FIREFOX_PREFS = `user_pref('app.update.enabled', false);
user_pref('browser.shell.checkDefaultBrowser', false);
user_pref('datareporting.policy.dataSubmissionEnabled', false);
user_pref('toolkit.telemetry.enabled', false);
user_pref('app.normandy.enabled', false);
user_pref('network.captive-portal-service.enabled', false);
user_pref('network.connectivity-service.enabled', false);
user_pref('services.settings.server', 'http://127.0.0.1:9/');
user_pref('extensions.update.enabled', false);
user_pref('browser.safebrowsing.malware.enabled', false);
user_pref('browser.safebrowsing.phishing.enabled', false);
`

function serveSuite(script, { suite, given }, onLine) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      response.end()
      onLine(body)
      return
    }
    if (request.url === '/given') {
      response.end(JSON.stringify(await given))
      return
    }
    const javascript = request.url === '/suite.js'
    response.setHeader('Content-Type', javascript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(javascript ? suite : `<!doctype html><title>suite</title><script type="module">${script}</script>`)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function runBrowser(binary, { argsFor, script }, { targetFor, suites }, onLine) {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-browser-'))
  let [stop, finished] = [() => undefined, false]
  let tellGiven = () => undefined
  const given = new Promise((resolve) => {
    tellGiven = resolve
  })
  const suite = await bundleEntry('./browser-entry.js')
  const server = await serveSuite(script, { suite, given }, (line) => {
    onLine(line)
    if (!/^{"type":"(?:done|error)"/.test(line)) return
    finished = true
    stop()
  })
  const origin = `http://127.0.0.1:${server.address().port}`
  tellGiven({ target: await targetFor(origin), suites })
  const args = argsFor(folder, `${origin}/`)
  const browser = start(binary, args, { env: { ...process.env, HOME: folder } })
  stop = browser.stop
  const complaint = await browser.ended
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  // A browser never ends by itself, and complains of much that a container lacks.
  return finished ? '' : complaint
}

const chromiumArgs = (folder, url) => ['--headless', ...CHROMIUM_ARGS, `--user-data-dir=${folder}`, url]

function firefoxArgs(folder, url) {
  writeFileSync(join(folder, 'user.js'), FIREFOX_PREFS)
  return ['--headless', '--no-remote', '--profile', folder, url]
}

/** @returns {import('./host.js').Host} */
function host(name, binary, how) {
  const run = (given, onLine) => runBrowser(binary, how, given, onLine)
  return { name, version: versionOf(binary), pinned: false, run }
}

/** @returns {import('./host.js').Host[]} Those of the browsers that are installed. */
export function browserHosts() {
  const [chromium, firefox] = [findChromium(), findOnPath('firefox-esr', 'firefox')]
  return [
    ...(chromium ? [host('Chromium', chromium, { argsFor: chromiumArgs, script: SCRIPTS.page })] : []),
    ...(chromium ? [host('Chromium Worker', chromium, { argsFor: chromiumArgs, script: SCRIPTS.worker })] : []),
    ...(firefox ? [host('Firefox', firefox, { argsFor: firefoxArgs, script: SCRIPTS.page })] : []),
  ]
}
