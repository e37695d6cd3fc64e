import { decodeBase64 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { parseTagList, readBase64, readList, readTag } from '../src/tag-list.ts'

describe('parseTagList', () => {
  test.each<[string, string, [string, string][], string]>([
    ['one tag', 'a=b', [['a', 'b']], 'rfc6376 3.2'],
    ['a final semicolon', 'a=b;', [['a', 'b']], 'rfc6376 3.2'],
    ['white space after it', 'a=b; \r\n ', [['a', 'b']], 'tolerated'],
    [
      'an empty value',
      'p=; a=',
      [
        ['p', ''],
        ['a', ''],
      ],
      'rfc6376 3.2',
    ],
    [
      'white space around name and value',
      ' a \t=\r\n b\t;c=d ',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      'rfc6376 3.2',
    ],
    ['folding in a value', 'h=from:\r\n\t to', [['h', 'from: to']], 'rfc6376 3.2'],
    ['equals signs in a value', 'b=AA==', [['b', 'AA==']], 'rfc6376 3.2'],
    [
      'names of which case is all that differs',
      'a=1;A=2',
      [
        ['a', '1'],
        ['A', '2'],
      ],
      'rfc6376 3.2',
    ],
    ['underscores and digits in a name', 'a_1=x', [['a_1', 'x']], 'rfc6376 3.2'],
    ['constructor as a name', 'constructor=1', [['constructor', '1']], 'security'],
    ['UTF-8 in a value', 'i=jörg@a.example', [['i', 'jörg@a.example']], 'rfc8616 5'],
  ])('takes %s [$3]', (_, text, tags) => {
    expect([...parseTagList(text)]).toEqual(tags)
  })

  test.each([
    ['nothing', '', 'rfc6376 3.2'],
    ['a semicolon alone', ';', 'rfc6376 3.2'],
    ['two semicolons', 'a=b;;', 'rfc6376 3.2'],
    ['an empty tag between', 'a=b; ;c=d', 'rfc6376 3.2'],
    ['no equals sign', 'a', 'rfc6376 3.2'],
    ['no name', '=b', 'rfc6376 3.2'],
    ['a name that begins with a digit', '1a=b', 'rfc6376 3.2'],
    ['a name that begins with an underscore', '_a=b', 'rfc6376 3.2'],
    ['the name of a prototype', '__proto__=1', 'security'],
    ['a hyphen in a name', 'a-b=c', 'rfc6376 3.2'],
    ['a space in a name', 'a b=c', 'rfc6376 3.2'],
    ['a name that comes twice', 'a=b;c=d;a=b', 'rfc6376 3.2'],
    ['a bare LF', 'a=b;\n c=d', 'rfc6376 2.8'],
    ['a CRLF that no white space follows', 'a=b;\r\nc=d', 'rfc6376 2.8'],
    ['NUL', 'a=b\0', 'rfc6376 3.2'],
    ['DEL', 'a=\x7f', 'rfc6376 3.2'],
    ['a C1 control', 'a=\x85', 'security'],
    ['a line separator', 'a=\u2028', 'security'],
    ['a form feed around a value', 'a=\fb', 'rfc6376 3.2'],
    ['a no-break space around a value', 'a=\u00a0b', 'security'],
  ])('refuses %s [$2]', async (_, text) => {
    expect(await rejectionOf(() => parseTagList(text))).toBe('DKIM_BAD_TAG_LIST')
  })
})

test('parseTagList: takes 65,535 characters and no more', async () => {
  const list = `a=${'b'.repeat(65_533)}`
  expect(parseTagList(list).get('a')?.length).toBe(65_533)
  expect(await rejectionOf(() => parseTagList(`${list}b`))).toBe('DKIM_BAD_TAG_LIST')
})

test('readTag, readBase64: the longest list does not exhaust a pattern', async () => {
  expect(readBase64(parseTagList(`b=${'AAAA'.repeat(16_383)}`), 'b').length).toBe(65_532)
  expect(await rejectionOf(() => readBase64(parseTagList(`b=${'AAAA'.repeat(16_383)}*`), 'b'))).toBe('DKIM_BAD_TAG')
})

test('parseTagList: any text is refused, or gives tags that say the same again', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'B', '1', '=', ';', ' ', '\t', '\r\n ', '_', ':', '\n', 'é'),
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(text, async (list) => {
      if ((await rejectionOf(() => parseTagList(list))) === 'DKIM_BAD_TAG_LIST') return
      const tags = parseTagList(list)
      expect(parseTagList([...tags].map(([name, value]) => `${name}=${value}`).join(';'))).toEqual(tags)
    }),
  )
})

describe('readTag', () => {
  const tags = parseTagList('a=one; e=')

  test('gives the value, or what absence means', () => {
    expect(readTag(tags, 'a', /^one$/, 'two')).toBe('one')
    expect(readTag(tags, 'b', /^two$/, 'two')).toBe('two')
    expect(readTag(tags, 'e', /^$/, 'two')).toBe('')
  })

  test('refuses an absent tag, and one of another form', async () => {
    expect(await rejectionOf(() => readTag(tags, 'b', /^/))).toBe('DKIM_MISSING_TAG')
    expect(await rejectionOf(() => readTag(tags, 'a', /^two$/))).toBe('DKIM_BAD_TAG')
  })
})

test('readList: gives the members without the white space around them [rfc6376 3.2]', () => {
  const tags = parseTagList('h=a : b:\r\n c')
  expect(readList(tags, 'h', /^/)).toEqual(['a', 'b', 'c'])
  expect(readList(tags, 's', /^/)).toEqual([])
})

describe('readBase64', () => {
  const read = (value: string) => readBase64(parseTagList(`b=${value}`), 'b')

  test.each([
    ['AAAA', 'AAAA'],
    ['AA AA', 'AAAA'],
    ['A\r\n A=\r\n\t=', 'AA=='],
    ['/+8=', '/+8='],
    ['Zm9vYmFy', 'Zm9vYmFy'],
  ])('takes %j [rfc6376 2.10]', (value, expected) => {
    expect(read(value)).toBe(expected)
  })

  test.each([
    ['nothing', ''],
    ['a cut group', 'AAA'],
    ['a cut group after a whole one', 'AAAAA'],
    ['too much padding', 'A==='],
    ['padding alone', '===='],
    ['padding before the end', 'AA==AAAA'],
    ['a character outside the alphabet', 'AA*A'],
    ['the URL-safe alphabet', 'AA-_'],
    ['stray bits before two pads', 'AB=='],
    ['stray bits before one pad', 'AAB='],
  ])('refuses %s [rfc4648 3]', async (_, value) => {
    expect(await rejectionOf(() => read(value))).toBe('DKIM_BAD_TAG')
  })

  test('takes exactly what the decoder takes', async () => {
    const value = fc.string({ unit: fc.constantFrom('A', 'B', 'Q', 'w', '8', '/', '='), minLength: 1, maxLength: 9 })
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        const mine = await rejectionOf(() => read(text))
        const theirs = await rejectionOf(() => decodeBase64(text))
        expect(mine === undefined).toBe(theirs === undefined)
      }),
      { numRuns: 1000 },
    )
  })
})
