/** Addresses of the header in the envelope: the Mailbox of RFC 5321 section 4.1.2 with the limits of 4.5.3.1, RFC 6531. */

import { encodeUtf8, isAscii, isDomain, isIpLiteral } from '@posthorn/core'
import { type FormatAddressOptions, writeLocalPart } from './address.ts'
import type { MailboxEntry } from './entry.ts'
import { toAsciiDomain } from './idn.ts'

const MAX_LOCAL_PART = 64
const MAX_ADDRESS = 254
const ASCII_LOCAL_PART = /^[ -~]*$/
const LOCAL_PART = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u

/**
 * Gives the form of an address that an envelope takes.
 *
 * The header has three grammars of addresses: `parseAddress` is strict, for what one writes; `readAddressList` takes
 * obsolete forms, for what one receives; and what goes into MAIL and RCPT is the narrower Mailbox of SMTP, which this
 * gives, and which `parseMailbox` of `@posthorn/command` parses.
 *
 * @param mailbox The parts of an address, as {@link readAddressList} gives them.
 * @param options Whether it may be other than US-ASCII; else U-labels become A-labels.
 * @returns The address; nothing when it fits no envelope, because it is too long, has a control, has a domain that is
 * none, or needs SMTPUTF8.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 | RFC 5321 section 4.1.2}
 * @example
 * envelopeAddress({ localPart: 'ada', domain: 'bücher.example' }) // 'ada@xn--bcher-kva.example'
 * envelopeAddress({ localPart: 'ada l', domain: 'example.org' }) // '"ada l"@example.org'
 * envelopeAddress({ localPart: 'δοκιμή', domain: 'example.org' }) // undefined
 */
export function envelopeAddress(
  mailbox: Pick<MailboxEntry, 'localPart' | 'domain'>,
  options: FormatAddressOptions = {},
): string | undefined {
  const { localPart } = mailbox
  const { smtpUtf8 = false } = options
  const domain = domainOf(mailbox.domain, smtpUtf8)
  if (domain === undefined || !(smtpUtf8 ? LOCAL_PART : ASCII_LOCAL_PART).test(localPart)) return undefined
  const written = writeLocalPart(localPart)
  if (encodeUtf8(written).length > MAX_LOCAL_PART) return undefined
  const address = `${written}@${domain}`
  return encodeUtf8(address).length <= MAX_ADDRESS ? address : undefined
}

function domainOf(domain: string, smtpUtf8: boolean): string | undefined {
  if (domain.startsWith('[')) return isIpLiteral(domain) ? domain : undefined
  if (smtpUtf8 && !isAscii(domain)) return isDomain(domain, { unicode: true }) ? domain : undefined
  return toAsciiDomain(domain)
}
