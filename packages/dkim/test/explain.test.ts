import { MemoryZone } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type ExplainDkimOptions, explainDkimFailure, type SignDkimOptions } from '../src/index.ts'
import { octets } from './example.ts'
import { ALGORITHMS, FORMS, keys, records, signed, withRecord } from './verdicts.ts'

const MESSAGE = [
  'From: Ann <ann@football.example.com>',
  'To: Bob <bob@example.net>',
  'Subject: Dinner is',
  '\tready',
  'Date: Sun, 29 Nov 2026 12:00:00 +0000',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Dear Bob,',
  '.. and all',
  'come.',
  '',
].join('\r\n')

const resolver = withRecord(records['ed25519-sha256'])
const explain = (message: string, options: Partial<ExplainDkimOptions> = {}) =>
  explainDkimFailure(octets(message), { resolver, ...options })

async function changed(from: string | RegExp, to: string, options: Partial<SignDkimOptions> = {}): Promise<string> {
  const message = await signed(MESSAGE, options)
  const other = message.replace(from, to)
  expect(other).not.toBe(message)
  return other
}

describe('explainDkimFailure: the body', () => {
  test.each<[string, string | RegExp, string, object]>([
    ['a footer', /$/, '-- \r\nThe list\r\n', { type: 'lines-appended', line: 4 }],
    ['a footer of many lines', /$/, 'x\r\n'.repeat(60), { type: 'lines-appended', line: 4 }],
    ['a banner', 'Dear', 'CAUTION: from outside\r\nDear', { type: 'lines-prepended', line: 2 }],
    ['dots', '\r\n.. and', '\r\n... and', { type: 'dots-doubled' }],
  ])('%s is found', async (_, from, to, cause) => {
    for (const canonicalization of FORMS) {
      const message = await changed(from, to, { canonicalization })
      expect(await explain(message)).toEqual({ body: 'changed', header: 'as-signed', causes: [cause] })
    }
  })

  test('line ends of the signer are found', async () => {
    const { signDkimHeader, DkimBodyHasher } = await import('../src/index.ts')
    const { sha256 } = await import('../src/algorithm.ts')
    const { encodeBase64 } = await import('@posthorn/core')
    const [head = '', body = ''] = MESSAGE.split('\r\n\r\n')
    const simple = encodeBase64(await sha256(octets(`${body.replaceAll('\r\n', '\n')}\r\n`)))
    expect(Object.keys(await new DkimBodyHasher().end())).toEqual(['relaxed'])
    const field = await signDkimHeader(
      octets(`${head}\r\n`),
      { simple },
      {
        domain: 'football.example.com',
        selector: 'brisbane',
        key: keys['ed25519-sha256'],
        canonicalization: 'simple/simple',
      },
    )
    const message = String.fromCharCode(...field) + MESSAGE
    expect(await explain(message)).toMatchObject({ body: 'changed', causes: [{ type: 'line-ends' }] })
  })

  test.each([
    ['quoted-printable', 'Dear Bob,\r\n=2E. and all\r\ncome.\r\n'],
    ['base64', `${btoa('Dear Bob,\r\n.. and all\r\ncome.\r\n')}\r\n`],
  ])('%s of a relay is found, and the field that it changed', async (encoding, body) => {
    const message = (await changed('8bit', encoding)).replace(/(\r\n\r\n)[\s\S]*$/u, `$1${body}`)
    const { causes, header } = await explain(message)
    expect(causes).toEqual([
      { type: 'encoded', encoding },
      { type: 'field-changed', name: 'Content-Transfer-Encoding', index: 6, was: ' 8bit' },
    ])
    expect(header).toBe('changed')
  })

  test('what cannot be known is not said', async () => {
    expect(await explain(await changed('come.', 'came.'))).toEqual({ body: 'changed', header: 'as-signed', causes: [] })
  })

  test('no more is hashed than the limit', async () => {
    const message = await changed(/$/, 'x\r\n')
    expect((await explain(message, { maxBodyOctets: 10 })).causes).toEqual([])
  })
})

describe('explainDkimFailure: the header', () => {
  test.each<[string, string | RegExp, string, readonly object[]]>([
    [
      'a tag of a list',
      'Subject: Dinner',
      'Subject: [list] Dinner',
      [{ type: 'field-changed', name: 'Subject', index: 3, was: ' Dinner is\r\n\tready' }],
    ],
    [
      'a tag of a filter',
      'Subject: Dinner',
      'Subject: ***SPAM*** Dinner',
      [{ type: 'field-changed', name: 'Subject', index: 3, was: ' Dinner is\r\n\tready' }],
    ],
    [
      'a field that none was to be added to',
      'To:',
      'Cc: eve@example.org\r\nTo:',
      [{ type: 'field-added', name: 'Cc', index: 2 }],
    ],
    ['a second Subject', 'Date:', 'subject: other\r\nDate:', [{ type: 'field-added', name: 'subject', index: 4 }]],
    [
      'an author rewritten',
      /From: .*/,
      'From: Ann via list <list@example.org>\r\nX-Original-From: Ann <ann@football.example.com>',
      [{ type: 'field-changed', name: 'From', index: 1, was: ' Ann <ann@football.example.com>' }],
    ],
    [
      'two at once',
      /Subject: ([\s\S]*?)Date:/u,
      'Subject: [list] $1Reply-To: list@example.org\r\nDate:',
      [
        { type: 'field-changed', name: 'Subject', index: 3, was: ' Dinner is\r\n\tready' },
        { type: 'field-added', name: 'Reply-To', index: 4 },
      ],
    ],
  ])('%s is found', async (_, from, to, causes) => {
    for (const algorithm of ALGORITHMS) {
      const message = await changed(from, to, { key: keys[algorithm] })
      expect(await explain(message, { resolver: withRecord(records[algorithm]) })).toEqual({
        body: 'as-signed',
        header: 'changed',
        causes,
      })
    }
  })

  test('another folding is found, where it matters', async () => {
    const refolded = await changed('is\r\n\tready', 'is ready', { canonicalization: 'simple/simple' })
    expect((await explain(refolded)).causes).toEqual([])
    const unfolded = await signed(MESSAGE.replace('is\r\n\tready', 'is ready'), { canonicalization: 'simple/simple' })
    expect((await explain(unfolded.replace('is ready', 'is\r\n ready'))).causes).toEqual([{ type: 'refolded' }])
  })

  test('whatever the signature copied is found [rfc6376 3.5]', async () => {
    const copyFields = ['subject', 'to', 'date']
    const message = await changed(/Subject: [\s\S]*?Date: .*\r\n/u, 'Subject: Lunch\r\n', { copyFields })
    expect((await explain(message)).causes).toEqual([
      { type: 'field-changed', name: 'Subject', index: 3, was: ' Dinner is\r\n\tready' },
      { type: 'field-removed', name: 'Date', was: ' Sun, 29 Nov 2026 12:00:00 +0000' },
    ])
  })

  test('what cannot be known is not said', async () => {
    expect(await explain(await changed('Dinner', 'Lunch'))).toEqual({
      body: 'as-signed',
      header: 'changed',
      causes: [],
    })
  })

  test('no more headers are tried than the limit', async () => {
    expect((await explain(await changed('Subject: ', 'Subject: [list] '), { maxHeaders: 1 })).causes).toEqual([])
  })
})

describe('explainDkimFailure: without a failure, or without what it takes', () => {
  test('a good signature has nothing to explain', async () => {
    expect(await explain(await signed(MESSAGE))).toEqual({ body: 'as-signed', header: 'as-signed', causes: [] })
  })

  test('without a key the body alone can be told of', async () => {
    const message = await changed(/$/, 'x\r\n')
    expect(await explain(message, { resolver: new MemoryZone() })).toEqual({
      body: 'changed',
      header: 'unknown',
      causes: [{ type: 'lines-appended', line: 4 }],
    })
  })

  test('a signature that cannot be read tells nothing', async () => {
    const message = (await signed(MESSAGE)).replace('v=1', 'v=2')
    expect(await explain(message)).toEqual({ body: 'unknown', header: 'unknown', causes: [] })
  })

  test('one that is not there is refused', async () => {
    expect(await rejectionOf(() => explain(MESSAGE))).toBe('DKIM_BAD_FIELD')
    const message = await signed(MESSAGE)
    expect(await rejectionOf(() => explain(message, { index: 1 }))).toBe('DKIM_BAD_FIELD')
  })

  test('of several the one asked for is explained', async () => {
    const broken = await changed(/$/, 'x\r\n')
    const again = await signed(broken)
    expect((await explain(again)).causes).toEqual([])
    expect((await explain(again, { index: 1 })).causes).toEqual([{ type: 'lines-appended', line: 4 }])
  })

  test('any change to any message is explained, or not, without an error', async () => {
    const message = await signed(MESSAGE, { copyFields: ['subject'] })
    const start = message.indexOf('From: Ann')
    const insert = fc.constantFrom('\r\n', 'Subject: [x] ', 'To: a\r\n', ' ', '=3D', '\r\n\r\n', 'x')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: message.length }), insert, async (at, piece) => {
        const code = await rejectionOf(() => explain(message.slice(0, at) + piece + message.slice(at)))
        expect(['none', 'MIME_BAD_FIELD']).toContain(code)
      }),
      { numRuns: 60 },
    )
  })
})
