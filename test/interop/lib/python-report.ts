/** Reports as the email package of Python's standard library reads them. */
import { run } from './process.ts'

const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
def fields(block):
    return [[name, str(value)] for name, value in block.items()]
def subject(returned):
    whole = returned.get_payload()[0] if returned.is_multipart() else message_from_bytes(returned.get_payload(decode=True))
    return whole['subject']
def read(octets):
    message = message_from_bytes(octets, policy=policy.compat32)
    text, machine, returned = message.get_payload()
    return {
        'type': message.get_content_type(), 'reportType': message.get_param('report-type'),
        'types': [part.get_content_type() for part in message.get_payload()],
        'text': text.get_payload(decode=True).decode('utf-8'),
        'blocks': [fields(block) for block in machine.get_payload()],
        'subject': subject(returned),
        'defects': [type(one).__name__ for part in message.walk() for one in part.defects],
    }
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`

/** What Python found in a report. */
export interface PythonReport {
  readonly type: string
  readonly reportType: string
  /** The types of its parts. */
  readonly types: readonly string[]
  readonly text: string
  /** The fields of the part for machines, by group. */
  readonly blocks: readonly (readonly (readonly [name: string, value: string])[])[]
  /** Of the message that comes back. */
  readonly subject: string
  readonly defects: readonly string[]
}

/** Reads reports, in order. */
export async function readReportsWithPython(messages: readonly Uint8Array[]): Promise<PythonReport[]> {
  const input = JSON.stringify(messages.map((message) => Buffer.from(message).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  return JSON.parse(stdout) as PythonReport[]
}
