/** What the parts of a code say by themselves: RFC 5321 section 4.2.1, RFC 3463, and the registry of RFC 5248. */

import { classifyReply, describeReply, type EnhancedStatus, formatEnhancedStatus } from '@posthorn/reply'
import type { ReplyTopic } from './rule.ts'

/** The parts of a code in words. */
export interface CodeAnatomy {
  /** What the first digit says. */
  readonly class: string
  /** What the second number of the enhanced status code is about. */
  readonly subject?: string
  /** What the registry has for the enhanced status code; absent for one that is not registered. */
  readonly detail?: string
  /** Whether the basic and the enhanced status code differ in their first digits. */
  readonly classesDiffer?: true
}

const CLASSES: Readonly<Record<number, string>> = { 2: 'done', 3: 'go on', 4: 'not now', 5: 'refused for good' }
const SUBJECTS = [
  'undefined',
  'address',
  'mailbox',
  'mail system',
  'network',
  'protocol',
  'content',
  'security or policy',
]

/** Says what the parts of a code are. */
export function anatomyOf(code: number | undefined, status: EnhancedStatus | undefined): CodeAnatomy | undefined {
  const digit = code === undefined ? status?.class : Math.floor(code / 100)
  if (digit === undefined) return undefined
  const subject = status && SUBJECTS[status.subject]
  const detail = status && registeredMeaning(status)
  return {
    class: CLASSES[digit]!,
    ...(subject && { subject }),
    ...(detail && { detail }),
    ...(status && status.class !== digit && { classesDiffer: true as const }),
  }
}

// A basic code that is not registered leaves the enhanced one to speak.
function bare(enhanced: EnhancedStatus): { code: number; enhanced: EnhancedStatus; lines: string[] } {
  return { code: enhanced.class === 4 ? 499 : 599, enhanced, lines: [] }
}

/** The words of the registry for an enhanced status code. */
export function registeredMeaning(status: EnhancedStatus): string | undefined {
  const text = describeReply(bare(status))
  const at = text.indexOf(': ')
  return at < 0 ? undefined : text.slice(at + 2)
}

/** What the registry means and somebody else does not. */
export interface CodeCollision {
  /** The enhanced status code. */
  readonly status: string
  /** What it means by the registry. */
  readonly registered: string
}

// What a rule tells apart and the registry does not.
const NEAR: Readonly<Partial<Record<ReplyTopic, readonly ReplyTopic[]>>> = {
  'mailbox-disabled': ['address'],
  'message-format': ['content'],
  'no-mail': ['address'],
  'recipient-domain': ['address', 'network', 'no-mail'],
  account: ['credentials', 'network'],
  blocklist: ['reputation'],
  configuration: ['system'],
  greylisting: ['system'],
  loop: ['system'],
  network: ['system'],
  policy: ['system'],
  protocol: ['sender-address'],
  rate: ['system', 'network'],
  reputation: ['rate'],
  system: ['network'],
}

/** Compares what an enhanced status code means by the registry with what it is used for. */
export function collisionOf(status: EnhancedStatus, topic: ReplyTopic): CodeCollision | undefined {
  const registered = registeredMeaning(status)
  if (!registered || status.class === 2 || saysLittle(status)) return undefined
  const { category } = classifyReply(bare(status))
  if (category === topic || NEAR[topic]?.includes(category)) return undefined
  return { status: formatEnhancedStatus(status), registered }
}

// x.x.0, x.5.x and x.7.1 go with anything.
function saysLittle({ subject, detail }: EnhancedStatus): boolean {
  return detail === 0 || subject === 5 || (subject === 7 && detail === 1)
}
