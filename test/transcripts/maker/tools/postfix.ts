/** Postfix as client and server: what it logs of the dialogue when it is asked to, and of deliveries always; its bounces. */

import { appendFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { HOSTNAME, ACCOUNT as POSTFIX_ACCOUNT, type Postfix, startPostfix } from '../../../interop/lib/postfix.ts'
import { run } from '../../../interop/lib/process.ts'
import { expectDelivery } from '../delivery.ts'
import { ACCOUNT, type Dialogue, MESSAGE } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Tool } from '../tool.ts'
import { speak } from './speaker.ts'

const REWRITES: Tool['rewrites'] = [
  [/\b(?:[\w-]+\.)?posthorn\.example\b/g, 'example.net'],
  [new RegExp(`\\b${HOSTNAME.replaceAll('.', '\\.')}\\b`, 'g'), 'relay.example.com'],
  [/\bposthorn\.test\b/g, 'example.com'],
  [/\/tmp\/posthorn-postfix-\w+/g, '/var/spool/relay'],
  [/\bvm\b/g, 'relay'],
]
const PAUSE_MS = 250
const PATIENCE = 60

let server: Postfix | undefined

async function start({ port, ca }: Sink, debug: boolean): Promise<Postfix> {
  const postfix = await startPostfix({ port, ca, hostname: 'localhost', account: ACCOUNT })
  const etc = `${dirname(postfix.caFile)}/etc`
  const settings = ['smtpd_tls_loglevel = 1', ...(debug ? ['debug_peer_list = 127.0.0.1', 'debug_peer_level = 2'] : [])]
  appendFileSync(`${etc}/main.cf`, `${settings.join('\n')}\n`)
  await run('/usr/sbin/postfix', ['-c', etc, 'reload'])
  await new Promise((resolve) => setTimeout(resolve, 1500))
  return postfix
}

// What is still in its queue would go to our server in the middle of other dialogues
async function stop(): Promise<void> {
  await server?.stop()
  server = undefined
}

async function logged(postfix: Postfix, from: number, isDone: (log: string) => boolean): Promise<string> {
  for (let i = 0; i < PATIENCE && !isDone(postfix.log().slice(from)); i++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return postfix.log().slice(from).trimEnd()
}

// With AUTH and TLS by one of its ways, and without both by another
function recipientsOf({ password, to }: Dialogue): string[] {
  const domain = password ? 'login.posthorn.example' : 'plain.posthorn.example'
  return to.map((one) => one.replace(/@.*/, `@${domain}`))
}

async function relay(postfix: Postfix, dialogue: Dialogue): Promise<string> {
  const before = postfix.log().length
  const to = recipientsOf(dialogue)
  await postfix.submit(dialogue.from, to, MESSAGE)
  const isTold = (log: string): boolean =>
    (log.match(/ status=/g) ?? []).length >= to.length && /\bremoved$|deferred/m.test(log)
  return logged(postfix, before, isTold)
}

const ofProgram = (log: string, program: RegExp): string =>
  log
    .split('\n')
    .filter((line) => program.test(line))
    .join('\n')

/** Postfix. */
export const POSTFIX: readonly Tool[] = [
  {
    name: 'postfix-smtp',
    version: ['postconf', 'mail_version'],
    format: 'postfix-smtp',
    perspective: 'client',
    rewrites: REWRITES,
    stop,
    dialogues: ['sent', 'partly', 'sender', 'content', 'dropped'],
    async run(dialogue, sink) {
      server ??= await start(sink, true)
      return ofProgram(await relay(server, dialogue), / postfix\/smtp(?:-\w+)?\[/)
    },
  },
  {
    name: 'postfix-smtpd',
    format: 'postfix-smtpd',
    perspective: 'server',
    echoes: /: reject: /,
    rewrites: REWRITES,
    stop,
    dialogues: ['sent', 'partly', 'denied', 'dropped'],
    async run(dialogue, sink) {
      server ??= await start(sink, true)
      const before = server.log().length
      const here = {
        ...dialogue,
        to: dialogue.to.map((one) =>
          one.replace(/eve@.*|@.*/, (all) => (all.startsWith('eve') ? `alice@${HOSTNAME}` : `@${HOSTNAME}`)),
        ),
      }
      const port = dialogue.password ? server.port : server.mxPort
      const turns = await speak(here, {
        port,
        ca: server.certificate.ca,
        serverName: HOSTNAME,
        account: POSTFIX_ACCOUNT,
      })
      const log = await logged(server, before, (text) => /disconnect from/.test(text))
      return { text: ofProgram(log, / postfix\/smtpd\[/), turns }
    },
  },
  {
    name: 'postfix-log',
    format: 'postfix-log',
    perspective: 'log',
    rewrites: REWRITES,
    stop,
    tells: ['sender', 'tls'],
    expect: expectDelivery,
    dialogues: ['sent', 'partly', 'content', 'dropped'],
    async run(dialogue, sink) {
      server ??= await start(sink, false)
      return ofProgram(await relay(server, dialogue), / postfix\/(?!postfix-script|master|bounce|virtual)/)
    },
  },
  {
    name: 'postfix-bounce',
    format: 'delivery-report',
    perspective: 'report',
    rewrites: REWRITES,
    stop,
    expect: expectDelivery,
    dialogues: ['partly', 'content'],
    async run(dialogue, sink) {
      server ??= await start(sink, false)
      await relay(server, { ...dialogue, from: `alice@${HOSTNAME}` })
      return Buffer.from(await server.take('alice')).toString('utf8')
    },
  },
]
