/** A message as the email package of Python's standard library reads it. */
import { run } from './process.ts'

const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
message = message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)
def people(name):
    field = message[name]
    return [[one.display_name, one.addr_spec] for one in field.addresses] if field else []
def defects(part):
    found = [type(one).__name__ for one in part.defects]
    for value in part.values():
        found += [type(one).__name__ for one in getattr(value, 'defects', ())]
    return found
plain = message.get_body(('plain',))
html = message.get_body(('html',))
json.dump({
    'defects': sum((defects(part) for part in message.walk()), []),
    'from': people('From'), 'to': people('To'), 'cc': people('Cc'),
    'subject': str(message['Subject']),
    'plain': plain.get_content() if plain else None,
    'html': html.get_content() if html else None,
    'attachments': [{'name': part.get_filename(), 'base64': base64.b64encode(part.get_payload(decode=True)).decode()}
                    for part in message.iter_attachments()],
}, sys.stdout)
`

/** What Python found in a message. */
export interface PythonMessage {
  readonly defects: readonly string[]
  readonly from: readonly (readonly [string, string])[]
  readonly to: readonly (readonly [string, string])[]
  readonly cc: readonly (readonly [string, string])[]
  readonly subject: string
  readonly plain: string | null
  readonly html: string | null
  readonly attachments: readonly { readonly name: string | null; readonly base64: string }[]
}

/** Reads a message. */
export async function readWithPython(message: Uint8Array): Promise<PythonMessage> {
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input: message })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  return JSON.parse(stdout) as PythonMessage
}
