import { describe, expect, test } from 'vitest'
import { legacyCharsets } from '../src/text/legacy-charsets.ts'
import { decodeWords, readWords } from '../src/text/word-decoder.ts'

const codes = (text: string, where?: 'text' | 'phrase' | 'comment') =>
  readWords(text, where && { where }).defects.map(({ code }) => code)

describe('readWords', () => {
  test.each([
    ['=?utf-8?Q?a?= b =?utf-8?B?w6k=?='],
    ['=?ISO-8859-1*en?Q?a_=E9?=\r\n =?ISO-8859-1?Q?b?='],
    ['plain ?= text =? '],
  ])('readWords: nothing is doubted of %j [rfc2047 5]', (text) => {
    expect(readWords(text).defects).toEqual([])
  })

  test.each([
    ['=?utf-8?Q?a?==?utf-8?Q?b?=', 'ab', ['word-spacing']],
    ['a=?utf-8?Q?b?=', 'ab', ['word-spacing']],
    ['=?utf-8?Q?a?=b', 'ab', ['word-spacing']],
    ['=?utf-8?Q?a b?=', 'a b', ['blank-in-word']],
    ['=?utf-8?Q?a\r\n _b?=', 'a b', ['blank-in-word']],
    ['=?utf-8?B?YW\r\n Jj?=', 'abc', ['blank-in-word']],
    ['=?utf-8?Q?a?b?=', 'a?b', ['character-in-word']],
    ['=?utf-8?Q?é?=', 'é', ['character-in-word']],
    ['=?utf-8?Q?100=_?=', '100= ', ['bad-escape']],
    ['=?utf-8?B?YWI?=', 'ab', ['bad-base64']],
    ['=?utf-8?B?YQ==Yg==?=', 'ab', ['bad-base64']],
    [`=?utf-8?Q?${'a'.repeat(64)}?=`, 'a'.repeat(64), ['long-word']],
    ['=?utf-8?Q?a', '=?utf-8?Q?a', ['unclosed-word']],
    ['=?utf-8?Q?a =?utf-8?Q?b?=', '=?utf-8?Q?a b', ['unclosed-word']],
    ['=?x-none?Q?a?=', '=?x-none?Q?a?=', ['unknown-charset']],
    ['=?utf-7?Q?+ADw-?=', '=?utf-7?Q?+ADw-?=', ['refused-charset']],
    ['=?euc-kr?Q?=B0=A1?=', '가', ['runtime-charset']],
    ['=?utf-8?Q?=FF?=', '\ufffd', ['malformed-octets']],
    ['=?utf-8?Q?a=0D=0ABcc:?=', 'a  Bcc:', ['control-character']],
    ['=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=', '=?utf-8?Q?a?=', []],
  ])('readWords: %j is %j', (text, expected, defects) => {
    expect(readWords(text).text).toBe(expected)
    expect(codes(text)).toEqual(defects)
  })

  test('readWords: in a phrase and a comment fewer characters may stand [rfc2047 5(2), 5(3)]', () => {
    expect(codes('=?utf-8?Q?a,b?=')).toEqual([])
    expect(codes('=?utf-8?Q?a,b?=', 'comment')).toEqual([])
    expect(codes('=?utf-8?Q?a,b?=', 'phrase')).toEqual(['character-in-word'])
    expect(codes('=?utf-8?Q?a)b?=')).toEqual([])
    expect(codes('=?utf-8?Q?a)b?=', 'comment')).toEqual(['character-in-word'])
    expect(codes('(=?utf-8?Q?a?=)', 'comment')).toEqual([])
    expect(codes('(=?utf-8?Q?a?=)', 'phrase')).toEqual(['word-spacing'])
  })

  test('readWords: defects have their range, and what else a word may be', () => {
    const text = 'é=?utf-8?Q?b?= =?utf-8?Q?=FF?= =?utf-8?Q?=FE?='
    expect(readWords(text).defects.map(({ code, start, end, other }) => [code, text.slice(start, end), other])).toEqual(
      [
        ['word-spacing', '=?utf-8?Q?b?=', '=?utf-8?Q?b?='],
        ['malformed-octets', '=?utf-8?Q?b?= =?utf-8?Q?=FF?= =?utf-8?Q?=FE?=', undefined],
      ],
    )
  })

  test('readWords: charsets of East Asia by a decoder of the caller’s', () => {
    const options = { decoder: legacyCharsets }
    expect(readWords('=?big5?Q?=87?= =?big5?B?QA==?=', options)).toEqual({ text: '䏰', defects: [] })
    expect(decodeWords('=?ks_c_5601-1987?Q?=8C=63?=', options)).toBe('똠')
  })

  test('readWords: a limit of words', () => {
    const text = '=?utf-8?Q?a?= '.repeat(5)
    const { text: decoded, defects } = readWords(text, { maxWords: 3 })
    expect(decoded).toBe(`aaa ${text.slice(42)}`)
    expect(defects).toEqual([{ code: 'word-limit', start: 42, end: text.length }])
  })

  test('readWords: neighbours in shift states are joined [rfc1468]', () => {
    const options = { decoder: legacyCharsets }
    expect(decodeWords('=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=', options)).toBe('日本')
  })
})
