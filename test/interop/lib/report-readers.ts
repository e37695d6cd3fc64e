/** Readers of aggregate reports that others wrote: Python's standard library, xmllint, and Debian's Mail::DMARC. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './process.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const PYTHON = `
import sys, json, base64, gzip
from email import message_from_bytes, policy
from xml.etree import ElementTree
def tree(element):
    return [element.tag.split('}')[-1], dict(element.attrib), element.text if len(element) == 0 else None, [tree(one) for one in element]]
def read(octets):
    message = message_from_bytes(octets, policy=policy.default)
    [part] = list(message.iter_attachments())
    raw = part.get_payload(decode=True)
    xml = gzip.decompress(raw) if part.get_content_type() == 'application/gzip' else raw
    root = ElementTree.fromstring(xml)
    return {
        'type': part.get_content_type(), 'filename': part.get_filename(), 'subject': message['subject'],
        'namespace': root.tag.split('}')[0][1:], 'tree': tree(root),
        'defects': [type(one).__name__ for each in message.walk() for one in each.defects],
    }
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`

/** An element as Python has it: its name, its attributes, its text where it has no children, and those. */
export type PythonElement = readonly [
  name: string,
  attributes: Readonly<Record<string, string>>,
  text: string | null,
  children: readonly PythonElement[],
]

/** What Python found in a mail. */
export interface PythonAggregateReport {
  readonly type: string
  readonly filename: string
  readonly subject: string
  readonly namespace: string
  readonly tree: PythonElement
  readonly defects: readonly string[]
}

/** Reads mails with reports, in order. */
export async function readWithPython(messages: readonly Uint8Array[]): Promise<PythonAggregateReport[]> {
  const input = JSON.stringify(messages.map((message) => Buffer.from(message).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', PYTHON], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  return JSON.parse(stdout) as PythonAggregateReport[]
}

/** What xmllint says of reports by the schema of RFC 9990; empty when all are valid. */
export async function validate(reports: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-report-'))
  try {
    const files = reports.map((_, index) => join(folder, `${index}.xml`))
    for (const [index, xml] of reports.entries()) await writeFile(files[index]!, xml)
    const options = ['--noout', '--nonet', '--schema', fileOf('aggregate-report.xsd')]
    const { code, stderr } = await run('/usr/bin/xmllint', [...options, ...files], { input: '' })
    return code === 0 ? '' : stderr
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What Mail::DMARC made of a mail with a report. */
export interface MailDmarcReport {
  readonly kind: string | null
  readonly error: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly policy?: Readonly<Record<string, unknown>>
  readonly records?: readonly MailDmarcRecord[]
  /** The same report, as it writes it. */
  readonly xml?: string
}

/** A record as Mail::DMARC keeps it. */
export interface MailDmarcRecord {
  readonly row: {
    readonly source_ip: string
    readonly count: string
    readonly policy_evaluated: Readonly<Record<string, unknown>>
  }
  readonly identifiers: Readonly<Record<string, string>>
  readonly auth_results: { readonly dkim?: readonly object[]; readonly spf?: readonly object[] }
}

/** Reads mails with reports, in order. */
export async function readWithMailDmarc(messages: readonly Uint8Array[]): Promise<MailDmarcReport[]> {
  const input = messages.map((message) => `${Buffer.from(message).toString('base64')}\n`).join('')
  const { code, stdout, stderr } = await run('/usr/bin/perl', [fileOf('report-mail-dmarc.pl')], { input })
  if (code !== 0) throw new Error(`Mail::DMARC: ${stderr}`)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MailDmarcReport)
}
