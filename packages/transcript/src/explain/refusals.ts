/**
 * What the catalogue says of the refusals of a session: one finding a cause, however often it is given. Loaded only where there are
 * some, since the catalogue comes along.
 */

import { type ExplainReplyOptions, explainReply, type ReplyExplanation } from '../catalogue/explain.ts'
import type { TranscriptRecipient } from '../session.ts'
import { type FindingSeverity, SEVERITIES } from './finding.ts'
import { recoveredIn } from './recovered.ts'
import { answeredBy, type Refusal, recipientsOf, type SessionView, wordsOf } from './view.ts'

/** Refusals of one cause. */
export interface ExplainedRefusal {
  readonly id: `reply/${string}`
  readonly severity: FindingSeverity
  readonly explanation: ReplyExplanation
  /** What the first of them answers; absent where no server said it. */
  readonly answers: string | undefined
  /** How many answer the same. */
  readonly times: number
  /** Those that matter most. */
  readonly evidence: readonly number[]
  /** Those that matter less. */
  readonly lesser: readonly number[]
}

interface Explained {
  readonly index: number
  readonly severity: FindingSeverity
  readonly explanation: ReplyExplanation
  readonly answers: string | undefined
}

/** Explains refusals. */
export function explainRefusals(view: SessionView, refusals: readonly Refusal[]): ExplainedRefusal[] {
  const explainOne = sparing(view.explanations)
  const recovered = recoveredIn(view)
  const recipients = new Map(recipientsOf(view).map((recipient) => [recipient.event, recipient]))
  const { protocol, server } = view.session
  const byId = new Map<ExplainedRefusal['id'], Explained[]>()
  for (const refusal of refusals) {
    const { index } = refusal
    const answers = refusal.type === 'reply' ? answeredBy(view, refusal) : undefined
    const recipient = recipients.get(refusal.type === 'reply' ? (refusal.answers ?? -1) : index - 1)
    const clues = { ...(server.name && { host: server.name }), ...(answers && { answers }), ...domainOf(recipient) }
    const explanation = explainOne(refusal, clues)
    const severity = recovered.has(index) ? 'info' : severityOf(refusal, answers, recipient)
    // RFC 2033 section 4.2: LMTP answers a message for each recipient
    const isOfRecipient = protocol === 'lmtp' && answers === 'message'
    const subject = answers && !view.isDialogue ? 'delivery' : isOfRecipient ? 'RCPT' : answers
    const one: Explained = { index, severity, explanation, answers: subject }
    const same = byId.get(idOf(explanation))
    if (same) same.push(one)
    else byId.set(idOf(explanation), [one])
  }
  return [...byId].map(([id, all]) => gather(id, all))
}

function gather(id: ExplainedRefusal['id'], all: readonly Explained[]): ExplainedRefusal {
  const severity = SEVERITIES.find((one) => all.some((explained) => explained.severity === one))!
  const worst = all.filter((one) => one.severity === severity)
  const { explanation, answers } = worst[0]!
  return {
    id,
    severity,
    explanation,
    answers,
    times: worst.filter((one) => one.answers === answers).length,
    evidence: worst.map(({ index }) => index),
    lesser: all.filter((one) => one.severity !== severity).map(({ index }) => index),
  }
}

// Who refuses thousands of recipients does so for few reasons
const MAX_EXPLAINED = 1000

// What differs in addresses and numbers alone is explained once, and what goes beyond all measure like others of its codes
function sparing(
  known: Map<string, ReplyExplanation>,
): (refusal: Refusal, clues: ExplainReplyOptions) => ReplyExplanation {
  return (refusal, clues) => {
    const { code = 0, enhanced } = refusal.type === 'reply' ? refusal.reply : {}
    const codes = JSON.stringify([clues.host, code, enhanced, clues.answers])
    const key = `${codes} ${clues.recipientDomain} ${constantWords(refusal)}`
    const said = refusal.type === 'note' ? refusal.text : refusal.reply
    const isBeyond = known.size >= MAX_EXPLAINED
    const explanation = known.get(key) ?? (isBeyond ? known.get(codes) : undefined) ?? explainReply(said, clues)
    if (!isBeyond) known.set(key, explanation)
    known.set(codes, explanation)
    return explanation
  }
}

function constantWords(refusal: Refusal): string {
  const words = refusal.type === 'reply' ? wordsOf(refusal) : refusal.text
  return words
    .split(' ')
    .filter((word) => /[a-z]/i.test(word) && !/[@<]/.test(word))
    .join(' ')
}

function domainOf(recipient: TranscriptRecipient | undefined): ExplainReplyOptions {
  const { address = '' } = recipient ?? {}
  return address.includes('@') ? { recipientDomain: address.slice(address.lastIndexOf('@') + 1) } : {}
}

function idOf({ rule, code, topic }: ReplyExplanation): `reply/${string}` {
  return `reply/${rule ?? (code === undefined ? topic : `${code}/${topic}`)}`
}

// What mail does not hang on
const BESIDE = ['VRFY', 'EXPN', 'HELP', 'NOOP', 'RSET', 'QUIT', 'ETRN', 'TURN', 'ATRN', 'XCLIENT', 'XFORWARD']

function severityOf(
  refusal: Refusal,
  answers: string | undefined,
  recipient: TranscriptRecipient | undefined,
): FindingSeverity {
  if (answers && BESIDE.includes(answers)) return 'info'
  if (answers === 'OTHER' || answers === 'STARTTLS') return 'warning'
  const isTemporary = refusal.type === 'reply' ? refusal.reply.code < 500 : recipient?.outcome === 'deferred'
  return isTemporary ? 'warning' : 'error'
}
