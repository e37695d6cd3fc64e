import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import * as mime from '../src/index.ts'
import {
  type ComposeContext,
  type ComposedMessage,
  compose,
  type MessageNeeds,
  type MimePart,
  type ParsedMessage,
  parseMessage,
  splitMessage,
} from '../src/index.ts'
import { CONTROLS, LOOKALIKES, PLACES, type Place, repaired } from './injection-places.ts'
import { readMessage, textOf } from './reader.ts'

const context: ComposeContext = { now: new Date('2024-05-06T07:08:09Z'), random: (length) => new Uint8Array(length) }
const FROM = 'Ada <ada@example.org>'

const namesOf = ({ bytes }: ComposedMessage) => splitMessage(bytes()).fields.map((field) => field.name)

/** The names of all fields, part by part, and what parts there are. */
const shapeOf = ({ path, fields, contentType, parts }: MimePart): unknown => [
  path,
  fields
    .map(({ name }) => name.toLowerCase().replace(/^(x|content)-a.*$/, '$1-a'))
    .filter((name) => name !== 'content-transfer-encoding'),
  contentType.type,
  parts.map(shapeOf),
]

/** Composes with a text in a place; a message that is written with blind copies, in every form that it can have. */
function forms({ message }: Place, text: string): Uint8Array[] {
  const composed = compose({ from: FROM, ...message(text) }, context)
  return (['7bit', '8bit', 'binary'] as const).flatMap((encoding) =>
    [false, true].flatMap((smtpUtf8) => {
      const needed = LEVELS.indexOf(encoding) >= levelOf(composed.needs) && (smtpUtf8 || !composed.needs.smtpUtf8)
      return needed ? [composed.serialize({ encoding, smtpUtf8, keepBcc: true }).bytes()] : []
    }),
  )
}

const LEVELS = ['7bit', '8bit', 'binary']
const levelOf = ({ eightBit, binary }: MessageNeeds): number => (binary ? 2 : eightBit ? 1 : 0)

describe.each(PLACES.map((place): [string, Place] => [place.name, place]))('compose: %s [security]', (_, place) => {
  // A message ends its last line where its text does not.
  const unended = (text: string | undefined) => (place.isBody ? text?.replace(/\r\n$/, '') : text)
  const wanted = (text: string) => unended((place.wanted ?? ((one) => one))(repaired(text)))
  const found = (message: ParsedMessage) => unended(place.read(message))

  test('compose: refuses what ends a line, unless it is a body', () => {
    for (const text of place.isBody ? [] : CONTROLS) {
      expect([text, failureOf(() => forms(place, text))]).toEqual([text, expect.stringMatching(/^MIME_BAD_/)])
    }
  })

  test('compose: what looks like syntax is refused, or stays in its place in every form', () => {
    const plain = place.isClosed ? undefined : parseMessage(forms(place, 'x')[0]!)
    for (const text of [...LOOKALIKES, ...(place.isBody ? CONTROLS : [])]) {
      const code = failureOf(() => forms(place, text))
      expect([text, code]).toEqual([text, expect.stringMatching(/^none$|^MIME_(BAD|NEEDS)_/)])
      if (code !== 'none') continue
      for (const message of forms(place, text).map((bytes) => parseMessage(bytes))) {
        expect([text, found(message), shapeOf(message.root)]).toEqual([
          text,
          wanted(text),
          plain && shapeOf(plain.root),
        ])
      }
    }
  })

  test('compose: takes a plain text, and gives it back, or takes none', () => {
    if (place.isClosed) return expect(failureOf(() => forms(place, 'x'))).toMatch(/^MIME_BAD_/)
    for (const bytes of forms(place, 'x')) expect(found(parseMessage(bytes))).toBe(wanted('x'))
  })
})

// What stands in the context rather than in the message; what is no text cannot leave its place.
const IN_CONTEXT: Readonly<Record<keyof Required<ComposeContext>, boolean>> = {
  now: false,
  random: false,
  boundary: true,
}

test.each(Object.entries(IN_CONTEXT).flatMap(([key, isText]) => (isText ? [key] : [])))(
  'compose: the %s of the context is refused, or stays in its place [security]',
  (key) => {
    for (const text of [...CONTROLS, ...LOOKALIKES]) {
      const make = () => compose({ from: FROM, text: '', html: '' }, { ...context, [key]: `a${text}b` }).bytes()
      const code = failureOf(make)
      expect([text, code]).toEqual([text, expect.stringMatching(/^none$|^MIME_BAD_BOUNDARY$/)])
      if (code === 'none') expect(parseMessage(make()).root.parts.length).toBe(2)
    }
  },
)

/** Each function that writes text, with what it is given and what reads it. */
const WRITERS: Readonly<
  Record<string, readonly ((text: string) => readonly [written: string, read: string, wanted: string])[]>
> = {
  formatAddress: [
    (text) => {
      const written = mime.formatAddress({ name: `a${text}b`, address: 'a@x.example' })
      return [written, mime.readAddressList(written).entries[0]?.name ?? '', `a${text}b`]
    },
  ],
  formatAddressList: [
    (text) => {
      const written = mime.formatAddressList([{ name: `a${text}b`, members: [] }])
      return [written, mime.readAddressList(written).entries[0]?.name ?? '', `a${text}b`]
    },
  ],
  formatAddressField: [
    (text) => {
      const written = mime.formatAddressField('To', [{ name: `a${text}b`, address: 'a@x.example' }])
      return [written, mime.readAddressList(written.slice(3)).entries[0]?.name ?? '', `a${text}b`]
    },
    (text) => {
      const written = mime.formatAddressField(`X-A${text}`, [{ address: 'a@x.example' }])
      return [written, written.split(':')[0] ?? '', `X-A${text}`]
    },
  ],
  formatTextField: [
    (text) => {
      const written = mime.formatTextField('X-A', `a${text}b`)
      return [written, mime.readText(written.slice(5)).text, `a${text}b`]
    },
    (text) => {
      const written = mime.formatTextField(`X-A${text}`, 'a')
      return [written, written.split(':')[0] ?? '', `X-A${text}`]
    },
  ],
  formatParameter: [
    (text) => {
      const written = mime.formatParameter({ name: 'b', value: `c${text}d` }).join('; ')
      return [written, mime.findParameter(mime.readDisposition(`a; ${written}`).parameters, 'b') ?? '', `c${text}d`]
    },
    (text) => {
      const written = mime.formatParameter({ name: `b${text}`, value: 'c' }).join('; ')
      return [written, written.split('=')[0] ?? '', `b${text}`]
    },
  ],
  formatParameterField: [
    (text) => {
      const written = mime.formatParameterField('X-A', { value: 'a', parameters: [{ name: 'b', value: `c${text}d` }] })
      return [written, mime.findParameter(mime.readDisposition(written.slice(4)).parameters, 'b') ?? '', `c${text}d`]
    },
    (text) => {
      const written = mime.formatParameterField('X-A', { value: `a${text}b` })
      return [written, written.slice(5), `a${text}b`]
    },
  ],
  encodeWords: [
    (text) => {
      const written = mime.encodeWords(`a${text}b`)
      return [written, mime.decodeWords(written), hidden(`a${text}b`)]
    },
  ],
  // A line that is folded, and one of text, are whatever they are given, but for line ends of other kinds.
  foldField: [
    (text) => {
      const written = mime.foldField(`X-A: a${text}b`)
      return [written, written.replaceAll('\r\n ', ' '), `X-A: a${text}b`]
    },
  ],
  encodeFlowed: [],
  formatDate: [],
  // Several fields each: report-injection.test.ts.
  formatDeliveryStatus: [],
  formatDispositionNotification: [],
  formatFeedbackReport: [],
}

/** A control in a word is shown as a blank. */
const hidden = (text: string): string => text.replace(/[\0-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')

test('WRITERS: every function that writes has its row', () => {
  const writers = Object.keys(mime).filter((name) => /^(format|encode|fold)/.test(name))
  expect(Object.keys(WRITERS).sort()).toEqual(writers.sort())
})

test.each(
  Object.entries(WRITERS).flatMap(([name, rows]) =>
    rows.map((row, at): [string, typeof row] => [`${name} ${at}`, row]),
  ),
)('%s: a text is refused, or stays in its place [security]', (_name, row) => {
  for (const text of [...CONTROLS, ...LOOKALIKES]) {
    const code = failureOf(() => row(text))
    expect([text, code]).toEqual([text, expect.stringMatching(/^none$|^MIME_(BAD|NEEDS)_/)])
    if (code !== 'none') continue
    const [written, read, wanted] = row(text)
    expect([text, /[\0\r\n]/.test(written.replace(/\r\n[ \t]/g, ' '))]).toEqual([text, false])
    expect([text, read]).toEqual([text, repaired(wanted)])
  }
})

describe('compose: nothing leaves its place [security]', () => {
  const INJECTION = '\r\nBcc: victim@x.example\r\n\r\n<body>'
  test('compose: bodies begin after the header, whatever they hold', () => {
    const message = compose(
      { from: FROM, text: INJECTION, html: INJECTION, attachments: [{ content: INJECTION }] },
      context,
    )
    expect(namesOf(message)).not.toContain('Bcc')
    const [alternative, file] = readMessage(message.bytes()).parts
    for (const part of [...(alternative?.parts ?? []), file]) expect(textOf(part)).toBe(INJECTION)
  })

  test.each([
    'Date',
    'FROM',
    'sender',
    'Reply-To',
    'To',
    'Cc',
    'Bcc',
    'bcc',
    'Message-ID',
    'In-Reply-To',
    'References',
    'Subject',
    'MIME-Version',
    'Content-Type',
    'content-transfer-encoding',
    'Content-Foo',
    'Resent-Bcc',
    'Return-Path',
    'Received',
  ])('compose: a further header may not be %s [rfc5322 3.6]', (name) => {
    expect(failureOf(() => compose({ from: FROM, headers: [{ name, value: 'a@x.example' }] }, context))).toBe(
      'MIME_BAD_HEADER',
    )
  })

  test.each(['', 'A B', 'A:', 'Bcc:', 'Bcc ', ' Bcc', 'Süß'])(
    'compose: a further header may not have the name %j [rfc5322 2.2]',
    (name) => {
      expect(failureOf(() => compose({ from: FROM, headers: [{ name, value: 'a' }] }, context))).toBe('MIME_BAD_HEADER')
    },
  )
})
