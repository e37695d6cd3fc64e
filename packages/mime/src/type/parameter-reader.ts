/**
 * Parameters as they are received: RFC 2045 section 5.1, with the charsets, languages and sections of RFC 2231 section 3
 * and 4, and the encoded words that RFC 2047 section 5 forbids there.
 */

import { encodeUtf8, findControl, hexOctet, isUtf8 } from '@posthorn/core'
import type { DefectList } from '../syntax/defect.ts'
import { type CharsetOptions, decodeCharset } from '../text/charset-decoder.ts'
import { decodeWords } from '../text/word-decoder.ts'
import type { RawParameter } from './parameter-scanner.ts'

/** A parameter as it is meant. */
export interface ReadParameter {
  /** The name in lower case, without what RFC 2231 adds to it. */
  readonly name: string
  /** The value, decoded; controls in it stay. */
  readonly value: string
  /** The charset that it was written in by RFC 2231, as labelled there. */
  readonly charset?: string
  /** The language that RFC 2231 gives it. */
  readonly language?: string
}

/** The limits of {@link readContentType} and {@link readDisposition}, and decoders for charsets. */
export interface ReadParametersOptions extends CharsetOptions {
  /** Most parameters that are read, sections counted one by one; default 200. */
  readonly maxParameters?: number
  /** Most sections that one parameter is made of; default 100, over 6,000 characters in lines of the usual length. */
  readonly maxSections?: number
}

interface Context extends CharsetOptions {
  readonly defects: DefectList
}

interface Section {
  readonly number: number
  readonly extended: boolean
  readonly raw: RawParameter
}

interface Group {
  readonly name: string
  plain?: RawParameter
  extended?: RawParameter
  readonly sections: Map<number, Section>
}

interface Reading {
  readonly parameter: ReadParameter
  readonly raw: RawParameter
}

// parameter = regular-parameter / extended-parameter    ; RFC 2231 section 7
const NAME = /^([^*]+)(?:\*(\d{1,9}))?(\*)?$/
const DISPLAYED = new Set(['name', 'filename'])

/**
 * Puts together what belongs to one parameter. In the order of trust, a value is that of `name*`, of the sections
 * `name*0`, `name*1`, …, or of `name`; the first of two alike counts.
 *
 * @internal
 */
export function joinParameters(
  raws: readonly RawParameter[],
  options: ReadParametersOptions & { readonly defects: DefectList },
): ReadParameter[] {
  const { defects, maxSections = 100 } = options
  const groups = new Map<string, Group>()
  for (const raw of raws) {
    const match = NAME.exec(raw.name)
    const [, base = raw.name, digits, star] = match ?? []
    if (!match || /^0\d/.test(digits ?? '')) defects.add('bad-parameter-name', raw)
    const group = groups.get(base) ?? { name: base, sections: new Map() }
    groups.set(base, group)
    const extended = star !== undefined
    if (!digits) addWhole(group, raw, { extended, defects })
    else addSection(group, { number: Number(digits), extended, raw }, { defects, maxSections })
  }
  return Array.from(groups.values(), (group) => readGroup(group, options))
}

interface SectionLimits {
  readonly defects: DefectList
  readonly maxSections: number
}

function addSection({ sections }: Group, section: Section, { defects, maxSections }: SectionLimits): void {
  if (sections.has(section.number)) defects.add('duplicate-parameter', section.raw, section.raw.value)
  else if (sections.size >= maxSections) defects.add('section-limit', section.raw)
  else sections.set(section.number, section)
}

interface WholeContext {
  readonly extended: boolean
  readonly defects: DefectList
}

function addWhole(group: Group, raw: RawParameter, { extended, defects }: WholeContext): void {
  const kind = extended ? 'extended' : 'plain'
  if (group[kind]) defects.add('duplicate-parameter', raw, raw.value)
  else group[kind] = raw
}

function readGroup(group: Group, context: Context): ReadParameter {
  const { name, extended, sections, plain } = group
  const readings: Reading[] = []
  if (extended) {
    const parameter = readSections(name, [{ number: 0, extended: true, raw: extended }], context)
    readings.push({ parameter, raw: extended })
  }
  if (sections.size > 0) {
    const sorted = [...sections.values()].sort((a, b) => a.number - b.number)
    readings.push({ parameter: readSections(name, sorted, context), raw: sorted[0]!.raw })
  }
  if (plain) readings.push({ parameter: { name, value: readPlain(name, plain, context) }, raw: plain })
  const [best, ...others] = readings
  for (const { parameter, raw } of others) {
    if (parameter.value !== best!.parameter.value) context.defects.add('two-forms', raw, parameter.value)
  }
  return best!.parameter
}

function readPlain(name: string, { value, start, end }: RawParameter, context: Context): string {
  const decoded = decodeWords(value, context)
  if (decoded === value) return value
  // Names for people are what their senders meant; a boundary is what it says.
  const isDisplayed = DISPLAYED.has(name)
  context.defects.add('encoded-word-in-parameter', { start, end }, isDisplayed ? value : decoded)
  return isDisplayed ? decoded : value
}

function readSections(name: string, sections: readonly Section[], context: Context): ReadParameter {
  const { defects } = context
  const first = sections[0]!.raw
  const gap = sections.findIndex((section, index) => section.number !== index)
  const isPlain = sections.every((section) => !section.extended)
  const { charset, language, sections: cut } = isPlain ? unlabelled(sections) : takeCharset(sections, defects)
  const range = { start: first.start, end: sections.at(-1)!.raw.end }
  if (gap >= 0) defects.add('section-gap', sections[gap]!.raw, decodeSections(cut.slice(0, gap), { charset, context }))
  if (isPlain) return { name, value: readPlain(name, { ...first, ...range, value: joinValues(sections) }, context) }
  const value = decodeSections(cut, { charset, context, range })
  if (findControl(value) >= 0) defects.add('control-character', range)
  return { name, value, ...(charset !== '' && { charset }), ...(language !== '' && { language }) }
}

function joinValues(sections: readonly Section[]): string {
  return sections.map(({ raw }) => raw.value).join('')
}

interface Labelled {
  readonly charset: string
  readonly language: string
  readonly sections: readonly Section[]
}

function unlabelled(sections: readonly Section[]): Labelled {
  return { charset: '', language: '', sections }
}

// extended-initial-value = [charset] "'" [language] "'" extended-other-values
function takeCharset(sections: readonly Section[], defects: DefectList): Labelled {
  const [first, ...rest] = sections as [Section, ...Section[]]
  for (const { extended, raw } of sections) if (extended && raw.quoted) defects.add('quoted-extended-value', raw)
  const label = first.extended && first.number === 0 ? /^([^']*)'([^']*)'/.exec(first.raw.value) : null
  if (!label) {
    defects.add('missing-charset', first.raw)
    return unlabelled(sections)
  }
  const value = first.raw.value.slice(label[0].length)
  return {
    charset: label[1]!,
    language: label[2]!,
    sections: [{ ...first, raw: { ...first.raw, value } }, ...rest],
  }
}

interface DecodeContext {
  readonly charset: string
  readonly context: Context
  /** What defects are of; without it they are not told. */
  readonly range?: { readonly start: number; readonly end: number }
}

// Octets of neighbouring sections are joined before they are decoded, as a section may end within a character.
function decodeSections(sections: readonly Section[], options: DecodeContext): string {
  let value = ''
  let octets: number[] = []
  for (const { extended, raw } of sections) {
    if (extended) {
      for (const octet of unescapeOctets(raw, options)) octets.push(octet)
      continue
    }
    value += decodeOctets(octets, options) + raw.value
    octets = []
  }
  return value + decodeOctets(octets, options)
}

const PERCENT = 37

// ext-octet = "%" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")
function unescapeOctets({ value, start, end }: RawParameter, { context, range }: DecodeContext): number[] {
  const bytes = encodeUtf8(value)
  const octets: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at] === PERCENT ? hexOctet(bytes, at + 1) : -1
    if (octet >= 0) at += 2
    else if (range && bytes[at] === PERCENT) context.defects.add('bad-escape', { start, end })
    octets.push(octet >= 0 ? octet : bytes[at]!)
  }
  return octets
}

function decodeOctets(octets: readonly number[], { charset, context, range }: DecodeContext): string {
  const bytes = Uint8Array.from(octets)
  const label = charset !== '' || isUtf8(bytes) ? charset || 'utf-8' : 'windows-1252'
  const { text, defects } = decodeCharset(bytes, label, context)
  if (range && bytes.length > 0) for (const { code } of defects) context.defects.add(code, range)
  return text
}
