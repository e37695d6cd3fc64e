/**
 * Servers under the load of Postfix's smtp-source over twenty connections, each kept for many messages, none pipelined; and
 * Postfix's smtp-sink beside them, which is written in C. Debian's package postfix is installed where it is not there.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { providePackages } from '../interop/packages.js'
import { openBareClients } from './bare-client.js'

const SOURCE = '/usr/sbin/smtp-source'
const SINK = '/usr/sbin/smtp-sink'
const NAMES = ['smtp-server', 'posthorn', 'smtp-sink', 'bare']
// Of a second, in which Linux counts the time of another process.
const TICKS = 100

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const done = (result) => () => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', done(true)).once('error', done(false))
  })
}

/** Processor time and greatest memory of a process, in seconds and octets. */
function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, peak: Number(peak[1]) * 1024 }
}

async function startSink() {
  const port = await freePort()
  const child = spawn(SINK, ['-u', 'nobody', `127.0.0.1:${port}`, '200'], { stdio: 'ignore' })
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 50))
  return { port, pid: child.pid, stop: () => child.kill() }
}

async function startNode(name) {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [name])
  const [{ port }] = await once(child, 'message')
  return { port, pid: child.pid, stop: () => child.disconnect() }
}

async function load({ port }, { connections, messages, octets }) {
  const size = ['-s', connections, '-m', messages, '-l', octets].map(String)
  const source = spawn(SOURCE, ['-d', ...size, `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(source, 'close')
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
}

/**
 * @param {{ connections: number, messages: number, octets: number, idle?: number }} what What is sent, and how many more
 * clients are connected and idle meanwhile.
 * @param {(figures: { seconds: number, cpu: number, peak: number }) => number} figure What is told of a round.
 * @param {readonly string[]} names The servers.
 */
async function prepareSourcing(what, figure, names = NAMES) {
  if (!providePackages(['postfix'])) throw new Error('there is no smtp-source, and it cannot be installed')
  const servers = []
  for (const name of names) servers.push(await (name === 'smtp-sink' ? startSink() : startNode(name)))
  const idle = []
  for (const server of servers) idle.push(...(await openBareClients(server.port, what.idle ?? 0)))
  const measure = async (server) => {
    const [before, start] = [usageOf(server.pid), performance.now()]
    await load(server, what)
    const [seconds, { cpu, peak }] = [(performance.now() - start) / 1000, usageOf(server.pid)]
    return figure({ seconds, cpu: cpu - before.cpu, peak })
  }
  return {
    rows: servers.map((server, index) => ({ name: names[index], run: () => measure(server) })),
    close() {
      for (const client of idle) client.close()
      for (const server of servers) server.stop()
    },
  }
}

/** A case of its own: what `index.js` sets up and tears down. */
export function sourcingCase(...given) {
  let sourcing
  return {
    async setup() {
      sourcing = await prepareSourcing(...given)
      return sourcing.rows
    },
    teardown: () => sourcing?.close(),
  }
}
