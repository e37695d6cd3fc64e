import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAddressList } from '../src/address/address-list.ts'
import { readPlainAddress } from '../src/address/plain-address.ts'
import { readPlainDate } from '../src/header/plain-date.ts'
import { readDate } from '../src/header/read-date.ts'
import { readContentType } from '../src/type/content-type.ts'
import { readPlainType } from '../src/type/plain-type.ts'

// A comment, or a blank, which changes nothing, keeps a text from being read at once.
const date = fc.tuple(
  fc.constantFrom('Sun, ', 'Mon, ', 'Wed, ', ''),
  fc.integer({ min: 1, max: 32 }),
  fc.constantFrom('Jan', 'Feb', 'Nov', 'Dec', 'jan'),
  fc.integer({ min: 1890, max: 2100 }),
  fc.integer({ min: 0, max: 25 }),
  fc.integer({ min: 0, max: 61 }),
  fc.constantFrom('+0000', '-0000', '+0100', '-0730', '+2400', '+0160'),
)

test('readDate: what is read at once is what is read piece by piece', () => {
  const two = (value: number): string => String(value).padStart(2, '0')
  fc.assert(
    fc.property(date, ([name, day, month, year, hour, minute, zone]) => {
      const text = `${name}${day} ${month} ${year} ${two(hour)}:${two(minute)}:59 ${zone}`
      const plain = readPlainDate(text)
      const { date: slow, offsetMinutes, defects } = readDate(`${text} (a)`)
      if (plain) expect([slow, offsetMinutes, defects]).toEqual([plain.date, plain.offsetMinutes, []])
      expect(readDate(text).date).toEqual(slow)
    }),
    { numRuns: 2000 },
  )
  expect(readPlainDate('Wed, 25 Nov 2026 20:00:00 +0100')).toBeDefined()
})

test('readContentType: what is read at once is what is read piece by piece', () => {
  const parameter = fc
    .tuple(
      fc.constantFrom('charset', 'Boundary', 'format', 'name', 'x*', 'type'),
      fc.constantFrom('utf-8', '"a=b"', '"=_x"', 'a b', '"', ''),
    )
    .map(([name, value]) => `; ${name}=${value}`)
  fc.assert(
    fc.property(
      fc.constantFrom('text/plain', 'TEXT/Html', 'multipart/mixed', 'text'),
      fc.array(parameter, { maxLength: 3 }),
      (type, parameters) => {
        const text = type + parameters.join('')
        const plain = readPlainType(text)
        const { defects, ...slow } = readContentType(`${text} `)
        if (plain) expect([slow, defects]).toEqual([plain, []])
      },
    ),
    { numRuns: 2000 },
  )
  expect(readPlainType('multipart/mixed; boundary="=_a"')).toBeDefined()
})

test('readAddressList: what is read at once is what is read piece by piece', () => {
  const name = fc.constantFrom('', 'Ada ', 'Ada Lovelace ', '"Babbage, Charles" ', '"" ', 'a@b.c ', '=?utf-8?Q?a?= ')
  const address = fc.constantFrom(
    'ada@example.org',
    'a.b+c@x-y.example',
    'a@-b.example',
    'a@b',
    '.a@b.example',
    'a@b.example.',
  )
  fc.assert(
    fc.property(name, address, fc.boolean(), (shown, spec, inBrackets) => {
      const text = `${shown}${inBrackets ? `<${spec}>` : spec}`
      const plain = readPlainAddress(text)
      const slow = readAddressList(`${text} `)
      if (plain) expect(slow).toEqual({ entries: [plain], defects: [] })
    }),
    { numRuns: 1000 },
  )
  expect(readPlainAddress('Ada Lovelace <ada@example.org>')).toBeDefined()
})
