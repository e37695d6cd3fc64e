/** The `v=…; name=value` text of records: RFC 8461 section 3.1, RFC 8460 section 3. */

import { clip, splitTags } from '@posthorn/core'
import { fault } from './error.ts'

/** A field that this version of a record or policy does not know. */
export interface ExtensionField {
  /** Its name: a letter or digit, then up to 31 letters, digits, `_`, `-` and `.`. */
  readonly name: string
  /** Its value, as it stands. */
  readonly value: string
}

/** @internal */
export interface RecordGrammar {
  /** What the record begins with, as `v=STSv1`. */
  readonly version: string
  /** The section of the grammar, as `rfc8461#section-3.1`. */
  readonly spec: string
}

// What a TXT record can hold.
const MAX_LENGTH = 65_535
// sts-ext-name, sts-policy-ext-name, tlsrpt-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/
// sts-ext-value, tlsrpt-ext-value = 1*(%x21-3A / %x3C / %x3E-7E)
const EXTENSION_VALUE = /^[!-:<>-~]+$/

/** @internal */
export function isFieldName(text: string): boolean {
  return NAME.test(text)
}

/**
 * Parses `version 1*(delim field) [delim]`, where a delimiter is a semicolon with white space around it.
 *
 * @internal
 * @throws {MailError} `POLICY_BAD_VERSION`; `POLICY_BAD_RECORD` for a part that is no field; `POLICY_TOO_LARGE`.
 */
export function parseFields(text: string, { version, spec }: RecordGrammar): ExtensionField[] {
  if (text.length > MAX_LENGTH) throw fault('POLICY_TOO_LARGE', 'parse record: it is too long', spec)
  const [first, ...parts] = splitTags(text)
  if (first?.text !== version || first.start > 0) {
    throw fault('POLICY_BAD_VERSION', `parse record "${clip(text)}": it does not begin with ${version}`, spec)
  }
  return parts.map(({ text: part, name }) => {
    const value = part.slice(name.length + 1)
    if (isFieldName(name) && value !== '' && part.startsWith(`${name}=`)) return { name, value }
    throw fault('POLICY_BAD_RECORD', `parse record: "${clip(part)}" is no field`, spec)
  })
}

/**
 * Gives the value of a field that must be there once.
 *
 * @internal
 * @throws {MailError} `POLICY_MISSING_FIELD` when it is absent; `POLICY_BAD_FIELD` when it comes twice.
 */
export function onlyField(fields: readonly ExtensionField[], name: string, { spec }: RecordGrammar): string {
  const [field, second] = fields.filter((one) => one.name === name)
  if (!field) throw fault('POLICY_MISSING_FIELD', `parse record: it has no ${name}=`, spec)
  if (second) throw fault('POLICY_BAD_FIELD', `parse record: ${name}= comes twice`, spec)
  return field.value
}

/**
 * Gives the fields of other names.
 *
 * @internal
 * @throws {MailError} `POLICY_BAD_FIELD` for a value outside the grammar.
 */
export function extensionsOf(
  fields: readonly ExtensionField[],
  name: string,
  { spec }: RecordGrammar,
): ExtensionField[] {
  const extensions = fields.filter((one) => one.name !== name)
  const bad = extensions.find(({ value }) => !EXTENSION_VALUE.test(value))
  if (!bad) return extensions
  throw fault('POLICY_BAD_FIELD', `take "${clip(bad.value)}" as ${bad.name}=`, spec)
}

/** @internal */
export function formatFields(version: string, fields: readonly ExtensionField[]): string {
  return `${[version, ...fields.map(({ name, value }) => `${name}=${value}`)].join('; ')};`
}
