/** What goes over the wire, as capturing tools print it: of dialogues without TLS. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Dialogue } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Tool } from '../tool.ts'
import { shell } from './shell.ts'
import { speak } from './speaker.ts'

const PLAIN: readonly Dialogue['name'][] = ['partly', 'sender', 'content', 'dropped']
const SETTLE_MS = 1500

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Captures a dialogue that our own client has with our server, and prints the file
async function capture(dialogue: Dialogue, sink: Sink, print: (file: string) => string): Promise<string> {
  const file = join(sink.folder, 'capture.pcap')
  const tcpdump = spawn('tcpdump', ['-i', 'lo', '-U', '-w', file, 'tcp', 'port', String(sink.port)], {
    stdio: 'ignore',
  })
  await pause(SETTLE_MS)
  await speak(dialogue, { port: sink.port, ca: sink.ca, serverName: 'localhost' })
  await pause(SETTLE_MS)
  const ended = new Promise((resolve) => tcpdump.once('exit', resolve))
  tcpdump.kill('SIGINT')
  await ended
  return shell(print(file))
}

/** Tools that capture packets. */
export const CAPTURES: readonly Tool[] = [
  {
    name: 'tcpdump',
    version: ['tcpdump', '--version'],
    format: 'tcpdump',
    perspective: 'wire',
    dialogues: PLAIN,
    run: (dialogue, sink) => capture(dialogue, sink, (file) => `tcpdump -n -A -r ${file}`),
  },
  {
    name: 'tshark-follow',
    version: ['tshark', '--version'],
    format: 'tshark-follow',
    perspective: 'wire',
    dialogues: PLAIN,
    run: (dialogue, sink) =>
      capture(dialogue, sink, (file) => `tshark -r ${file} -q -z follow,tcp,ascii,0 2>/dev/null`),
  },
  {
    name: 'tshark',
    format: 'tshark',
    echoes: /SMTP\/IMF/,
    perspective: 'wire',
    dialogues: PLAIN,
    run: (dialogue, sink) =>
      capture(dialogue, sink, (file) => `tshark -r ${file} -d tcp.port==${sink.port},smtp -Y smtp 2>/dev/null`),
  },
]
