import { findControl } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadMessageIdsOptions, readMessageIds } from '../src/index.ts'

const read = (text: string, options?: ReadMessageIdsOptions) => {
  const { ids, defects } = readMessageIds(text, options)
  return { ids, defects: defects.map(({ code, start, end }) => `${code} ${start}-${end}`) }
}

describe('readMessageIds', () => {
  test.each([
    ['one', '<1234@local.machine.example>', ['<1234@local.machine.example>']],
    ['several', '<a@x.test> <b@x.test>\r\n\t<c@x.test>', ['<a@x.test>', '<b@x.test>', '<c@x.test>']],
    ['several that touch', '<a@x.test><b@x.test>', ['<a@x.test>', '<b@x.test>']],
    ['comments between', '(x)<a@x.test>(y <z@x.test>) <b@x.test>', ['<a@x.test>', '<b@x.test>']],
    ['a literal', '<a@[192.0.2.1]>', ['<a@[192.0.2.1]>']],
    ['UTF-8', '<é@bücher.example>', ['<é@bücher.example>']],
    ['none', ' ', []],
  ])('readMessageIds: %s [rfc5322 3.6.4]', (_name, text, ids) => {
    expect(read(text)).toEqual({ ids, defects: [] })
  })

  test.each([
    [
      'blanks and comments within',
      '<1234   @   local(blah)  .machine>',
      ['<1234@local.machine>'],
      ['obsolete-spacing 1-33'],
    ],
    ['a quoted left part stays quoted', '<"a b"@x.test>', ['<"a b"@x.test>'], ['bad-id 1-13']],
    ['a bracket in quotes', '<"a>b"@x.test> <c@d>', ['<"a>b"@x.test>', '<c@d>'], ['bad-id 1-13']],
    ['no brackets', ' a@x.test \r\n', ['<a@x.test>'], ['missing-brackets 1-9']],
    [
      'no brackets for several',
      'a@x.test b@x.test',
      ['<a@x.test>', '<b@x.test>'],
      ['missing-brackets 0-8', 'missing-brackets 9-17'],
    ],
    ['one word', ' m ', ['<m>'], ['missing-brackets 1-2', 'bad-id 1-2']],
    ['no at sign', '<m>', ['<m>'], ['bad-id 1-2']],
    ['two at signs', '<a@b@c>', ['<a@b@c>'], ['bad-id 1-6']],
    ['specials in the left part', '<a:b,[c]@d>', ['<a:b,[c]@d>'], ['bad-id 1-10']],
    [
      'words around',
      'Your message of Tue <a@x.test> from Ann',
      ['<a@x.test>'],
      [
        'trailing-text 0-4',
        'trailing-text 5-12',
        'trailing-text 13-15',
        'trailing-text 16-19',
        'trailing-text 31-35',
        'trailing-text 36-39',
      ],
    ],
    ['commas', '<a@b>,<c@d>', ['<a@b>', '<c@d>'], ['stray-character 5-6']],
    ['nothing within', '<>', [], ['bad-id 1-1']],
    ['brackets twice', '<<a@b>>', ['<a@b>'], ['doubled-brackets 1-2', 'doubled-brackets 6-7']],
    ['a bracket that is not closed', '<a@b <c@d', ['<a@b>', '<c@d>'], ['unclosed-bracket 5-6', 'unclosed-bracket 9-9']],
    ['a comment that is not closed', '<a(@b>', ['<a(@b>'], ['unclosed-comment 2-3', 'bad-id 1-5']],
    ['a control in quotes', '<"a\0"@b>', [], ['control-character 3-4', 'bad-id 1-7']],
    ['a control outside', '<a\0b@c>', ['<ab@c>'], ['control-character 2-3', 'obsolete-spacing 1-6']],
    ['an identifier that is folded', '<a@x.\r\n test>', ['<a@x.test>'], ['obsolete-spacing 1-12']],
  ])('readMessageIds: %s [rfc5322 4.5.4]', (_name, text, ids, defects) => {
    expect(read(text)).toEqual({ ids, defects })
  })

  test('readMessageIds: the most are 1,000 by default', () => {
    const { ids, defects } = readMessageIds('<a@b>'.repeat(1001))
    expect(ids).toHaveLength(1000)
    expect(defects).toEqual([{ code: 'id-limit', start: 5000, end: 5005 }])
    expect(read('<a@b> <c@d>', { maxIds: 1 })).toEqual({ ids: ['<a@b>'], defects: ['id-limit 6-11'] })
  })

  test.each(['<', '>', '<>', '<a', '"', '(', 'a ', '@', 'a@b ', ',', '\0', '<a@b '])(
    'readMessageIds: 1 MB of %j is read',
    (piece) => {
      const { ids, defects } = readMessageIds(piece.repeat(Math.ceil(1_000_000 / piece.length)))
      expect(ids.length + defects.length).toBeGreaterThan(0)
    },
  )

  test('readMessageIds: any text gives identifiers that break no field', () => {
    const pieces = fc.array(fc.constantFrom(...'<>()[]":,@.\\\0\r\n a', 'é', '\r\n ')).map((list) => list.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), pieces), (text) => {
        for (const id of readMessageIds(text).ids) {
          expect(id).toMatch(/^<.+>$/)
          expect(findControl(id)).toBe(-1)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
