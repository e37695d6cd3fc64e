/** What the email package of Python's standard library doubts of messages. */
import { run } from './process.ts'

const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
def defects(part):
    try:
        # Base64 is looked at when it is decoded.
        part.get_payload(decode=True)
    except Exception:
        pass
    found = [[type(one).__name__, None] for one in part.defects]
    try:
        for name, value in part.items():
            found += [[type(one).__name__, name.lower()] for one in getattr(value, 'defects', ())]
    except Exception:
        # Some fields are more than it can read.
        pass
    return found
def read(octets):
    message = message_from_bytes(octets, policy=policy.default)
    return sum((defects(part) for part in message.walk()), [])
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`

/** The class of a defect, and the field that it is of, in lower case. */
export type PythonDefect = readonly [name: string, field: string | null]

/** Reads messages, in order. */
export async function defectsOfPython(messages: readonly Uint8Array[]): Promise<PythonDefect[][]> {
  const input = JSON.stringify(messages.map((message) => Buffer.from(message).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  return JSON.parse(stdout) as PythonDefect[][]
}
