import { MailError } from '@posthorn/core'
import { compose, type MimePart, type ParsedMessage, parseMessage, readAddressList } from '@posthorn/mime'
import { expect, test } from 'vitest'
import { CONTROLS, LOOKALIKES, PLACES, type Place } from '../../packages/mime/test/injection-places.ts'
import { run } from './lib/process.ts'

// What our own parser finds in messages with hostile texts in every place, Python's email package finds too: the same
// parts with the same fields, the same addresses, subjects and file names.
const SCRIPT = `
import sys, json, base64
from email import message_from_bytes, policy
PEOPLE = ['from', 'sender', 'reply-to', 'to', 'cc', 'resent-from', 'resent-to']
def read(octets):
    message = message_from_bytes(octets, policy=policy.default)
    people = {}
    for name in PEOPLE:
        if name in message: people[name] = [one.addr_spec for one in message[name].addresses]
    return {
        'fields': [[name.lower() for name in part.keys()] for part in message.walk()],
        'people': people, 'subject': None if message['subject'] is None else str(message['subject']),
        'files': [part.get_filename() for part in message.walk() if part.get_content_disposition() == 'attachment'],
    }
def attempt(octets):
    try: return read(octets)
    except Exception as error: return {'error': type(error).__name__}
json.dump([attempt(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`

const PEOPLE = ['from', 'sender', 'reply-to', 'to', 'cc', 'resent-from', 'resent-to']
const context = { now: new Date(0), random: (length: number): Uint8Array => new Uint8Array(length) }

interface Made {
  readonly place: Place
  readonly text: string
  readonly bytes: Uint8Array
}

function make(place: Place, text: string): Made[] {
  try {
    const message = compose({ from: 'Ada <ada@example.org>', ...place.message(text) }, context)
    return message.needs.smtpUtf8 ? [] : [{ place, text, bytes: message.bytes() }]
  } catch (error) {
    if (error instanceof MailError) return []
    throw error
  }
}

function read(message: ParsedMessage): unknown {
  const fields: string[][] = []
  const files: (string | null)[] = []
  const visit = ({ fields: all, disposition, parts }: MimePart): void => {
    fields.push(all.map(({ name }) => name.toLowerCase()))
    if (disposition?.type === 'attachment') files.push(disposition.filename ?? null)
    parts.forEach(visit)
  }
  visit(message.root)
  const people = PEOPLE.flatMap((name) => {
    const value = message.header.value(name)
    return value === undefined ? [] : [[name, addressesOf(value)] as const]
  })
  return { fields, people: Object.fromEntries(people), subject: message.subject ?? null, files }
}

function addressesOf(value: string): string[] {
  const members = readAddressList(value).entries.flatMap((one) => (one.type === 'group' ? one.members : [one]))
  // Python shows a local part with two dots without the quotes that it came in.
  return members.map((one) => (one.type === 'mailbox' ? one.address.replace(/^"(a\.\.b)"/, '$1') : one.text))
}

test("compose: Python's email package finds hostile texts where our own parser finds them", async () => {
  const made = PLACES.flatMap((place) =>
    [...LOOKALIKES, ...(place.isBody ? CONTROLS : [])].flatMap((text) => make(place, text)),
  )
  const input = JSON.stringify(made.map(({ bytes }) => Buffer.from(bytes).toString('base64')))
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  const found = JSON.parse(stdout) as unknown[]
  expect(made.length).toBeGreaterThan(4000)
  const differ = made.flatMap(({ place, text, bytes }, index) => {
    const ours = read(parseMessage(bytes))
    return JSON.stringify(ours) === JSON.stringify(found[index]) ? [] : [[place.name, text, ours, found[index]]]
  })
  expect(differ).toEqual([])
}, 120_000)
