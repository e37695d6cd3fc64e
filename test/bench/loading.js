/**
 * Clients that send to Postfix's smtp-sink, which is written in C, checks nothing and is never what is slow: each in a
 * process of its own, with smtp-source, the client of the same make, beside them.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { providePackages } from '../interop/packages.js'

const client = fileURLToPath(new URL('client.js', import.meta.url))

async function startSink() {
  if (!providePackages(['postfix'])) throw new Error('there is no smtp-sink, and it cannot be installed')
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  const sink = spawn('/usr/sbin/smtp-sink', ['-u', 'nobody', `127.0.0.1:${port}`, '100'], { stdio: 'inherit' })
  await once(sink, 'spawn')
  return { port, sink }
}

function openClient(name, port, connections) {
  const child = fork(client, [name, String(port), String(connections)])
  const answer = () => once(child, 'message').then(([told]) => told)
  const ready = answer()
  return {
    async obey(order) {
      await ready
      child.send(order)
      return answer()
    },
    close: () => child.disconnect(),
  }
}

// Its own clock has steps of ten milliseconds, so the shell tells what it used.
async function runSource(port, connections, { messages, octets }) {
  const start = performance.now()
  const length = octets ?? 1800
  const source = `/usr/sbin/smtp-source -d -s ${connections} -m ${messages ?? 1} -l ${length} 127.0.0.1:${port}; times`
  const shell = spawn('bash', ['-c', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  shell.stdout.on('data', (text) => {
    told += text
  })
  await once(shell, 'close')
  const wall = (performance.now() - start) / 1000
  const cpu = [...told.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0)
  return { wall, cpu }
}

/**
 * @param {{ messages?: number, octets?: number }} order What each client is to send in a round.
 * @param {object} options
 * @param {'wall' | 'cpu'} options.clock By which seconds it is counted.
 * @param {number} options.connections How many connections each client has.
 * @param {boolean} options.cold Whether each round has a new process.
 * @param {readonly string[]} options.names The clients.
 */
async function prepareLoading(order, { clock, connections, cold = false, names }) {
  const { port, sink } = await startSink()
  const open = new Map()
  const amount = order.messages ?? order.octets / 1e6

  async function run(name) {
    if (name === 'smtp-source') return amount / (await runSource(port, connections, order))[clock]
    const one = open.get(name) ?? openClient(name, port, connections)
    if (!cold) open.set(name, one)
    const told = await one.obey(order)
    if (cold) one.close()
    return amount / told[clock]
  }

  return {
    rows: names.map((name) => ({ name, run: () => run(name) })),
    close() {
      for (const one of open.values()) one.close()
      sink.kill()
    },
  }
}

/** A case of its own: what `index.js` sets up and tears down. */
export function loadingCase(order, options) {
  let loading
  return {
    async setup() {
      loading = await prepareLoading(order, options)
      return loading.rows
    },
    teardown: () => loading?.close(),
  }
}
