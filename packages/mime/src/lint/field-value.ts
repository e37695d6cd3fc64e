/** The value of a field, and what its reader doubts of it as findings in their place. */

import type { ParsedField } from '../parse/fields.ts'
import type { MimePart } from '../parse/part.ts'
import type { Defect } from '../syntax/defect.ts'
import type { LintContext } from './context.ts'
import { VALUE_RULES, type ValueKind } from './defects.ts'
import type { ValuePlaces } from './place.ts'
import type { LintRule } from './rule.ts'

/** @internal */
export interface FieldValue {
  readonly context: LintContext
  readonly part: MimePart
  readonly field: ParsedField
  readonly places: ValuePlaces
}

/**
 * Adds what a reader doubts, in the place that it means.
 *
 * @internal
 */
export function addDefect(value: FieldValue, kind: ValueKind, defect: Defect): void {
  const { context, part, field, places } = value
  const rule = VALUE_RULES[kind][defect.code]
  if (rule === undefined || isOfOctets(field.value, defect)) return
  const refined = refine(rule, value, defect)
  if (!refined) return
  context.findings.add(refined, { path: part.path, field: field.name, ...places.of(defect), other: defect.other })
}

// A control that stands there itself is told with its octet; what is left hides in an encoding.
function isOfOctets(value: string, { code, start, end }: Defect): boolean {
  return code === 'control-character' && /[\u0000-\u0008\u000b-\u001f\u007f]/.test(value.slice(start, end))
}

function refine(rule: LintRule, { part, field }: FieldValue, defect: Defect): LintRule | undefined {
  const { code, start, end, other } = defect
  const text = field.value.slice(start, end)
  const name = field.name.toLowerCase()
  if (code === 'bad-id' && rule === 'id-bad' && !text.includes('@')) {
    return name === 'content-id' ? 'content-id-without-domain' : 'id-without-domain'
  }
  if (rule === 'parameter-encoded-word' && name === 'content-type' && /^name\b/i.test(text)) return 'name-encoded-word'
  if (rule === 'parameter-trailing-text' && !isBehind(field.value, start)) return 'type-trailing-text'
  // Between quotes there may be nothing.
  if (rule === 'parameter-empty-value' && text.endsWith('"')) return undefined
  if (rule === 'boundary-bad') return refineBoundary(part, other)
  // U+FFFD may be what its writer had there, escaped as what it is.
  if (rule === 'parameter-malformed' && !isMalformed(text)) return undefined
  return rule
}

// Whether it stands behind a semicolon, and so among the parameters.
function isBehind(value: string, start: number): boolean {
  const semicolon = value.indexOf(';')
  return semicolon >= 0 && semicolon < start
}

function refineBoundary({ contentType }: MimePart, trimmed: string | undefined): LintRule {
  const boundary = contentType.parameters.find(({ name }) => name === 'boundary')?.value ?? ''
  if (trimmed !== undefined && trimmed !== '') return 'boundary-trailing-blank'
  return boundary.length > 70 ? 'boundary-too-long' : 'boundary-bad'
}

function isMalformed(text: string): boolean {
  try {
    return !decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')).includes('\ufffd')
  } catch {
    return true
  }
}
