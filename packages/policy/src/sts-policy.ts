/** The policy file of MTA-STS: RFC 8461 section 3.2. */

import { clip, findControl, isDomain, trimBlanks } from '@posthorn/core'
import { fault, type PolicyErrorCode } from './error.ts'
import { type ExtensionField, isFieldName } from './field-list.ts'

/** What a domain asks of those who bring it mail. */
export interface StsPolicy {
  /** `enforce`: no delivery without; `testing`: only tell of failures; `none`: there is no policy any more. */
  readonly mode: 'enforce' | 'testing' | 'none'
  /** Names of hosts in the MX records, in order; `*.` at the beginning stands for one label. */
  readonly mx: readonly string[]
  /** How long the policy holds from when it was fetched, in seconds; at most 31,557,600, which is a year. */
  readonly maxAge: number
  /** Lines with other keys, in order. */
  readonly extensions: readonly ExtensionField[]
}

const SPEC = 'rfc8461#section-3.2'
const MAX_LENGTH = 65_536
const MAX_AGE = 31_557_600
const MODES: readonly string[] = ['enforce', 'testing', 'none']
const KNOWN: readonly string[] = ['version', 'mode', 'max_age', 'mx']

/**
 * Parses a policy file. Lines end with CRLF or LF; blank lines are taken. Of a key other than `mx` that comes twice, the
 * first counts. A `max_age` over a year counts as a year.
 *
 * @param text The file, decoded.
 * @returns The policy.
 * @throws {MailError} `POLICY_BAD_RECORD` for a line that is no `key: value`; `POLICY_BAD_VERSION` for another version;
 * `POLICY_MISSING_FIELD` without version, mode, max_age, or mx where the mode is not none; `POLICY_BAD_FIELD` for a value
 * outside its grammar; `POLICY_TOO_LARGE` over 65,536 characters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.2 | RFC 8461 section 3.2}
 * @example
 * const { mode, mx, maxAge } = parseStsPolicy('version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n')
 * mode // 'enforce'
 * mx // ['*.example.com']
 * maxAge // 604800
 * parseStsPolicy('version: STSv1\nmode: enforce\nmax_age: 604800\n') // throws POLICY_MISSING_FIELD
 */
export function parseStsPolicy(text: string): StsPolicy {
  if (text.length > MAX_LENGTH) throw fault('POLICY_TOO_LARGE', 'parse policy: it is too long', SPEC)
  const { single, mx } = readLines(text)
  const version = take(single, 'version')
  if (version !== 'STSv1') throw bad('version', version, 'POLICY_BAD_VERSION')
  const mode = take(single, 'mode')
  if (!isMode(mode)) throw bad('mode', mode)
  const maxAge = take(single, 'max_age')
  if (!/^\d{1,10}$/.test(maxAge)) throw bad('max_age', maxAge)
  if (mx.length === 0 && mode !== 'none') throw fault('POLICY_MISSING_FIELD', 'parse policy: it has no mx', SPEC)
  const extensions = [...single].filter(([name]) => !KNOWN.includes(name)).map(([name, value]) => ({ name, value }))
  return { mode, mx, maxAge: Math.min(Number(maxAge), MAX_AGE), extensions }
}

/**
 * Formats a policy file; the inverse of {@link parseStsPolicy}.
 *
 * @param policy The policy; `extensions` may be left out.
 * @returns The file, with CRLF.
 * @throws {MailError} As {@link parseStsPolicy}, for a value outside its grammar; `POLICY_BAD_FIELD` also for a `maxAge`
 * over a year and for an extension with a key that is none, is known or comes twice.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8461#section-3.2 | RFC 8461 section 3.2}
 * @example
 * formatStsPolicy({ mode: 'none', mx: [], maxAge: 86400 }) // 'version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n'
 */
export function formatStsPolicy(policy: Omit<StsPolicy, 'extensions'> & Partial<StsPolicy>): string {
  const { mode, mx, maxAge, extensions = [] } = policy
  const names = new Set(KNOWN)
  for (const { name } of extensions) {
    if (names.has(name) || !isFieldName(name)) throw bad('key', name)
    names.add(name)
  }
  if (!Number.isInteger(maxAge) || maxAge < 0 || maxAge > MAX_AGE) throw bad('max_age', String(maxAge))
  const fields = [
    ['mode', mode],
    ...mx.map((pattern) => ['mx', pattern]),
    ['max_age', String(maxAge)],
    ...extensions.map(({ name, value }) => [name, value]),
  ]
  for (const [key = '', value = ''] of fields) {
    // HAZARD: a line end in a value would begin another line; blanks at its ends would not come back.
    if (findControl(value) >= 0 || trimBlanks(value) !== value) throw bad(key, value)
  }
  const text = `${[['version', 'STSv1'], ...fields].map(([key, value]) => `${key}: ${value}`).join('\r\n')}\r\n`
  parseStsPolicy(text)
  return text
}

interface Lines {
  readonly single: ReadonlyMap<string, string>
  readonly mx: readonly string[]
}

function readLines(text: string): Lines {
  const single = new Map<string, string>()
  const mx: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (trimBlanks(line) === '') continue
    // sts-policy-field = name ":" *WSP value, *WSP after it
    const split = Math.max(0, line.indexOf(':'))
    const name = line.slice(0, split)
    const value = trimBlanks(line.slice(split + 1))
    if (!isFieldName(name) || value === '' || findControl(value) >= 0) {
      throw fault('POLICY_BAD_RECORD', `parse policy: "${clip(line)}" is no field`, SPEC)
    }
    if (name === 'mx') mx.push(checkPattern(value))
    // RFC 8461 section 3.2: of any field but mx, all but the first MUST be ignored.
    else if (!single.has(name)) single.set(name, value)
  }
  return { single, mx }
}

// sts-policy-mx-value = ["*."] Domain
function checkPattern(pattern: string): string {
  if (isDomain(pattern.startsWith('*.') ? pattern.slice(2) : pattern)) return pattern
  throw bad('mx', pattern)
}

function take(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name)
  if (value === undefined) throw fault('POLICY_MISSING_FIELD', `parse policy: it has no ${name}`, SPEC)
  return value
}

function isMode(text: string): text is StsPolicy['mode'] {
  return MODES.includes(text)
}

function bad(name: string, value: string, code: PolicyErrorCode = 'POLICY_BAD_FIELD'): Error {
  return fault(code, `take "${clip(value)}" as ${name} of a policy`, SPEC)
}
