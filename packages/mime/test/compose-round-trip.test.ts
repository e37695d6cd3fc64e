import { decodeLatin1 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compose, decodeWords, type MessageInput, splitMessage } from '../src/index.ts'
import { fieldValue, type ReadPart, readMessage, textOf } from './reader.ts'

const NOW = new Date('2024-05-06T07:08:09Z')

describe('compose: any message', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme-ascii', size: 'medium' }),
    fc.constantFrom('x'.repeat(1200), 'a, "b" <c@d>', '=?utf-8?Q?x?=', ' a ', '\ud83d'),
  )
  const word = line.map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ''))
  const body = fc
    .array(fc.oneof(line, fc.constantFrom('\n', '\r', '\r\n', '.', '--=_AAAAAAAAAAAAAAAAAAAA_1')))
    .map((all) => all.join(''))
  const address = fc.constantFrom('a@x.example', '"b c"@x.example', 'd@[192.0.2.1]')
  const person = fc.record({ name: word, address })
  const message: fc.Arbitrary<MessageInput> = fc.record(
    {
      from: person,
      to: fc.array(person),
      subject: word,
      text: body,
      html: body,
      headers: fc.array(fc.record({ name: fc.constantFrom('X-A', 'Comments'), value: word })),
      attachments: fc.array(
        fc.record(
          { content: fc.oneof(fc.uint8Array({ size: 'medium' }), body), filename: word, contentId: fc.constant('a@b') },
          { requiredKeys: ['content'] },
        ),
      ),
    },
    { requiredKeys: ['from'] },
  )
  let count = 0
  const random = (length: number) => Uint8Array.from({ length }, () => (count++ * 37) & 255)

  test('compose: is 7-bit, in lines of 78 columns where blanks allow, of 998 octets always [rfc5322 2.1.1]', () => {
    fc.assert(
      fc.property(message, (input) => {
        const bytes = compose(input, { now: NOW, random }).bytes()
        const text = decodeLatin1(bytes)
        expect(text).toMatch(/^[\u0001-\u007f]*$/)
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        for (const one of text.split('\r\n')) expect(one.length).toBeLessThanOrEqual(998)
        for (const one of (text.split('\r\n\r\n')[0] ?? '').split('\r\n')) {
          if (one.length > 78) expect(one.trim()).not.toContain(' ')
          if (one.includes('=?')) expect(one.length).toBeLessThanOrEqual(76)
          for (const encoded of one.match(/=\?.*?\?[BQ]\?.*?\?=/g) ?? []) expect(encoded.length).toBeLessThanOrEqual(75)
        }
      }),
    )
  })

  test('compose: its fields, names, texts, files and octets come back', () => {
    const repaired = (text: string) =>
      text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    const leaves = (part: ReadPart): ReadPart[] => (part.parts.length > 0 ? part.parts.flatMap(leaves) : [part])
    fc.assert(
      fc.property(message, (input) => {
        const made = compose(input, { now: NOW, random })
        const whole = readMessage(made.bytes())
        expect(whole.fields.map((field) => field.name)).toEqual(
          splitMessage(made.bytes()).fields.map((field) => field.name),
        )
        const subject = fieldValue(whole.fields, 'subject')
        expect(subject === undefined ? undefined : decodeWords(subject)).toBe(
          input.subject === undefined ? undefined : repaired(input.subject),
        )
        const extra = whole.fields.filter(({ name }) => name === 'X-A' || name === 'Comments')
        expect(extra.map(({ name, value }) => ({ name, value: decodeWords(value) }))).toEqual(
          (input.headers ?? []).map((one) => ({ name: one.name, value: repaired('value' in one ? one.value : '') })),
        )
        const files = leaves(whole).filter((part) => part.disposition.value !== '')
        const shown = (input.attachments ?? []).filter((one) => one.contentId && input.html !== undefined)
        const rest = (input.attachments ?? []).filter((one) => !shown.includes(one))
        expect(files.map((file) => file.disposition.parameters['filename'])).toEqual(
          [...shown, ...rest].map(({ filename }) => (filename === undefined ? undefined : repaired(filename))),
        )
        for (const [index, { content }] of [...shown, ...rest].entries()) {
          if (typeof content !== 'string') expect(files[index]?.bytes).toEqual(content)
          else expect(textOf(files[index])).toBe(repaired(content).replace(/\r\n|\r|\n/g, '\r\n'))
        }
        const texts = leaves(whole).filter((part) => part.disposition.value === '' && part.type.startsWith('text/'))
        const given = [input.text, input.html].filter((text) => text !== undefined)
        const end = /(\r\n)?$/
        for (const [index, text] of given.entries()) {
          expect(textOf(texts[index]).replace(end, '')).toBe(
            repaired(text)
              .replace(/\r\n|\r|\n/g, '\r\n')
              .replace(end, ''),
          )
        }
      }),
    )
  })
})
