/** Elements as XML: XML 1.0 section 2, with what it cannot hold replaced. */

import { clip } from '@posthorn/core'
import { reportFault } from './error.ts'
import type { ReportElement } from './model.ts'
import { possibleText } from './xml-character.ts'

// NCName, without what few parsers agree on.
const NAME = /^[A-Za-z_][\w.-]*$/
const ESCAPED = /[&<>"\t\n\r]/g
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
])

/**
 * Writes elements, each in a line of its own.
 *
 * @internal
 */
export class XmlWriter {
  readonly #lines: string[] = []
  #indent = ''

  /** An element with text; nothing where there is no text to write. */
  text(name: string, text: string | number | undefined, attributes = ''): void {
    if (text === undefined) return
    this.#lines.push(`${this.#indent}<${name}${attributes}>${escapeText(String(text))}</${name}>`)
  }

  /** An element with others in it. */
  within(name: string, write: () => void, attributes = ''): void {
    this.#lines.push(`${this.#indent}<${name}${attributes}>`)
    const indent = this.#indent
    this.#indent = `${indent}  `
    write()
    this.#indent = indent
    this.#lines.push(`${indent}</${name}>`)
  }

  /** An element of others, in its namespace. */
  extension(element: ReportElement, around: string): void {
    const { name, namespace = '', text, children } = element
    if (!NAME.test(name)) throw badName(name)
    const attributes = `${namespace === around ? '' : attribute('xmlns', namespace)}${attributesOf(element)}`
    const write = () => {
      for (const one of children) this.extension(one, namespace)
    }
    if (children.length === 0) this.text(name, text, attributes)
    else if (text.trim() !== '') throw badName(`${name}: text beside elements`)
    else this.within(name, write, attributes)
  }

  finish(): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${this.#lines.join('\n')}\n`
  }
}

/** @internal An attribute, with the blank in front of it. */
export function attribute(name: string, value: string): string {
  return ` ${name}="${escapeText(value)}"`
}

function attributesOf({ attributes }: ReportElement): string {
  const names = new Set(attributes.map(({ name }) => name))
  if (names.size < attributes.length) throw badName('an attribute twice')
  return attributes
    .map(({ name, value }) => {
      if (!NAME.test(name) || name === 'xmlns') throw badName(name)
      return attribute(name, value)
    })
    .join('')
}

function badName(name: string): Error {
  return reportFault('DMARC_REPORT_BAD_VALUE', `write "${clip(name)}" in an extension`, 'rfc9990#section-5')
}

function escapeText(text: string): string {
  // HAZARD: some of what stands in a report was chosen by who sent the mail, and must not keep it from being written.
  return possibleText(text).replace(ESCAPED, (character) => ESCAPES.get(character)!)
}
