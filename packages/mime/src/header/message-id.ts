/**
 * Identifiers of messages and of their parts: RFC 5322 section 3.6.4, RFC 2045 section 7. They are US-ASCII, though RFC
 * 6532 section 3.3 allows others, since those who answer may have to write them where UTF-8 does not pass.
 */

import { ATEXT, clip, isAscii, MailError, type RandomOctets } from '@posthorn/core'
import { toAsciiDomain } from '../address/idn.ts'
import type { MimeErrorCode } from '../error.ts'

// Six bits in each, of which none is likelier than another.
const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LENGTH = 20
const DOT_ATOM = /* @__PURE__ */ (() => `[${ATEXT}]+(?:\\.[${ATEXT}]+)*`)()
// id-right = dot-atom-text / no-fold-literal
const ID = /* @__PURE__ */ (() => `${DOT_ATOM}@(?:${DOT_ATOM}|\\[[!-Z^-~]*\\])`)()
const MESSAGE_ID = /* @__PURE__ */ (() => new RegExp(`^<${ID}>$`))()
const CONTENT_ID = /* @__PURE__ */ (() => new RegExp(`^(?:${ID}|${DOT_ATOM})$`))()
const FOREIGN_ID = /^<[!-;=?-~]+>$/

/**
 * Makes 20 characters that no one can guess, of letters, digits, "-" and "_".
 *
 * @internal
 */
export function randomName(random: RandomOctets): string {
  const octets = random(LENGTH)
  if (octets.length !== LENGTH) {
    throw new MailError<MimeErrorCode>('MIME_BAD_ID', `Cannot make a name of ${octets.length} random octets`)
  }
  let name = ''
  for (let at = 0; at < LENGTH; at++) name += CHARACTERS.charAt(octets[at]! & 63)
  return name
}

/**
 * Makes a message identifier at a domain.
 *
 * @internal
 */
export function makeMessageId(random: RandomOctets, domain: string): string {
  return `<${randomName(random)}@${isAscii(domain) ? domain : asciiDomain(domain)}>`
}

function asciiDomain(domain: string): string {
  const ascii = toAsciiDomain(domain)
  if (ascii === undefined) throw fault(domain, 'the domain has no form in US-ASCII')
  return ascii
}

/** @internal */
export function checkMessageId(text: string): string {
  if (!MESSAGE_ID.test(text)) throw fault(text, 'it is not of the form <left@right>')
  return text
}

/**
 * Checks an identifier that another made, which need only not break the list that it stands in.
 *
 * @internal
 */
export function checkForeignId(text: string): string {
  if (!FOREIGN_ID.test(text)) throw fault(text, 'it is no text in angle brackets')
  return text
}

/** @internal */
export function formatContentId(text: string): string {
  if (!CONTENT_ID.test(text)) throw fault(text, 'it is not what follows "cid:", without angle brackets')
  return `<${text}>`
}

function fault(text: string, why: string): MailError<MimeErrorCode> {
  return new MailError('MIME_BAD_ID', `Cannot take identifier "${clip(text)}": ${why}`, {
    spec: 'rfc5322#section-3.6.4',
  })
}
