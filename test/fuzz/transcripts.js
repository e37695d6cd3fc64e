/** Logs put together of pieces of real ones, read and cleaned: nothing throws, ranges lie in the text, and lines keep their lengths. */
import { readdirSync, readFileSync } from 'node:fs'
import { parseTranscript, redact } from '@posthorn/transcript'
import { explainReply } from '@posthorn/transcript/catalogue'

const folder = new URL('../transcripts/logs/', import.meta.url)
const PIECE = 7

function piecesOf(text) {
  const lines = text.split('\n')
  const pieces = []
  for (let at = 0; at < lines.length; at += PIECE - 2) pieces.push(`${lines.slice(at, at + PIECE).join('\n')}\n`)
  return pieces
}

const MARKS = [
  ...[
    'C: ',
    'S: ',
    '> ',
    '<- ',
    ' -> ',
    '[#a1] ',
    '{"msg":"',
    '"}\n',
    '&lt;',
    '<br>',
    '```\n',
    '\x1b[1m',
    "b'",
    '\\r\\n',
  ],
  ...[
    'DATA\n',
    '354 go\n',
    '.\n',
    '334 VXNlcm5hbWU6\n',
    'AUTH PLAIN AGEAYmJiYmJi\n',
    'password=pepper7\n',
    '220 mx\n',
    'QUIT\n',
  ],
  ...['0000: 41 42 43\n', '=> Send header, 3 bytes\n', 'READ Jan 02 03:04:05 -- socket:0x1\n', '\t', ','],
  ...['Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n', 'QUFBQQ==\n', '--b\n', '=41=\n'],
]

/** Pieces of the logs in the corpus, and marks of others. */
export const TRANSCRIPT = [
  ...readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => piecesOf(Buffer.from(readFileSync(new URL(name, folder), 'utf8')).toString('latin1'))),
  ...Array.from({ length: 40 }, () => MARKS).flat(),
]

function check(text, { sessions, unexplained, secrets }) {
  const events = sessions.flatMap((session) => session.events)
  const ranges = [...events.flatMap(({ source }) => source ?? []), ...unexplained, ...secrets]
  for (const { line, lastLine, start, end } of ranges) {
    if (!(line >= 1 && line <= lastLine && start >= 0 && start <= end && end <= text.length)) {
      throw new Error(`a range from ${start} to ${end}, lines ${line} to ${lastLine}`)
    }
  }
  for (const event of events) if (event.type === 'reply') explainReply(event.reply)
}

function transcript(parts) {
  // It takes the whole at once, so that parts would be the same again
  if (parts.length > 1) return []
  const text = Buffer.from(parts[0] ?? []).toString('utf8')
  const read = parseTranscript(text)
  check(text, read)
  const cleaned = redact(text)
  const lengths = (all) => all.split('\n').map((line) => line.length)
  if (String(lengths(cleaned.text)) !== String(lengths(text))) throw new Error('a line is longer or shorter')
  for (const { start, end } of read.secrets) {
    if (/[^\s*]/.test(cleaned.text.slice(start, end))) throw new Error(`a secret at ${start} is still there`)
  }
  return [JSON.stringify(read)]
}

/** By name, as in targets.js. */
export const TRANSCRIPT_TARGETS = {
  transcript: { run: transcript, kind: 'transcript', splits: false },
}
