/**
 * The delivery to one domain: host after host, address after address, for the recipients that are left.
 * RFC 5321 section 5.1 and 4.5.4.1; RFC 7435 section 4 for TLS that fails where nothing asks for it.
 */

import { MailError, untilAborted } from '@posthorn/core'
import type { Envelope, OutgoingMessage, RecipientOutcome } from '@posthorn/smtp'
import { fault } from '../error.ts'
import { guarded } from '../guarded.ts'
import type { WatchedSource } from '../source.ts'
import { made, type Told } from './made-reply.ts'
import type { DeliverOptions } from './options.ts'
import {
  type DeliveredRecipient,
  type DeliveryAttempt,
  type DeliveryError,
  type DomainDelivery,
  describeError,
  type PassedOverHost,
} from './outcome.ts'
import type { GroupedRecipient, RecipientGroup } from './recipient-groups.ts'
import { findRoute, type Route, type Target } from './route.ts'
import { runSession, type SessionResult, tookTooLong } from './session.ts'
import type { Settings } from './settings.ts'
import { tlsFactsOf, tlsFactsOfRoute } from './tls-facts.ts'

/** What is delivered, and how. */
export interface DeliveryWork extends DeliverOptions {
  readonly outgoing: OutgoingMessage
  readonly content: WatchedSource
  readonly settings: Settings
}

/** What became of the recipients of one domain. */
export interface DomainResult {
  /** What was done. */
  readonly delivery: DomainDelivery
  /** The recipients, by their place in the envelope. */
  readonly recipients: ReadonlyMap<number, DeliveredRecipient>
}

/**
 * One delivery to one domain.
 *
 * @internal
 */
export class DomainCourier {
  readonly #group: RecipientGroup
  readonly #work: DeliveryWork
  #left: readonly GroupedRecipient[]
  readonly #settled = new Map<number, DeliveredRecipient>()
  readonly #attempts: DeliveryAttempt[] = []
  readonly #unanswered = new Set<string>()
  // What kept the message from a host, of all hosts that were tried.
  readonly #told: Told[] = []
  #route: Route | undefined
  #error: DeliveryError | undefined
  // When no further host is tried.
  readonly #endsAt: number

  constructor(group: RecipientGroup, work: DeliveryWork) {
    this.#group = group
    this.#work = work
    this.#left = group.recipients
    const { platform, domainTimeout } = work.settings
    this.#endsAt = platform.now() + domainTimeout
  }

  /** Delivers; never rejects. */
  async deliver(): Promise<DomainResult> {
    const { settings, requireTls, signal } = this.#work
    try {
      signal?.throwIfAborted()
      this.#route = await findRoute(this.#group, {
        settings,
        ...(requireTls && { requireTls }),
        ...(signal && { signal }),
      })
      if (this.#route.told) this.#told.push(this.#route.told)
      for (const target of this.#route.targets) await this.#tryTarget(target)
      for (const facts of tlsFactsOfRoute(this.#group.domain, this.#route, this.#reached)) this.#count(facts)
      await this.#untilRefreshed(this.#route)
    } catch (cause) {
      this.#error = this.#explain(cause)
    }
    this.#giveUp()
    return { delivery: this.#describe(), recipients: this.#settled }
  }

  async #untilRefreshed({ sts }: Route): Promise<void> {
    // Who gives up does not wait for what is of no use to this message.
    await untilAborted(sts?.refreshed ?? Promise.resolve(), this.#work.signal).catch(() => undefined)
  }

  // Hosts of a lower preference would have had their turn.
  get #reached(): number {
    if (this.#left.length > 0 && !this.#isLate) return Number.POSITIVE_INFINITY
    return this.#attempts.at(-1)?.preference ?? 0
  }

  get #isLate(): boolean {
    return this.#work.settings.platform.now() >= this.#endsAt
  }

  get #isOver(): boolean {
    const { signal, content } = this.#work
    return this.#left.length === 0 || signal?.aborted === true || content.isSpent || this.#isLate
  }

  async #tryTarget(target: Target): Promise<void> {
    let isClear = false
    while (!this.#isOver && !this.#unanswered.has(target.address)) {
      const before = this.#left.length
      const result: SessionResult = await this.#runSession(target, isClear)
      // RFC 7435 section 4: where nothing asks for TLS, mail without is better than none.
      const givesWay: boolean = !isClear && target.host.tls === 'opportunistic' && result.watch?.isTlsBroken === true
      // RFC 5321 section 4.5.3.1.10: what a session has no room for goes in another, as long as that helps.
      const goesOn = result.outcome !== undefined && !result.outcome.error && this.#left.length < before
      if (!givesWay && !(goesOn && this.#wantsAnother(result))) return
      isClear ||= givesWay
    }
  }

  #wantsAnother({ outcome }: SessionResult): boolean {
    return outcome?.recipients.some(({ retry }) => retry === 'now-in-another-transaction') === true
  }

  async #runSession(target: Target, isClear: boolean): Promise<SessionResult> {
    const { settings, signal, onAttempt } = this.#work
    const { domain } = this.#group
    const outgoing = { ...this.#work.outgoing, ...this.#partOfMessage() }
    const result = await runSession({ ...target, domain, outgoing, isClear, settings, signal, endsAt: this.#endsAt })
    this.#attempts.push(result.attempt)
    if (!result.watch) this.#unanswered.add(target.address)
    if (result.told) this.#told.push(result.told)
    if (result.outcome) this.#note(result, target)
    const facts = tlsFactsOf({ domain, host: target.host, sts: this.#route?.sts?.entry?.policy, result })
    const isCut = signal?.aborted || result.attempt.error?.code === 'MAILER_TIMEOUT'
    if (facts && !isCut) this.#count(facts)
    guarded(() => onAttempt?.(result.attempt))()
    return result
  }

  #partOfMessage(): Pick<OutgoingMessage, 'envelope' | 'message'> {
    const { outgoing, content, requireTls } = this.#work
    const forwardPaths = this.#left.map(({ forwardPath, parameters }) => ({
      forwardPath,
      ...(parameters && { parameters }),
    }))
    const envelope: Envelope = { ...outgoing.envelope, forwardPaths }
    const asks = requireTls === 'required' && { parameters: { ...envelope.parameters, requireTls: true } }
    return { envelope: { ...envelope, ...asks }, message: content.message }
  }

  // The outcomes stand in the order of the recipients that were left.
  #note({ outcome, isWithoutDsn }: SessionResult, { host }: Target): void {
    const left: GroupedRecipient[] = []
    let passing: Told | undefined
    this.#left.forEach((recipient, at) => {
      const one = outcome!.recipients[at]!
      if (isFinal(one)) {
        const told = one.reply && { host: host.host }
        const dsn = isWithoutDsn && one.status === 'accepted' && ({ withoutDsn: true } as const)
        this.#settled.set(recipient.index, { ...one, ...told, ...dsn })
        return
      }
      left.push(recipient)
      passing = one.reply ? { reply: one.reply, host: host.host, isLasting: false } : (passing ?? lost(outcome!.error))
    })
    this.#left = left
    if (passing) this.#told.push(passing)
  }

  #giveUp(): void {
    const { signal, content, settings } = this.#work
    const cut = this.#error ?? (signal?.aborted && this.#left.length > 0 ? this.#explain(signal.reason) : undefined)
    const isLate = !cut && this.#isLate && this.#left.length > 0
    if (isLate) this.#told.push(made('4.4.7', 'The delivery took longer than it may'))
    this.#error = cut ?? (isLate ? describeError(tookTooLong(settings.domainTimeout)) : undefined)
    const told = cut ? undefined : this.#verdict(content.isSpent)
    for (const { index, forwardPath: recipient } of this.#left) {
      const status = told?.isLasting ? 'rejected' : 'deferred'
      const retry = told?.isLasting ? 'never' : 'later'
      const said = told && { reply: told.reply, ...(told.host !== undefined && { host: told.host }) }
      this.#settled.set(index, { recipient, status, retry, ...said })
    }
    this.#left = []
  }

  // What one host lacks for good is final only if that is so of every host; else it is worth another try.
  #verdict(isSpent: boolean): Told {
    const passing = this.#told.filter(({ isLasting }) => !isLasting)
    const lasting = this.#told.at(-1)
    if (passing.length === 0 && lasting && !isSpent) return lasting
    const byHosts = passing.filter(({ host }) => host !== undefined)
    return byHosts.at(-1) ?? passing.at(-1) ?? made('4.4.1', 'No host answered')
  }

  #count(facts: Parameters<NonNullable<Settings['tlsReports']>['add']>[0]): void {
    guarded(() => this.#work.settings.tlsReports?.add(facts))()
  }

  #explain(cause: unknown): DeliveryError {
    if (this.#work.signal?.aborted) return describeError(fault('MAILER_ABORTED', 'deliver: the caller aborted'))
    if (cause instanceof MailError) return describeError(cause)
    return describeError(fault('MAILER_DELIVERY_FAILED', 'deliver: the resolver or the store of policies failed'))
  }

  #describe(): DomainDelivery {
    const { sts, passedOver = [] as readonly PassedOverHost[] } = this.#route ?? {}
    const entry = sts?.entry
    return {
      domain: this.#group.domain,
      ...(entry && { sts: { mode: entry.policy.mode, id: entry.id } }),
      ...(sts?.failed && { stsFailure: sts.failed.reason }),
      passedOver,
      attempts: this.#attempts,
      ...(this.#error && { error: this.#error }),
    }
  }
}

// What a later attempt may not touch: who was told anything but to go to another host, or into another session.
function isFinal({ status, retry }: RecipientOutcome): boolean {
  return status !== 'deferred' || (retry !== 'now-on-another-host' && retry !== 'now-in-another-transaction')
}

function lost(error: MailError | undefined): Told {
  return error
    ? made('4.4.2', 'The connection to the host was lost')
    : made('4.5.3', 'The host has no room for more recipients now')
}
