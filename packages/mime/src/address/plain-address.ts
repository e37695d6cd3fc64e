/** The forms of one address that nearly all mail has, read at once: RFC 5322 section 3.4. Every other is left to others. */

import { isDomain } from '@posthorn/core'
import type { MailboxEntry } from './entry.ts'

const LOCAL = "[A-Za-z0-9_+'-]+(?:\\.[A-Za-z0-9_+'-]+)*"
const DOMAIN = '[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+'
// mailbox = name-addr / addr-spec                          ; words of letters and digits, or one simple quoted string
const PLAIN = /* @__PURE__ */ (() =>
  new RegExp(
    `^(?:(?:([A-Za-z][A-Za-z0-9'-]*(?: [A-Za-z][A-Za-z0-9'-]*)*)|"([A-Za-z0-9][A-Za-z0-9 ,'-]*[A-Za-z0-9])") <(${LOCAL})@(${DOMAIN})>|(${LOCAL})@(${DOMAIN}))$`,
  ))()
const MAX_LENGTH = 300

/**
 * Reads one address of that form, and none that could be doubted.
 *
 * @internal
 * @returns The mailbox; nothing for all else.
 */
export function readPlainAddress(text: string): MailboxEntry | undefined {
  const match = text.length <= MAX_LENGTH ? PLAIN.exec(text) : undefined
  if (!match) return undefined
  const name = match[1] ?? match[2]
  const localPart = (match[3] ?? match[5])!
  const domain = (match[4] ?? match[6])!
  if (!isDomain(domain)) return undefined
  return { type: 'mailbox', ...(name !== undefined && { name }), localPart, domain, address: `${localPart}@${domain}` }
}
