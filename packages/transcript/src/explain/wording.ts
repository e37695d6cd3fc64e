/** Findings in words, the first cause on top. */

import type { ReplyExplanation } from '../catalogue/explain.ts'
import type { Found } from './check.ts'
import { type Finding, SEVERITIES } from './finding.ts'
import type { ExplainedRefusal } from './refusals.ts'
import { FINDING_TEXTS, refusalText } from './texts.ts'

/** What was found in a session. */
export interface Parts {
  readonly found: readonly Found[]
  readonly refusals: readonly ExplainedRefusal[]
  /** For each refusal that follows from another the index of that other. */
  readonly causes: ReadonlyMap<number, number>
  readonly explainedBy: ReadonlyMap<number, Finding['id']>
}

interface Ranked {
  readonly finding: Finding
  /** Whether mail failed by it. */
  readonly isCause: boolean
}

/** Puts findings into words, and in order. */
export function wordFindings(parts: Parts): Finding[] {
  const owners = new Map(parts.explainedBy)
  for (const { id, evidence, lesser } of parts.refusals)
    for (const index of [...evidence, ...lesser]) owners.set(index, id)
  const ranked: Ranked[] = [
    ...parts.found.map((one) => rankFound(one, parts.causes, owners)),
    ...parts.refusals.map((one) => ({ finding: wordRefusal(one), isCause: one.severity !== 'info' })),
    ...[...wordConsequences(parts, owners), ...wordReplies(parts.refusals)].map((finding) => ({
      finding,
      isCause: false,
    })),
  ]
  return ranked.sort(byRank).map(({ finding }) => finding)
}

// Causes in the order of the session; other errors, what only follows, warnings, what is worth knowing
function rankOf({ finding, isCause }: Ranked): number {
  const severity = SEVERITIES.indexOf(finding.severity)
  if (finding.consequenceOf) return 3
  return isCause ? severity : severity === 0 ? 2 : 3 + severity
}

function byRank(one: Ranked, other: Ranked): number {
  const isByTime = one.isCause && other.isCause
  const time = isByTime ? (one.finding.evidence[0] ?? 0) - (other.finding.evidence[0] ?? 0) : 0
  return rankOf(one) - rankOf(other) || time
}

function rankFound(
  one: Found,
  causes: ReadonlyMap<number, number>,
  owners: ReadonlyMap<number, Finding['id']>,
): Ranked {
  const explains = one.explains ?? []
  const isEffect = explains.length > 0 && explains.every((index) => causes.has(index))
  const cause = isEffect ? explains[0]! : (one.follows ?? -1)
  const owner = owners.get(causes.get(cause) ?? cause)
  const finding = wordFound(one, owner === one.id ? undefined : owner)
  const isFailure = finding.severity !== 'info' && (one.fails === true || explains.length > 0)
  return { finding, isCause: isFailure && !finding.consequenceOf }
}

function wordFound(found: Found, consequenceOf?: Finding['id']): Finding {
  const { severity, what, ...text } = FINDING_TEXTS.get(found.id)!
  return {
    ...text,
    id: found.id,
    severity: found.severity ?? severity,
    what: fill(what, found.values ?? []),
    evidence: inOrder([...found.evidence, ...(found.explains ?? [])]),
    ...(found.places && { places: found.places }),
    ...(consequenceOf && { consequenceOf }),
  }
}

function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)] ?? ''))
}

function inOrder(indexes: readonly number[]): number[] {
  return [...new Set(indexes)].sort((a, b) => a - b)
}

function wordRefusal({ id, severity, explanation, answers, times, evidence }: ExplainedRefusal): Finding {
  const { code, status, meaning, remedy, actor, retry } = explanation
  const codes = [code, status && `${status.class}.${status.subject}.${status.detail}`]
    .filter((part) => part !== undefined)
    .join(' ')
  const isTemporary = code !== undefined && code < 500
  return {
    id,
    severity,
    what: refusalText(answers, codes, isTemporary, times),
    why: meaning,
    actor,
    retry,
    remedy: [remedy],
    evidence,
    documents: documentsOf(explanation),
    explanation,
  }
}

// Of what a rule was made from, pages are of use to readers, and repositories are not
function documentsOf({ sources = [], status }: ReplyExplanation): readonly string[] {
  const pages = sources.filter((source) => !source.startsWith('https://github.com/'))
  return pages.length > 0 ? pages : ['rfc5321#section-4.2', ...(status ? ['rfc3463#section-3'] : [])]
}

// One finding for all that follows from one cause
function wordConsequences({ causes, explainedBy }: Parts, owners: ReadonlyMap<number, Finding['id']>): Finding[] {
  const byCause = new Map<Finding['id'], number[]>()
  for (const [index, cause] of causes) {
    const owner = owners.get(cause)
    if (!owner || explainedBy.has(index)) continue
    const known = byCause.get(owner)
    if (known) known.push(index)
    else byCause.set(owner, [index])
  }
  return [...byCause].map(([cause, evidence]) =>
    wordFound({ id: 'consequence', evidence, values: [evidence.length] }, cause),
  )
}

// What the catalogue finds out beside the cause: who answers, who passed it on, that no server said it
function wordReplies(refusals: readonly ExplainedRefusal[]): Finding[] {
  const where = (fits: (one: ExplainedRefusal) => boolean): number[] =>
    inOrder(refusals.filter(fits).flatMap(({ evidence }) => evidence))
  const provider = refusals.map(({ explanation }) => explanation.provider).find((one) => one && one.known !== 'rule')
  const rows: Found[] = [
    { id: 'quoted-reply', evidence: where(({ explanation }) => explanation.reportedBy !== undefined) },
    { id: 'said-locally', evidence: where(({ explanation }) => explanation.local) },
    {
      id: 'provider',
      evidence: where(({ explanation }) => provider !== undefined && explanation.provider?.id === provider.id),
      values: [provider?.name ?? ''],
    },
  ]
  return rows.filter(({ evidence }) => evidence.length > 0).map((row) => wordFound(row))
}
