/** The fields by which a mailing list tells what it is and how to leave it: RFC 2369, RFC 2919, RFC 8058. */

import { ATEXT, clip, MailError } from '@posthorn/core'
import { formatPhrase } from '../address/address.ts'
import type { MimeErrorCode } from '../error.ts'
import { foldField } from '../syntax/fold.ts'

/** What a list tells of itself. A URL is written as it is given, in US-ASCII; of several the first is preferred. */
export interface ListInput {
  /** Its identifier, as `news.example.org`, and what people call it. */
  readonly id?: string | { readonly name: string; readonly id: string }
  /** How to get help. */
  readonly help?: string | readonly string[]
  /** How to leave it. */
  readonly unsubscribe?: string | readonly string[]
  /**
   * Whether a POST to the `https` URL in `unsubscribe`, of which there must be one, leaves the list without a question;
   * default `false`. A signature has to cover both fields.
   */
  readonly unsubscribePost?: boolean
  /** How to join it. */
  readonly subscribe?: string | readonly string[]
  /** How to write to it; `NO` says that nobody can. */
  readonly post?: string | readonly string[]
  /** How to reach those who run it. */
  readonly owner?: string | readonly string[]
  /** Where its messages are kept. */
  readonly archive?: string | readonly string[]
}

// list-id = dot-atom-text "." dot-atom-text
const LIST_ID = /* @__PURE__ */ (() => new RegExp(`^[${ATEXT}]+(?:\\.[${ATEXT}]+)+$`))()
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+$/
const MAX_ID = 255

/**
 * Formats the fields of a list, each at most once.
 *
 * @internal
 */
export function formatList(list: ListInput): string[] {
  const fields: string[] = []
  const add = (name: string, value: string | readonly string[] | undefined) => {
    if (value !== undefined) fields.push(foldField(`${name}: ${urls(name, value)}`))
  }
  if (list.id !== undefined) fields.push(foldField(`List-ID: ${formatId(list.id)}`))
  add('List-Help', list.help)
  add('List-Unsubscribe', list.unsubscribe)
  if (list.unsubscribePost) fields.push(oneClick(list.unsubscribe))
  add('List-Subscribe', list.subscribe)
  if (list.post === 'NO') fields.push('List-Post: NO')
  else add('List-Post', list.post)
  add('List-Owner', list.owner)
  add('List-Archive', list.archive)
  return fields
}

// RFC 8058 section 3.1: one https URI, others of neither http nor https.
function oneClick(unsubscribe: string | readonly string[] = []): string {
  const all = [unsubscribe].flat()
  const web = all.filter((url) => /^https?:/i.test(url))
  if (web.length === 1 && /^https:/i.test(web[0]!)) return 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
  throw fault('List-Unsubscribe-Post', 'one click needs exactly one https URL', 'rfc8058#section-3.1')
}

function urls(name: string, value: string | readonly string[]): string {
  const all = [value].flat()
  if (all.length === 0) throw fault(name, 'it has no URL', 'rfc2369#section-2')
  for (const url of all) if (!URI.test(url)) throw fault(name, `"${clip(url)}" is no URL`, 'rfc2369#section-2')
  return all.map((url) => `<${url}>`).join(', ')
}

function formatId(given: string | { readonly name: string; readonly id: string }): string {
  const { name, id } = typeof given === 'string' ? { name: '', id: given } : given
  if (!LIST_ID.test(id) || id.length > MAX_ID) throw fault('List-ID', `"${clip(id)}" is none`, 'rfc2919#section-2')
  return name === '' ? `<${id}>` : `${formatPhrase(name, 'List-ID: '.length)} <${id}>`
}

function fault(name: string, why: string, spec: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_HEADER', `Cannot write field ${name}: ${why}`, { spec })
}
