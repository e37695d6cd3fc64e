/** How others read a list of addresses, in one notation: `name <address>`, `name {text}` and `name: members;`. */
import { type AddressEntry, readAddressList } from '@posthorn/mime'
import { simpleParser } from 'mailparser'
import addressparser from 'nodemailer/lib/addressparser'
import { addressParser } from 'postal-mime'
import { run } from './process.ts'

const SCRIPT = `
import sys, json
from email import policy
from email.utils import getaddresses
def mailbox(name, address):
    return (name + ' ' if name else '') + '<' + address + '>'
def modern(text):
    try:
        field = policy.default.header_factory('To', text)
    except Exception as error:
        return type(error).__name__
    found = []
    for group in field.groups:
        members = [mailbox(one.display_name, one.addr_spec) for one in group.addresses]
        found += members if group.display_name is None else [group.display_name + ': ' + ' '.join(members) + ';']
    return ' '.join(found)
def old(text):
    return ' '.join(mailbox(*one) for one in getaddresses([text]))
json.dump([[modern(one), old(one)] for one in json.load(sys.stdin)], sys.stdout)
`

/** What each reader finds in one text. */
export interface Answers {
  readonly posthorn: string
  readonly postalMime: string
  readonly nodemailer: string
  readonly mailparser: string
  /** `email.headerregistry`, and `email.utils.getaddresses`. */
  readonly python: readonly [string, string]
}

/** Has every reader read each text, in order. */
export async function askAll(texts: readonly string[]): Promise<Answers[]> {
  const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SCRIPT], { input: JSON.stringify(texts) })
  if (code !== 0) throw new Error(`Python: ${stderr}`)
  const python = JSON.parse(stdout) as [string, string][]
  return Promise.all(
    texts.map(async (text, index) => ({
      posthorn: readAddressList(text).entries.map(ours).join(' '),
      postalMime: addressParser(text).map(theirs).join(' '),
      nodemailer: addressparser(text).map(theirs).join(' '),
      mailparser: await withMailparser(text),
      python: python[index]!,
    })),
  )
}

async function withMailparser(text: string): Promise<string> {
  const { to } = await simpleParser(`To: ${text}\r\n\r\n`)
  return [to ?? []]
    .flat()
    .flatMap(({ value }) => value.map(theirs))
    .join(' ')
}

function ours(entry: AddressEntry): string {
  if (entry.type === 'group') return `${entry.name}: ${entry.members.map(ours).join(' ')};`
  const name = entry.name === undefined ? '' : `${entry.name} `
  return entry.type === 'text' ? `${name}{${entry.text}}` : `${name}<${entry.address}>`
}

interface Their {
  readonly name?: string | undefined
  readonly address?: string | undefined
  readonly group?: readonly Their[] | undefined
}

function theirs({ name, address, group }: Their): string {
  if (group) return `${name}: ${group.map(theirs).join(' ')};`
  return address === undefined || address === '' ? `{${name ?? ''}}` : `${name ? `${name} ` : ''}<${address}>`
}
