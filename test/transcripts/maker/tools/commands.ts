/** Clients that are commands: swaks, curl, msmtp, openssl, netcat, telnet. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNT, type Dialogue, MESSAGE } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Tool } from '../tool.ts'
import { quote, shell, typing } from './shell.ts'

const EHLO = 'client.example.com'

function messageFile({ folder }: Sink): string {
  const file = join(folder, 'parcel.eml')
  writeFileSync(file, MESSAGE.replaceAll('\n', '\r\n'))
  return file
}

function swaks({ password, mechanism = 'login', from, to }: Dialogue, sink: Sink, ...more: string[]): Promise<string> {
  const login = password
    ? ['-tls', '--auth', mechanism.toUpperCase(), '--auth-user', ACCOUNT.username, '--auth-password', quote(password)]
    : []
  const who = ['--ehlo', EHLO, '--from', from, '--to', to.join(',')]
  const all = [
    'swaks',
    '--server',
    `localhost:${sink.port}`,
    ...who,
    ...login,
    '--data',
    `@${messageFile(sink)}`,
    ...more,
  ]
  return shell(all.join(' '))
}

function curl({ password, mechanism = 'plain', from, to }: Dialogue, sink: Sink, verbosity: string): Promise<string> {
  const isToken = mechanism === 'xoauth2' || mechanism === 'oauthbearer'
  const who = isToken ? [ACCOUNT.username, '--oauth2-bearer', password] : [quote(`${ACCOUNT.username}:${password}`)]
  const login = password
    ? ['--ssl-reqd', '--cacert', sink.caFile, '-u', ...who, '--login-options', `AUTH=${mechanism.toUpperCase()}`]
    : []
  const recipients = to.flatMap((one) => ['--mail-rcpt', one])
  const mail = ['--mail-from', from, ...recipients, '--mail-rcpt-allowfails', '-T', messageFile(sink)]
  return shell(['curl', '-s', verbosity, `smtp://localhost:${sink.port}/${EHLO}`, ...mail, ...login].join(' '))
}

function msmtp({ password, mechanism = 'plain', from, to }: Dialogue, sink: Sink): Promise<string> {
  const file = join(sink.folder, 'msmtprc')
  const login = password
    ? [
        'tls on',
        `tls_trust_file ${sink.caFile}`,
        `auth ${mechanism}`,
        `user ${ACCOUNT.username}`,
        `password ${password}`,
      ]
    : []
  const account = ['account default', 'host localhost', `port ${sink.port}`, `domain ${EHLO}`, `from ${from}`, ...login]
  writeFileSync(file, `${account.join('\n')}\n`, { mode: 0o600 })
  return shell(`msmtp -C ${file} --debug ${to.join(' ')}`, MESSAGE)
}

// What somebody types; in s_client a capital R or Q at the start of a line is a command to the tool
function typed({ name, password, from, to }: Dialogue, lower: boolean): string[] {
  const plain = Buffer.from(`\0${ACCOUNT.username}\0${password}`).toString('base64')
  const recipients = to.map((one) => (lower ? `rcpt to:<${one}>` : `RCPT TO:<${one}>`))
  const body = MESSAGE.trimEnd()
    .replaceAll(/^\./gm, '..')
    .replaceAll(/^Q/gm, lower ? ' Q' : 'Q')
    .split('\n')
  const quit = lower ? 'quit' : 'QUIT'
  const greeting = [`EHLO ${EHLO}`, ...(password ? [`AUTH PLAIN ${plain}`] : [])]
  if (name === 'denied') return [...greeting, quit]
  const mail = [...greeting, `MAIL FROM:<${from}>`]
  return name === 'sender' ? [...mail, quit] : [...mail, ...recipients, 'DATA', ...body, '.', quit]
}

const inTerminal = (command: string): string => `script -qfec ${quote(command)} /dev/null`

/** Clients that are commands. */
export const COMMANDS: readonly Tool[] = [
  {
    name: 'swaks',
    version: ['swaks', '--version'],
    mechanisms: ['plain', 'cram-md5'],
    format: 'swaks',
    perspective: 'client',
    run: (dialogue, sink) => swaks(dialogue, sink),
  },
  {
    name: 'swaks-pipeline',
    format: 'swaks',
    perspective: 'client',
    run: (dialogue, sink) => swaks(dialogue, sink, '--pipeline', '-stl'),
  },
  {
    name: 'curl',
    version: ['curl', '--version'],
    mechanisms: ['login', 'cram-md5', 'xoauth2', 'oauthbearer'],
    format: 'curl',
    perspective: 'client',
    run: (dialogue, sink) => curl(dialogue, sink, '-v'),
  },
  {
    name: 'curl-trace-ascii',
    format: 'curl-trace',
    perspective: 'client',
    run: (dialogue, sink) => curl(dialogue, sink, '--trace-ascii -'),
  },
  {
    name: 'curl-trace',
    format: 'curl-trace',
    perspective: 'client',
    rows: true,
    run: (dialogue, sink) => curl(dialogue, sink, '--trace - --trace-time'),
  },
  {
    name: 'msmtp',
    version: ['msmtp', '--version'],
    mechanisms: ['login', 'cram-md5', 'scram-sha-256', 'xoauth2', 'oauthbearer'],
    format: 'msmtp',
    perspective: 'client',
    echoes: /^msmtp: /,
    run: (dialogue, sink) => msmtp(dialogue, sink),
  },
  {
    name: 'openssl',
    version: ['openssl', 'version'],
    format: 'openssl',
    perspective: 'client',
    run: (dialogue, sink) => {
      const client = `openssl s_client -connect localhost:${sink.port} -starttls smtp -crlf -ign_eof -CAfile ${sink.caFile}`
      return shell(`${typing(typed(dialogue, true))} | ${inTerminal(client)}`)
    },
  },
  {
    name: 'openssl-piped',
    format: 'openssl',
    perspective: 'client',
    dialogues: ['sent', 'denied'],
    run: (dialogue, sink) => {
      const client = `openssl s_client -connect localhost:${sink.port} -starttls smtp -crlf -ign_eof -brief -CAfile ${sink.caFile}`
      return shell(`${typing(typed(dialogue, true))} | ${client}`)
    },
  },
  {
    name: 'telnet',
    version: ['inetutils-telnet', '--version'],
    format: 'telnet',
    perspective: 'client',
    dialogues: ['partly', 'sender', 'content', 'dropped'],
    run: (dialogue, sink) =>
      shell(`${typing(typed(dialogue, false))} | ${inTerminal(`inetutils-telnet localhost ${sink.port}`)}`),
  },
  {
    name: 'ncat',
    version: ['ncat', '--version'],
    format: 'nc',
    perspective: 'client',
    dialogues: ['partly', 'sender', 'content', 'dropped'],
    run: (dialogue, sink) => shell(`${typing(typed(dialogue, false))} | ncat -v -C localhost ${sink.port}`),
  },
  {
    name: 'netcat',
    format: 'nc',
    perspective: 'client',
    dialogues: ['partly', 'sender', 'content', 'dropped'],
    run: (dialogue, sink) => shell(`${typing(typed(dialogue, false))} | nc.openbsd -v -C -q 1 localhost ${sink.port}`),
  },
]
