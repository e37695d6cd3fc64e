/** Whole messages as postal-mime, mailparser and Python's email package read them, in the notation of the probes. */
import { type AddressObject, simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { fileOf, type Reading } from '../../../packages/mime/test/probe-reading.ts'
import type { Reader } from '../../../packages/mime/test/probes/probe.ts'
import { run } from './process.ts'

/** @see {@link askReaders} */
export type Readings = Readonly<Record<Reader, Reading>>

// What it shows is what a program does that walks the parts: texts one after the other, and the rest as files.
const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
def people(field):
    if field is None: return None
    found = []
    for group in field.groups:
        members = [(one.display_name + ' ' if one.display_name else '') + '<' + one.addr_spec + '>' for one in group.addresses]
        found += members if group.display_name is None else [group.display_name + ': ' + ' '.join(members) + ';']
    return ' '.join(found)
def leaves(part):
    if part.get_content_type() == 'message/rfc822' or not part.is_multipart(): yield part
    else:
        for one in part.get_payload(): yield from leaves(one)
def octets(part):
    content = part.get_payload(decode=True)
    return b'' if content is None else content
def read(message):
    message = message_from_bytes(message, policy=policy.default)
    texts, htmls, files = [], [], []
    for part in leaves(message):
        kind, name = part.get_content_type(), part.get_filename()
        shown = name is None and part.get_content_disposition() in (None, 'inline')
        if shown and kind in ('text/plain', 'text/html'):
            (texts if kind == 'text/plain' else htmls).append(part.get_content())
        elif shown and part.get_content_maintype() == 'multipart': texts.append(octets(part).decode('utf-8', 'replace'))
        else: files.append([name, base64.b64encode(octets(part)).decode(), part.get_content_maintype()])
    return {
        'subject': None if message['subject'] is None else str(message['subject']),
        'from': people(message['from']), 'to': people(message['to']), 'cc': people(message['cc']),
        'text': '\\n'.join(texts) if texts else None, 'html': '\\n'.join(htmls) if htmls else None, 'files': files,
    }
def attempt(message):
    try: return read(message)
    except Exception as error: return {'error': type(error).__name__}
answers = [attempt(base64.b64decode(one)) for one in json.load(sys.stdin)]
json.dump(answers, sys.stdout)
`

/** Has every reader read each message, in order. */
export async function askReaders(messages: readonly Uint8Array[]): Promise<Readings[]> {
  const input = JSON.stringify(messages.map((message) => Buffer.from(message).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  const python = (JSON.parse(stdout) as PythonReading[]).map(fromPython)
  const all: Readings[] = []
  for (const [index, message] of messages.entries()) {
    const others = {
      'postal-mime': await attempt(withPostalMime, message),
      mailparser: await attempt(withMailparser, message),
    }
    all.push({ ...others, Python: python[index]! })
  }
  return all
}

async function attempt(read: (message: Uint8Array) => Promise<Reading>, message: Uint8Array): Promise<Reading> {
  try {
    return await read(message)
  } catch (error) {
    return failed(String(error))
  }
}

function failed(why: string): Reading {
  return { subject: why, from: why, to: why, cc: why, text: why, html: why, files: why }
}

interface PythonReading {
  readonly error?: string
  readonly subject: string | null
  readonly from: string | null
  readonly to: string | null
  readonly cc: string | null
  readonly text: string | null
  readonly html: string | null
  readonly files: readonly (readonly [string | null, string, string])[]
}

function fromPython({ error, subject, from, to, cc, text, html, files }: PythonReading): Reading {
  if (error !== undefined) return failed(error)
  return {
    subject: subject ?? undefined,
    from: from ?? undefined,
    to: to ?? undefined,
    cc: cc ?? undefined,
    text: withLf(text),
    html: withLf(html),
    files:
      files.map(([name, content, type]) => fileOf(name, Buffer.from(content, 'base64'), type)).join(' ') || undefined,
  }
}

async function withPostalMime(message: Uint8Array): Promise<Reading> {
  const read = await PostalMime.parse(message, { forceRfc822Attachments: true })
  return {
    subject: read.subject,
    from: read.from && mailbox(read.from),
    to: read.to?.map(mailbox).join(' '),
    cc: read.cc?.map(mailbox).join(' '),
    text: withLf(read.text),
    html: withLf(read.html),
    files:
      read.attachments
        .map(({ filename, content, mimeType }) => fileOf(filename, octetsOf(content), mimeType.split('/')[0] ?? ''))
        .join(' ') || undefined,
  }
}

async function withMailparser(message: Uint8Array): Promise<Reading> {
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true }
  const read = await simpleParser(Buffer.from(message), options)
  return {
    subject: read.subject,
    from: read.from?.value.map(mailbox).join(' '),
    to: listOf(read.to),
    cc: listOf(read.cc),
    text: withLf(read.text),
    html: withLf(read.html || undefined),
    files:
      read.attachments
        .map(({ filename, content, contentType }) => fileOf(filename, content, contentType.split('/')[0] ?? ''))
        .join(' ') || undefined,
  }
}

interface Their {
  readonly name?: string | undefined
  readonly address?: string | undefined
  readonly group?: readonly Their[] | undefined
}

function mailbox({ name, address, group }: Their): string {
  if (group) return `${name}: ${group.map(mailbox).join(' ')};`
  return address === undefined || address === '' ? `{${name ?? ''}}` : `${name ? `${name} ` : ''}<${address}>`
}

function listOf(field: AddressObject | AddressObject[] | undefined): string | undefined {
  return (
    field &&
    [field]
      .flat()
      .flatMap(({ value }) => value.map(mailbox))
      .join(' ')
  )
}

function octetsOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
}

function withLf(text: string | null | undefined): string | undefined {
  return text?.replace(/\r\n?/g, '\n')
}

/** Whether two readings are the same in what one of them says; empty lines, with which some join texts, do not count. */
export function agrees(reading: Reading, other: Reading): boolean {
  return (Object.keys(reading) as (keyof Reading)[]).every((key) => bare(reading[key]) === bare(other[key]))
}

function bare(text: string | undefined): string {
  return text?.replace(/\n+/g, '\n').trim() ?? ''
}
