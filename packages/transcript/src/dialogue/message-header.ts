/** Whom the header of a message names: the domains of From, and of those who signed. RFC 5322 section 3.6.2, RFC 6376 section 3.5. */

import type { Draft } from '../draft.ts'
import type { MessageEvent } from '../session.ts'

const MAX_FIELD = 4000
// Some loggers take the white space off a line that goes on
const FIELD = /^[!-9;-~]{1,200}:/
const DOMAIN = /@([A-Za-z0-9.-]{1,255})/g
const SIGNER = /[:;]\s*d\s*=\s*([A-Za-z0-9.-]{1,255})/g

/** The header of one message while it is read. */
export class MessageHeader {
  readonly #event: Draft<MessageEvent>
  #field = ''
  #ended = false

  constructor(event: Draft<MessageEvent>) {
    this.#event = event
  }

  /** Takes a line of the message. */
  take(line: string): void {
    if (this.#ended) return
    if (line !== '' && !FIELD.test(line)) {
      if (this.#field !== '' && this.#field.length < MAX_FIELD) this.#field += ` ${line.slice(0, MAX_FIELD)}`
      return
    }
    this.#read(this.#field)
    this.#field = /^(?:From|DKIM-Signature):/i.test(line) ? line.slice(0, MAX_FIELD) : ''
    this.#ended = line === ''
  }

  #read(field: string): void {
    if (/^F/i.test(field)) this.#event.fromDomains = domainsIn(field, DOMAIN)
    else if (field !== '')
      this.#event.signers = [...(this.#event.signers ?? []), ...domainsIn(field, SIGNER)].slice(-20)
  }
}

function domainsIn(field: string, pattern: RegExp): string[] {
  return [...field.matchAll(pattern)].map(([, domain = '']) => domain.toLowerCase())
}
