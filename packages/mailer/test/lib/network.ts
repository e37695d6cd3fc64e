import { concatBytes } from '@posthorn/core'
import {
  type Connect,
  type Connection,
  type IncomingMessage,
  type MemoryPairOptions,
  memoryPair,
  type Platform,
  type ServeOptions,
  serve,
} from '@posthorn/smtp'
import { createMailer, type Mailer, type MailerEvent, type MailerOptions } from '../../src/index.ts'

/** A message as a server took it. */
export interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

/** How a server in memory behaves. */
export interface MemoryServerOptions extends Partial<ServeOptions> {
  readonly pair?: MemoryPairOptions
  /** Puts something between client and server. */
  readonly between?: (near: Connection, session: number) => Connection
  /** Fails a connection in place of opening it. */
  readonly refuse?: (session: number) => Error | undefined
}

/** A server in memory, and what it took. */
export function memoryServer(options: MemoryServerOptions = {}) {
  const { pair, between = (near) => near, refuse, onMessage, ...rest } = options
  const taken: Taken[] = []
  const ends: Connection[] = []
  const serving: Promise<unknown>[] = []
  let sessions = 0
  let open = 0
  let most = 0
  const connect: Connect = async ({ signal }) => {
    const session = ++sessions
    const error = refuse?.(session)
    if (error) throw error
    signal?.throwIfAborted()
    const [near, far] = memoryPair(pair)
    ends.push(far)
    most = Math.max(most, ++open)
    const served = serve(far, {
      hostname: 'mx.example',
      ...rest,
      async onMessage(message) {
        const text = await textOf(message)
        const decision = await onMessage?.(message)
        if (!decision || !('code' in decision) || decision.code < 300) {
          const { reversePath, forwardPaths } = message
          taken.push({ from: addressOf(reversePath), to: forwardPaths.map(addressOf), text })
        }
        return decision
      },
    }).then(() => open--)
    serving.push(served)
    return between(near, session)
  }
  return {
    connect,
    taken,
    ends,
    /** Resolves when all sessions are over at this end too. */
    ended: () => Promise.all(serving),
    get sessions() {
      return sessions
    },
    get most() {
      return most
    },
  }
}

/** A mailer to a server in memory, and what it told. */
export function mailerTo(server: { readonly connect: Connect }, options: Partial<MailerOptions> = {}) {
  const events: MailerEvent[] = []
  const mailer: Mailer = createMailer('smtp://localhost', {
    connect: server.connect,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { mailer, events, told: (type: MailerEvent['type']) => events.filter((event) => event.type === type) }
}

export const MAIL = { from: 'ada@example.org', to: 'b@example.net', subject: 'Hi', text: 'Hello\n' }

async function textOf({ content }: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk.slice())
  return new TextDecoder().decode(concatBytes(chunks))
}

function addressOf(path: IncomingMessage['reversePath'] | IncomingMessage['forwardPaths'][number]): string {
  if (path === null) return ''
  return path === 'postmaster' ? path : `${path.localPart}@${path.domain}`
}

/** Timers of the platform, counted. */
export function countingPlatform(): Platform & { readonly timers: () => number } {
  const running = new Set<ReturnType<typeof setTimeout>>()
  return {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    startTimer(milliseconds, callback) {
      const timer = setTimeout(() => {
        running.delete(timer)
        callback()
      }, milliseconds)
      running.add(timer)
      return () => {
        clearTimeout(timer)
        running.delete(timer)
      }
    },
    timers: () => running.size,
  }
}
