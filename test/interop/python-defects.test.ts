import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LintFinding, type LintRule, lintMessage } from '@posthorn/mime'
import { expect, test } from 'vitest'
import { messageOf, SAMPLES } from '../../packages/mime/test/lint-samples.ts'
import { dataFor } from '../conformance/suites.js'
import { defectsOfPython, type PythonDefect } from './lib/python-defects.ts'

// What our findings call the defects that Python finds in a body or in what makes it.
const COUNTERPARTS: Readonly<Record<string, readonly LintRule[]>> = {
  CloseBoundaryNotFoundDefect: ['close-delimiter-missing'],
  InvalidBase64CharactersDefect: ['base64-character', 'base64-url-character', 'base64-after-padding'],
  InvalidBase64LengthDefect: ['base64-cut'],
  InvalidBase64PaddingDefect: ['base64-missing-padding', 'base64-stray-padding', 'base64-url-character'],
  InvalidMultipartContentTransferEncodingDefect: ['encoded-container'],
  MissingHeaderBodySeparatorDefect: [
    'byte-order-mark',
    'no-field',
    'bad-field-name',
    'blank-before-colon',
    'mbox-line',
    'unended-header',
  ],
  MultipartInvariantViolationDefect: ['boundary-missing', 'delimiter-missing'],
  NoBoundaryInMultipartDefect: ['boundary-missing'],
  StartBoundaryNotFoundDefect: ['delimiter-missing', 'boundary-reused'],
}

// What Python doubts and we do not, and why.
const KNOWN: Readonly<Record<string, string>> = {
  'parameter-single-quoted: NoBoundaryInMultipartDefect': 'the boundary is there, and its quotes are told',
  'parameter-single-quoted: MultipartInvariantViolationDefect': 'the boundary is there, and its quotes are told',
  'partial-not-7bit: MissingHeaderBodySeparatorDefect': 'a fragment of a message is not taken for a message',
  'external-not-7bit: MissingHeaderBodySeparatorDefect': 'what lies elsewhere is not taken for a message',
  'rfc/008.eml: MissingHeaderBodySeparatorDefect': 'a message in Base64 is a leaf, which encoded-container tells',
  'malformed/005.eml: StartBoundaryNotFoundDefect': 'a delimiter is a whole line; boundary-prefix tells of the doubt',
  'malformed/017.eml: NoBoundaryInMultipartDefect': 'the boundary is read, and parameter-missing-semicolon told',
  'malformed/017.eml: MultipartInvariantViolationDefect': 'the boundary is read, and parameter-missing-semicolon told',
}

interface Named {
  readonly name: string
  readonly octets: Uint8Array
}

function messages(): Named[] {
  const samples = SAMPLES.map(([rule, fires]) => ({ name: rule, octets: messageOf(fires) }))
  const data = dataFor('mime')
  const folders = data ? ['rfc', 'legacy', 'malformed'] : []
  const corpus = folders.flatMap((folder) =>
    readdirSync(join(data!, folder))
      .filter((file) => file.endsWith('.eml'))
      .map((file) => ({ name: `${folder}/${file}`, octets: new Uint8Array(readFileSync(join(data!, folder, file))) })),
  )
  return [...samples, ...corpus]
}

// A defect of a field is met by a finding about that field; in a name or an octet of it, or in the field as a whole.
function isMet([name, field]: PythonDefect, findings: readonly LintFinding[]): boolean {
  if (field !== null) return findings.some((one) => one.field?.toLowerCase() === field)
  return findings.some(({ rule }) => COUNTERPARTS[name]?.includes(rule))
}

test('lintMessage: each defect that Python finds has a finding, or a reason for having none', async () => {
  const all = messages()
  const defects = await defectsOfPython(all.map(({ octets }) => octets))
  const unmet = new Set<string>()
  let count = 0
  for (const [index, { name, octets }] of all.entries()) {
    const findings = lintMessage(octets)
    for (const defect of defects[index]!) {
      count++
      if (!isMet(defect, findings)) unmet.add(`${name}: ${defect[0]} ${defect[1] ?? ''}`.trim())
    }
  }
  expect(count).toBeGreaterThan(80)
  expect([...unmet]).toEqual(Object.keys(KNOWN))
})
