/** Messages as the email package of Python's standard library reads them. */
import { run } from './process.ts'

const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
def people(field):
    return [[one.display_name, one.addr_spec] for one in field.addresses] if field else []
def defects(part):
    found = [type(one).__name__ for one in part.defects]
    for name, value in part.items():
        # The name parameter of a Content-Type is an encoded word on purpose, for readers that know no other form.
        if name.lower() != 'content-type':
            found += [type(one).__name__ for one in getattr(value, 'defects', ())]
    return found
def file(part):
    name = part['content-disposition'].params.get('filename')
    return {'name': name, 'base64': base64.b64encode(part.get_payload(decode=True)).decode()}
def read(octets):
    message = message_from_bytes(octets, policy=policy.default)
    plain, html = message.get_body(('plain',)), message.get_body(('html',))
    files = [part for part in message.walk() if part.get_content_disposition() is not None]
    return {
        'defects': sum((defects(part) for part in message.walk()), []),
        'from': people(message['From']), 'to': people(message['To']), 'cc': people(message['Cc']),
        'subject': None if message['Subject'] is None else str(message['Subject']),
        'plain': plain.get_content() if plain else None,
        'html': html.get_content() if html else None,
        'files': [file(part) for part in files],
    }
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`

type Person = readonly [name: string, address: string]

/** What Python found in a message. */
export interface PythonMessage {
  readonly defects: readonly string[]
  readonly from: readonly Person[]
  readonly to: readonly Person[]
  readonly cc: readonly Person[]
  readonly subject: string | null
  readonly plain: string | null
  readonly html: string | null
  readonly files: readonly { readonly name: string | null; readonly base64: string }[]
}

/** Reads messages, in order. */
export async function readWithPython(messages: readonly Uint8Array[]): Promise<PythonMessage[]> {
  const input = JSON.stringify(messages.map((message) => Buffer.from(message).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  return JSON.parse(stdout) as PythonMessage[]
}
