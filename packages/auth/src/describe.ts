/**
 * Verdicts as results of an Authentication-Results field: RFC 8601 section 2.7, RFC 9989 section 9.3.
 * The sender chose most of the values: one that is not well-formed is left out, never cut or changed to what may name another.
 */

import { findControl, isAscii, isDomain } from '@posthorn/core'
import type { DkimVerdict } from '@posthorn/dkim'
import type { ArcVerdict } from '@posthorn/dkim/arc'
import type { DmarcVerdict } from '@posthorn/dmarc'
import type { SpfVerdict } from '@posthorn/spf'
import type { Authentication, AuthNote } from './authentication.ts'
import { isAddress } from './grammar.ts'
import type { AuthenticationProperty, AuthenticationResult } from './results.ts'

type Found = Pick<Authentication, 'spf' | 'helo' | 'dkim' | 'arc' | 'dmarc' | 'author' | 'notes'>

/**
 * Gives the results, one for each thing that was looked at.
 *
 * @internal
 */
export function resultsOf(
  { spf, helo, dkim, arc, dmarc, author, notes }: Found,
  isNullSender: boolean,
): AuthenticationResult[] {
  const limit = (mechanism: AuthNote['mechanism']) => limitOf(notes, mechanism)
  return [
    spfResult(spf, isNullSender ? 'helo' : 'mailfrom', limit('spf')),
    ...(helo ? [spfResult(helo, 'helo', limit('spf'))] : []),
    ...dkimResults(dkim, limit('dkim')),
    ...arcResult(arc, { clientAddress: spf.clientAddress, limit: limit('arc') }),
    {
      method: 'dmarc',
      result: dmarc.result,
      ...reasonOf(dmarc, author.problem ?? limit('dmarc') ?? unsureOf(dmarc)),
      properties: propertiesOf([
        ['header', 'from', dmarc.authorDomain],
        ['policy', 'dmarc', dmarc.policyDmarc],
      ]),
    },
  ]
}

// What kept DMARC from a verdict: the policy, or a domain that might be aligned.
function unsureOf({ reasons, dkim, spf }: DmarcVerdict): string | undefined {
  const code = reasons.find((reason) => reason.code.endsWith('-temperror') || reason.code === 'policy-unusable')?.code
  if (code !== undefined) return code
  if (dkim?.result === 'temperror') return 'dkim-temperror'
  return spf?.result === 'temperror' ? 'spf-temperror' : undefined
}

function limitOf(notes: readonly AuthNote[], mechanism: AuthNote['mechanism']): string | undefined {
  return notes.find((note) => note.mechanism === mechanism && note.code.endsWith('-limit'))?.code
}

function spfResult(verdict: SpfVerdict, property: string, limit: string | undefined): AuthenticationResult {
  const value = property === 'helo' ? domainOf(verdict) : senderOf(verdict)
  const why = verdict.result === 'temperror' ? (limit ?? verdict.reason) : verdict.reason
  return {
    method: 'spf',
    result: verdict.result,
    ...reasonOf(verdict, why),
    properties: propertiesOf([['smtp', property, value]]),
  }
}

function senderOf(verdict: SpfVerdict): string | undefined {
  const { sender } = verdict
  return isAscii(sender) && sender.length <= MAX_VALUE && isAddress(sender) ? sender : domainOf(verdict)
}

function domainOf({ domain }: SpfVerdict): string | undefined {
  return isDomain(domain, { underscore: true }) ? domain : undefined
}

function dkimResults(verdicts: readonly DkimVerdict[], limit: string | undefined): AuthenticationResult[] {
  if (verdicts.length === 0) return [{ method: 'dkim', result: 'none', properties: [] }]
  const results: AuthenticationResult[] = []
  let more = 0
  for (const verdict of verdicts) {
    if (verdict.reason === 'too-many-signatures') more++
    else results.push(dkimResult(verdict, limit))
  }
  if (more === 0) return results
  return [...results, { method: 'dkim', result: 'neutral', reason: `too-many-signatures: ${more}`, properties: [] }]
}

function dkimResult(verdict: DkimVerdict, limit: string | undefined): AuthenticationResult {
  const { signature, result, reason, unsignedOctets = 0 } = verdict
  const why = result === 'temperror' ? (limit ?? reason) : reason
  const unsigned = unsignedOctets > 0 ? { reason: `unsigned-body: ${unsignedOctets} octets` } : {}
  return {
    method: 'dkim',
    result,
    ...(why === undefined ? unsigned : { reason: why }),
    properties: propertiesOf([
      ['header', 'd', signature?.domain],
      ['header', 'i', signature?.identity === `@${signature?.domain}` ? undefined : signature?.identity],
      ['header', 's', signature?.selector],
      ['header', 'a', signature?.algorithm],
      // RFC 6008 section 3: as much of it as tells signatures apart.
      ['header', 'b', signature?.value.slice(0, 8)],
    ]),
  }
}

// Most messages have no chain, and a field for each of them would say so to nobody's use.
function arcResult(arc: ArcVerdict, { clientAddress, limit }: { clientAddress: string; limit: string | undefined }) {
  if (arc.result === 'none') return []
  const reason = limit ?? arc.reason
  const properties = propertiesOf([
    ['smtp', 'remote-ip', clientAddress],
    ['header', 'oldest-pass', arc.oldestPass === undefined ? undefined : String(arc.oldestPass)],
  ])
  const why = reason === undefined || arc.result === 'pass' ? {} : { reason }
  return [{ method: 'arc', result: arc.result, ...why, properties }]
}

function reasonOf({ result }: { readonly result: string }, reason: string | undefined): { readonly reason?: string } {
  const isWanted = result === 'temperror' || result === 'permerror'
  return isWanted && reason !== undefined ? { reason } : {}
}

// An address of SMTP has at most 256 octets, in angle brackets: RFC 5321 section 4.5.3.1.3.
const MAX_VALUE = 320

function propertiesOf(all: readonly (readonly [string, string, string | undefined])[]): AuthenticationProperty[] {
  return all.flatMap(([ptype, property, value]) => {
    if (!value || value.length > MAX_VALUE || !isAscii(value) || findControl(value) >= 0) return []
    return [{ ptype, property, value }]
  })
}
