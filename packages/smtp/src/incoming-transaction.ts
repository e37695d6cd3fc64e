/** What a server has learnt of the transaction that is open: RFC 5321 section 3.3. */

import type { Command, ForwardPath } from '@posthorn/command'

/**
 * The transaction of a server, from MAIL to MAIL.
 *
 * @internal
 */
export class IncomingTransaction {
  #mail: Extract<Command, { verb: 'MAIL' }> | undefined
  #accepted = 0
  // Made at the first recipient, as most sessions are between transactions most of the time.
  #domains: Set<string> | undefined
  #asked: ForwardPath | undefined
  #tried = false
  #count = 0

  /** How many transactions there have been. */
  get count(): number {
    return this.#count
  }

  /** How many recipients have been accepted. */
  get recipients(): number {
    return this.#accepted
  }

  /** Whether a recipient has been named, accepted or not. */
  get tried(): boolean {
    return this.#tried
  }

  get smtpUtf8(): boolean {
    return this.#mail?.parameters?.smtpUtf8 === true
  }

  get binary(): boolean {
    return this.#mail?.parameters?.body === 'BINARYMIME'
  }

  get prdr(): boolean {
    return this.#mail?.parameters?.prdr === true
  }

  /** How many domains there would be with one more recipient. */
  domainsWith(forwardPath: ForwardPath): number {
    const domains = this.#domains
    return domains ? domains.size + (domains.has(domainOf(forwardPath)) ? 0 : 1) : 1
  }

  begin(command: Extract<Command, { verb: 'MAIL' }>): void {
    this.#mail = command
    this.#accepted = 0
    this.#domains = undefined
    this.#tried = false
  }

  /** MAIL was accepted. */
  open(): void {
    this.#count++
  }

  /** A recipient was named, whatever becomes of it. */
  try(): void {
    this.#tried = true
  }

  /** The recipient about whom the caller is asked. */
  ask(forwardPath: ForwardPath): void {
    this.#asked = forwardPath
  }

  /** The recipient about whom the caller was asked is accepted. */
  accept(): void {
    if (!this.#asked) return
    this.#accepted++
    this.#domains ??= new Set()
    this.#domains.add(domainOf(this.#asked))
  }
}

function domainOf(forwardPath: ForwardPath): string {
  return forwardPath === 'postmaster' ? '' : forwardPath.domain.toLowerCase()
}
