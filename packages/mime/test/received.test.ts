import { describe, expect, test } from 'vitest'
import { readReceived } from '../src/index.ts'

const DATE = 'Fri, 21 Nov 1997 09:55:06 -0600'

test('readReceived: all clauses [rfc5321 4.4]', () => {
  const text = `from a.test (b.test [192.0.2.1]) (c (d))\r\n\tby mx.test (Postfix)\r\n\tvia TCP with ESMTPS (x y) id <1@mx.test>\r\n\tfor <u@x.test>; ${DATE} (CST)`
  expect(readReceived(text)).toEqual({
    from: { name: 'a.test', host: 'b.test', address: '192.0.2.1', comments: ['b.test [192.0.2.1]', 'c (d)'] },
    by: { name: 'mx.test', comments: ['Postfix'] },
    via: 'TCP',
    with: 'ESMTPS',
    id: '1@mx.test',
    for: 'u@x.test',
    date: DATE,
    time: new Date('1997-11-21T15:55:06Z'),
    comments: ['x y'],
    defects: [],
  })
})

describe('readReceived: the client', () => {
  test.each([
    ['a literal', '[192.0.2.1]', { name: '[192.0.2.1]' }],
    ['an IPv6 literal', 'a ([IPv6:2001:db8::1])', { name: 'a', address: '2001:db8::1' }],
    ['a literal behind the name', 'a.test [192.0.2.1]', { name: 'a.test', address: '192.0.2.1' }],
    ['a port', 'a.test ([192.0.2.1]:2525)', { name: 'a.test', address: '192.0.2.1' }],
    ['a port within the brackets', '([192.0.2.1:2525])', { name: '', address: '192.0.2.1' }],
    ['an address without brackets', 'a.test (192.0.2.1)', { name: 'a.test', address: '192.0.2.1' }],
    ['an account', 'a.test (joe@[192.0.2.1])', { name: 'a.test', address: '192.0.2.1' }],
    ['HELO', 'unknown (HELO x.test) (192.0.2.1)', { name: 'unknown', address: '192.0.2.1', helo: 'x.test' }],
    ['helo=', '[192.0.2.1] (helo=x.test)', { name: '[192.0.2.1]', helo: 'x.test' }],
    [
      'an address that it gives itself',
      '[192.0.2.9] (b.test [192.0.2.1])',
      { name: '[192.0.2.9]', host: 'b.test', address: '192.0.2.1' },
    ],
    [
      'a name before brackets that touch',
      'a.test (b.test[192.0.2.1])',
      { name: 'a.test', host: 'b.test', address: '192.0.2.1' },
    ],
    ['a name alone', 'a (b.test)', { name: 'a', host: 'b.test' }],
    ['a literal in HELO', 'a (HELO [192.0.2.9])', { name: 'a', helo: '[192.0.2.9]' }],
    [
      'a literal in helo=',
      'a (helo=[192.0.2.9] [192.0.2.1])',
      { name: 'a', address: '192.0.2.1', helo: '[192.0.2.9]' },
    ],
    ['LHLO', 'a.test (LHLO x.test)', { name: 'a.test', helo: 'x.test' }],
    ['a comma', 'a.test, (b.test)', { name: 'a.test', host: 'b.test' }],
    ['words', 'a.test (may be forged)', { name: 'a.test' }],
  ])('readReceived: %s [rfc5321 4.4]', (_name, value, expected) => {
    const { comments: _comments, ...from } = readReceived(`from ${value} by mx.test; ${DATE}`).from!
    expect(from).toEqual(expected)
  })
})

describe('readReceived: in doubt', () => {
  test.each([
    ['no date', 'from a by b', { date: undefined }, ['missing-date 11-11']],
    ['a date that is none', 'by b; soon', { date: 'soon', time: undefined }, ['bad-date 6-10']],
    [
      'a date with a zone of a name',
      'by b; 21 Nov 97 09:55 PST',
      { time: new Date('1997-11-21T17:55:00Z') },
      ['obsolete-year 6-25', 'obsolete-zone 6-25'],
    ],
    ['an empty date', 'by b;', { date: undefined }, ['missing-date 5-5']],
    ['words before the clauses', `x by b; ${DATE}`, { date: DATE }, ['bad-clause 0-1']],
    ['a clause of nothing', `by with SMTP; ${DATE}`, { with: 'SMTP', by: undefined }, ['bad-clause 0-2']],
    [
      'a clause that is there twice',
      `by a by b; ${DATE}`,
      { by: { name: 'a', comments: [] } },
      ['duplicate-clause 5-9'],
    ],
    ['a semicolon between', `by a; for <u@x.test>; ${DATE}`, { for: 'u@x.test', date: DATE }, []],
    ['a protocol of several words', `by a with Microsoft SMTPSVC(5.0); ${DATE}`, { with: 'Microsoft SMTPSVC' }, []],
    ['a comment that is not closed', `by a (b; ${DATE}`, { date: DATE }, ['unclosed-comment 5-6']],
    ['a keyword in a comment', `by a (from b); ${DATE}`, { from: undefined }, []],
    ['a keyword in a name', `from a.by.test by b; ${DATE}`, { by: { name: 'b', comments: [] } }, []],
    ['a control', `by a\0; ${DATE}`, { by: { name: 'a', comments: [] } }, ['control-character 4-5']],
    ['nothing', '', { date: undefined, comments: [] }, ['missing-date 0-0']],
  ])('readReceived: %s [rfc5321 4.4]', (_name, text, expected, defects) => {
    const reading = readReceived(text)
    expect(reading).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
    for (const [name, value] of Object.entries(expected))
      if (value === undefined) expect(reading).not.toHaveProperty(name)
    expect(reading.defects.map(({ code, start, end }) => `${code} ${start}-${end}`)).toEqual(defects)
  })

  test('readReceived: the most clauses are 100 by default', () => {
    const { defects } = readReceived(`${'x '.repeat(9)}${'by a '.repeat(101)}; ${DATE}`)
    expect(defects.at(-2)?.code ?? '').toBe('duplicate-clause')
    expect(defects.map(({ code }) => code)).toContain('clause-limit')
    expect(readReceived(`from a by b; ${DATE}`, { maxClauses: 1 })).not.toHaveProperty('by')
  })

  test.each(['(', ')', 'by ', 'by a ', ';', 'a ', '[', '(a [1.2.3.4]) ', 'helo=a ', '1:'])(
    'readReceived: 1 MB of %j is read',
    (piece) => {
      const many = piece.repeat(Math.ceil(1_000_000 / piece.length))
      expect(readReceived(`from a ${many} by b; ${DATE}`).defects.length).toBeLessThan(1002)
      expect(readReceived(`from a (${many}) by b; ${DATE}`).date).toBeDefined()
    },
  )
})
