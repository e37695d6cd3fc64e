/** A worker in workerd: its sources bundled, a configuration written, the server started and ended by pid. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { Daemon, freePort } from '../../interop/lib/process.ts'

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

const fromHere = createRequire(import.meta.url)
const fromWorkerd = createRequire(fromHere.resolve('workerd/package.json'))
const BINARY = fromWorkerd.resolve(
  `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
)

/** What a worker is, and what it may reach. */
export interface WorkerOptions {
  /** Its main module. */
  readonly entry: string
  /** What it finds in `env`. */
  readonly env?: Readonly<Record<string, string>>
  /** The certificate authorities that its sockets trust, in PEM; no others are. */
  readonly ca?: readonly string[]
  /** Names that lead to this machine, for it alone; takes root and a mount namespace. */
  readonly localNames?: readonly string[]
  /** Classes of its durable objects, by the names of their bindings. */
  readonly objects?: Readonly<Record<string, string>>
}

/** A worker at work. */
export interface Worker {
  /** Where it answers, without a slash at the end. */
  readonly url: string
  /** What workerd has logged. */
  log(): string
  stop(): Promise<void>
}

// Sources rather than builds, as all tests have it.
const workspace: Plugin = {
  name: 'workspace',
  setup({ onResolve }) {
    onResolve({ filter: /^@posthorn\// }, ({ path }) => {
      const [, name, subpath = 'index'] = path.split('/')
      return { path: join(packages, name!, 'src', `${subpath}.ts`), sideEffects: false }
    })
  },
}

async function bundleWorker(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: ['cloudflare:*'],
    logLevel: 'silent',
    plugins: [workspace],
  })
}

function configuration(port: number, { env = {}, ca = [], objects = {} }: WorkerOptions): string {
  const list = (items: readonly string[]): string => `[${items.join(', ')}]`
  const bindings = Object.entries(env).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  )
  const spaces = Object.entries(objects).map(
    ([name, className]) => `(name = ${JSON.stringify(name)}, durableObjectNamespace = ${JSON.stringify(className)})`,
  )
  const classes = Object.values(objects).map(
    (className) => `(className = ${JSON.stringify(className)}, uniqueKey = ${JSON.stringify(className)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-11-01",
      bindings = ${list([...bindings, ...spaces])},
      durableObjectNamespaces = ${list(classes)},
      durableObjectStorage = (inMemory = void),
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (
      allow = ["local"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = ${list(ca.map((pem) => JSON.stringify(pem)))}),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
`
}

function startServer(folder: string, file: string, localNames: readonly string[] = []): Daemon {
  if (localNames.length === 0) return new Daemon(BINARY, ['serve', file])
  const hosts = join(folder, 'hosts')
  writeFileSync(hosts, `127.0.0.1 localhost ${localNames.join(' ')}\n`)
  const script = 'mount --bind "$1" /etc/hosts && exec "$2" serve "$3"'
  return new Daemon('unshare', ['--mount', 'sh', '-c', script, 'sh', hosts, BINARY, file])
}

/** Starts a worker. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-workerd-'))
  const port = await freePort()
  await bundleWorker(options.entry, join(folder, 'worker.js'))
  const file = join(folder, 'config.capnp')
  writeFileSync(file, configuration(port, options))
  const daemon = startServer(folder, file, options.localNames)
  const stop = async (): Promise<void> => {
    await daemon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await daemon.ready(port)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}`, log: () => daemon.output, stop }
}
