/** How others read the values of fields, each in a message around it. */
import {
  findParameter,
  readContentType,
  readDate,
  readDisposition,
  readText,
  readTransferEncoding,
} from '@posthorn/mime'
import { legacyCharsets } from '@posthorn/mime/charsets'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { run } from './process.ts'
import type { ProbeKind } from './value-probes.ts'

const SCRIPT = `
import sys, json, email
from email import policy
def read(kind, message):
    try:
        read = email.message_from_bytes(message.encode('utf-8'), policy=policy.default)
        if kind == 'filename':
            return read.get_payload()[0].get_filename() or ''
        if kind == 'boundary':
            return 'yes' if read.is_multipart() and read.get_payload()[0].get_payload() == 'one' else 'no'
        if kind == 'encoding':
            return 'base64' if read.get_payload(decode=True).strip() == b'hi' else 'unknown'
        if kind == 'date':
            date = read['date'].datetime
            return str(date.timestamp()) if date else ''
        return str(read['subject'])
    except Exception as error:
        return type(error).__name__
json.dump([read(*one) for one in json.load(sys.stdin)], sys.stdout)
`

/** What each reader finds in one value; in boundaries, whether it finds the part behind `--AAA`. */
export interface Answers {
  readonly posthorn: string
  readonly postalMime: string
  readonly mailparser: string
  readonly python: string
}

const AROUND: Readonly<Record<ProbeKind, (text: string) => string>> = {
  filename: (text) =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; ${text}\r\n\r\nx\r\n--b--\r\n`,
  boundary: (text) => `Content-Type: multipart/mixed; ${text}\r\n\r\n--AAA\r\n\r\none\r\n--AAA--\r\n`,
  encoding: (text) => `Content-Transfer-Encoding: ${text}\r\n\r\naGk=\r\n`,
  text: (text) => `Subject: ${text}\r\n\r\n`,
  date: (text) => `Date: ${text}\r\n\r\n`,
}

/** Has every reader read each value, in order. */
export async function askAll(probes: readonly (readonly [ProbeKind, string, ...unknown[]])[]): Promise<Answers[]> {
  const messages = probes.map(([kind, text]) => [kind, AROUND[kind](text)] as const)
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input: JSON.stringify(messages) })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  const python = JSON.parse(stdout) as string[]
  return Promise.all(
    probes.map(async ([kind, text], index) => ({
      posthorn: visible(ours(kind, text)),
      postalMime: visible(await withPostalMime(kind, messages[index]![1])),
      mailparser: visible(await withMailparser(kind, messages[index]![1])),
      python: visible(
        kind === 'date' && python[index] !== '' ? momentOf(Number(python[index]) * 1000) : python[index]!,
      ),
    })),
  )
}

function ours(kind: ProbeKind, text: string): string | undefined {
  const options = { decoder: legacyCharsets }
  if (kind === 'filename') return readDisposition(`attachment; ${text}`, options).filename
  if (kind === 'boundary') return findParameter(readContentType(`multipart/mixed; ${text}`).parameters, 'boundary')
  if (kind === 'encoding') return readTransferEncoding(text).encoding
  if (kind === 'text') return readText(text, options).text
  const { date } = readDate(text)
  return date && momentOf(date.getTime())
}

interface Found {
  readonly attachments: readonly { readonly filename?: string | null | undefined }[]
  readonly text?: string | undefined
  readonly subject?: string | undefined
  readonly date?: string | Date | undefined
}

async function withPostalMime(kind: ProbeKind, message: string): Promise<string> {
  return answerOf(kind, (await PostalMime.parse(message)) as Found)
}

async function withMailparser(kind: ProbeKind, message: string): Promise<string> {
  return answerOf(kind, (await simpleParser(message)) as Found)
}

function answerOf(kind: ProbeKind, found: Found): string {
  if (kind === 'filename') return found.attachments[0]?.filename ?? ''
  if (kind === 'boundary') return found.text?.trim() === 'one' ? 'yes' : 'no'
  if (kind === 'encoding') return found.text?.trim() === 'hi' ? 'base64' : 'unknown'
  if (kind === 'text') return found.subject ?? ''
  const moment = new Date(found.date ?? Number.NaN).getTime()
  return momentOf(moment)
}

const DAY_MS = 86_400_000

function momentOf(moment: number): string {
  if (Number.isNaN(moment)) return ''
  return Date.now() - moment < DAY_MS ? 'the time of the call' : `${new Date(moment).toISOString().slice(0, 19)}Z`
}

function visible(text: string | undefined): string {
  return text ? JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\') : 'nothing'
}
