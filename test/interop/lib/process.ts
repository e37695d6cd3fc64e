/** Servers and tools as child processes: started in the foreground, ready when their port answers, ended by pid. */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'

/** What a tool printed, and how it ended. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a tool to its end. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  const env = { ...process.env, ...options.env }
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** A port of the loopback interface that is free now. */
export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

const LIMIT_MS = 20_000
const PAUSE_MS = 50

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS))

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const done = (result: boolean) => (): void => {
      socket.destroy()
      resolve(result)
    }
    socket.on('connect', done(true)).on('error', done(false))
  })
}

/** A server at work. */
export class Daemon {
  readonly #child: ChildProcess
  #output = ''
  readonly #onExit = (): void => this.#kill('SIGKILL')

  /** Starts a server that stays in the foreground, in a process group of its own. */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    // The kernel ends it, should the test be killed before it could.
    this.#child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'TERM', command, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += chunk
      })
    }
    process.once('exit', this.#onExit)
  }

  /** What it has printed. */
  get output(): string {
    return this.#output
  }

  /** Waits until a port answers. */
  async ready(port: number): Promise<void> {
    for (const end = Date.now() + LIMIT_MS; Date.now() < end; await pause()) {
      if (await answers(port)) return
      if (this.#child.exitCode !== null) break
    }
    throw new Error(`It does not answer on port ${port}:\n${this.#output}`)
  }

  /** Ends it, and what it leaves of its children: Dovecot waits for seconds where they have ended before it. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#kill('SIGKILL'), LIMIT_MS)
    await ended
    clearTimeout(late)
    this.#kill('SIGTERM')
    process.off('exit', this.#onExit)
  }

  /** Ends it and its children at once, where there is nothing that they should put in order. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#kill('SIGKILL')
    await ended
    process.off('exit', this.#onExit)
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid!, signal)
    } catch {
      // It has ended by itself.
    }
  }
}
