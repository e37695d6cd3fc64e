/** workerd, without its layer of Node: a worker answers a request with the lines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { bundleEntry } from './bundle.js'
import { packageFolder, start, versionOf } from './process.js'

const configuration = (ca = '') => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "loopback", network = (
      allow = ["local"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [${JSON.stringify(ca)}]),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (
  modules = [(name = "suite.js", esModule = embed "suite.js")],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  globalOutbound = "loopback",
);
`

async function runWorker(binary, { targetFor, suites }, onLine) {
  const target = await targetFor()
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-workerd-'))
  writeFileSync(join(folder, 'config.capnp'), configuration(target?.local.ca))
  writeFileSync(join(folder, 'suite.js'), await bundleEntry('./workerd-entry.js'))
  const args = ['serve', '--control-fd=3', 'config.capnp']
  const { child, ended, stop } = start(binary, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  try {
    const port = await Promise.race([listening(child.stdio[3]), ended])
    if (typeof port !== 'number') return port
    const given = JSON.stringify({ target, suites })
    const { body } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: given })
    for await (const line of createInterface({ input: Readable.fromWeb(body) })) onLine(line)
    return ''
  } catch (error) {
    stop()
    return `${error}\n${await ended}`
  } finally {
    stop()
    await ended
    rmSync(folder, { recursive: true })
  }
}

async function listening(control) {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line)
    if (event === 'listen') return port
  }
  return undefined
}

/** @returns {import('./host.js').Host[]} */
export function workerdHosts() {
  const binary = join(packageFolder('workerd', '@cloudflare/workerd-linux-64'), 'bin/workerd')
  const run = (given, onLine) => runWorker(binary, given, onLine)
  return [{ name: 'workerd', version: versionOf(binary), pinned: true, run }]
}
