/** Exim as client and server: the dialogue, its main log, its bounces. */

import { ACCOUNT as EXIM_ACCOUNT, type Exim, HOSTNAME, startExim } from '../../../interop/lib/exim.ts'
import { expectDelivery } from '../delivery.ts'
import { ACCOUNT, type Dialogue, MESSAGE } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Tool } from '../tool.ts'
import { speak } from './speaker.ts'

const REWRITES: Tool['rewrites'] = [
  [/\b(?:auth\.)?posthorn\.example\b/g, 'example.net'],
  [new RegExp(`\\b${HOSTNAME.replaceAll('.', '\\.')}\\b`, 'g'), 'relay.example.com'],
  [/\/tmp\/posthorn-exim-\w+/g, '/var/spool/relay'],
  [/\/var\/cache\/[\w-]+\/exim(?=\/)/g, ''],
]

let exim: Exim | undefined

function start({ port, ca }: Sink): Promise<Exim> {
  // A delivery out of the queue could be faster than the one that is watched
  return startExim({ relay: { port, ca, account: ACCOUNT }, queueEvery: '1h' })
}

// What is still in its queue would go to our server in the middle of other dialogues
async function stop(): Promise<void> {
  await exim?.stop()
  exim = undefined
}

function recipientsOf({ password, to }: Dialogue): string[] {
  return to.map((one) => one.replace(/@.*/, password ? '@auth.posthorn.example' : '@posthorn.example'))
}

function deliver(dialogue: Dialogue, options: readonly string[], from = dialogue.from): Promise<string> {
  return exim?.deliver(options, from, recipientsOf(dialogue), MESSAGE) ?? Promise.reject(new Error('no Exim'))
}

// Its panic log has this, and is read behind the main log
const PANIC = /lost privilege/

async function mainLog(work: () => Promise<unknown>): Promise<string> {
  const before = new Set(exim?.log().split('\n'))
  await work()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const lines = exim?.log().split('\n') ?? []
  return lines.filter((line) => !before.has(line) && !PANIC.test(line)).join('\n')
}

const talking = (name: string, option: string): Tool => ({
  name,
  format: 'exim',
  perspective: 'client',
  echoes: /^will |^cmd buf|^writing /,
  rewrites: REWRITES,
  stop,
  dialogues: ['sent', 'partly', 'sender', 'content', 'dropped'],
  async run(dialogue, sink) {
    exim ??= await start(sink)
    return deliver(dialogue, [option])
  },
})

/** Exim. */
export const EXIM: readonly Tool[] = [
  talking('exim-v', '-v'),
  talking('exim-d', '-d-all+transport'),
  {
    name: 'exim-mainlog',
    format: 'exim-mainlog',
    perspective: 'log',
    rewrites: REWRITES,
    stop,
    tells: ['sender', 'tls', 'auth'],
    expect: expectDelivery,
    dialogues: ['sent', 'partly', 'content'],
    async run(dialogue, sink) {
      exim ??= await start(sink)
      return mainLog(() => deliver(dialogue, []))
    },
  },
  {
    name: 'exim-mainlog-denied',
    format: 'exim-mainlog',
    perspective: 'log',
    rewrites: REWRITES,
    stop,
    dialogues: ['denied'],
    async run(dialogue, sink) {
      exim ??= await start(sink)
      const { port, certificate } = exim
      let turns: Awaited<ReturnType<typeof speak>> = []
      const text = await mainLog(async () => {
        turns = await speak(dialogue, { port, ca: certificate.ca, serverName: HOSTNAME, account: EXIM_ACCOUNT })
      })
      return { text, turns }
    },
    expect: (facts) => ({
      ...facts,
      // Another line than that of the failure has TLS
      tls: { state: 'none' },
      authentication: { mechanism: 'LOGIN', outcome: 'rejected' },
      transactions: [],
      close: ['unknown'],
    }),
  },
  {
    name: 'exim-bounce',
    format: 'delivery-report',
    perspective: 'report',
    rewrites: REWRITES,
    stop,
    expect: expectDelivery,
    dialogues: ['partly', 'content'],
    async run(dialogue, sink) {
      exim ??= await start(sink)
      await deliver(dialogue, [], `alice@${HOSTNAME}`)
      return Buffer.from(await exim.take('alice')).toString('utf8')
    },
  },
]
