import { decodeLatin1, encodeLatin1 } from '@posthorn/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BodyPlan, type StructureLimits, StructureReader, type StructureSink } from '../src/parse/structure.ts'

const LIMITS: StructureLimits = { maxDepth: 100, maxParts: 1000, maxHeaderLength: 10_000 }

// What the headers of these tests say.
function planOf(header: string): BodyPlan {
  const boundary = /boundary=(\S+)/.exec(header)?.[1]
  if (boundary) return { type: 'multipart', boundary }
  return { type: header.includes('message/rfc822') ? 'message' : 'leaf' }
}

// An outline as lines, indented by depth; content that came in pieces is joined.
class Recorder implements StructureSink {
  readonly lines: string[] = []
  #depth = 0
  #content = ''
  #place = 0

  header(bytes: Uint8Array, offset: number, end: string): BodyPlan {
    this.#flush()
    const text = decodeLatin1(bytes)
    this.#say(`header ${offset} ${JSON.stringify(text)} ${end}`)
    return planOf(text)
  }

  begin(offset: number): void {
    this.#say(`begin ${offset}`)
    this.#depth++
  }

  body(bytes: Uint8Array, offset: number): void {
    if (this.#content === '') this.#place = offset
    expect(offset).toBe(this.#place + this.#content.length)
    this.#content += decodeLatin1(bytes)
  }

  delimiter(start: number, end: number, isClose: boolean): void {
    this.#flush()
    this.#say(`${isClose ? 'close' : 'delimiter'} ${start}-${end}`)
  }

  end(offset: number, how: string): void {
    this.#flush()
    this.#depth--
    this.#say(`end ${offset} ${how}`)
  }

  defect(code: string, offset: number): void {
    this.#flush()
    this.#say(`! ${code} ${offset}`)
  }

  #flush(): void {
    if (this.#content !== '') this.#say(`body ${this.#place} ${JSON.stringify(this.#content)}`)
    this.#content = ''
  }

  #say(line: string): void {
    this.lines.push('  '.repeat(this.#depth) + line)
  }
}

function outline(text: string, size = Number.POSITIVE_INFINITY, limits: Partial<StructureLimits> = {}): string[] {
  const recorder = new Recorder()
  const reader = new StructureReader(recorder, { ...LIMITS, ...limits })
  const octets = encodeLatin1(text)
  for (let start = 0; start < octets.length; start += size) {
    const chunk = octets.slice(start, start + size)
    reader.push(chunk)
    // The caller may write over what he has given.
    chunk.fill(0)
  }
  reader.end()
  return recorder.lines
}

describe.each([1, 2, 3, 7, Number.POSITIVE_INFINITY])('StructureReader, fed %s octet(s) at a time', (size) => {
  test.each([
    {
      name: 'a message of one part',
      text: 'A: b\r\n\r\nHello\r\n',
      expected: ['header 0 "A: b\\r\\n" blank', 'begin 8', '  body 8 "Hello\\r\\n"', 'end 15 stream'],
    },
    { name: 'no body', text: 'A: b\r\n', expected: ['header 0 "A: b\\r\\n" stream', 'begin 6', 'end 6 stream'] },
    { name: 'nothing', text: '', expected: ['header 0 "" stream', 'begin 0', 'end 0 stream'] },
    {
      name: 'an empty header',
      text: '\r\nHello',
      expected: ['header 0 "" blank', 'begin 2', '  body 2 "Hello"', 'end 7 stream'],
    },
    {
      name: 'bare LF',
      text: 'A: b\n\nx\ny\n',
      expected: ['header 0 "A: b\\n" blank', 'begin 6', '  body 6 "x\\ny\\n"', 'end 10 stream'],
    },
    {
      name: 'two parts, with text before and behind [rfc2046 5.1.1]',
      text: 'boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b \t\r\nX: y\r\n\r\ntwo\r\n\r\n--b--\r\npost\r\n',
      expected: [
        'header 0 "boundary=b\\r\\n" blank',
        'begin 14',
        '  body 14 "pre"',
        '  delimiter 19-24',
        '  header 24 "" blank',
        '  begin 26',
        '    body 26 "one"',
        '  end 29 delimiter',
        '  delimiter 31-38',
        '  header 38 "X: y\\r\\n" blank',
        '  begin 46',
        '    body 46 "two\\r\\n"',
        '  end 51 delimiter',
        '  close 53-60',
        '  body 60 "post\\r\\n"',
        'end 66 close',
      ],
    },
    {
      name: 'parts within parts, the inner without its end: the outer delimiter ends both',
      text: 'boundary=o\n\n--o\nboundary=i\n\n--i\n\nx\n--o--\n',
      expected: [
        'header 0 "boundary=o\\n" blank',
        'begin 12',
        '  delimiter 12-16',
        '  header 16 "boundary=i\\n" blank',
        '  begin 28',
        '    delimiter 28-32',
        '    header 32 "" blank',
        '    begin 33',
        '      body 33 "x"',
        '    end 34 outer',
        '  end 34 delimiter',
        '  close 35-41',
        'end 41 close',
      ],
    },
    {
      name: 'what only begins like a delimiter',
      text: 'boundary=b\n\n--bb\n-- \n--b-\n --b\n--b x\n-\n--\n--b--\n',
      expected: [
        'header 0 "boundary=b\\n" blank',
        'begin 12',
        '  body 12 "--bb\\n-- \\n--b-\\n --b\\n--b x\\n-\\n--"',
        '  close 42-48',
        'end 48 close',
      ],
    },
    {
      name: 'a message within',
      text: 'message/rfc822\n\nA: b\n\nx',
      expected: [
        'header 0 "message/rfc822\\n" blank',
        'begin 16',
        '  header 16 "A: b\\n" blank',
        '  begin 22',
        '    body 22 "x"',
        '  end 23 stream',
        'end 23 stream',
      ],
    },
    {
      name: 'a part that ends within its header',
      text: 'boundary=b\n\n--b\nA: b\n--b--',
      expected: [
        'header 0 "boundary=b\\n" blank',
        'begin 12',
        '  delimiter 12-16',
        '  header 16 "A: b\\n" delimiter',
        '  begin 21',
        '  end 21 delimiter',
        '  close 21-26',
        'end 26 close',
      ],
    },
    {
      name: 'a delimiter with nothing behind it',
      text: 'boundary=b\n\n--b\n\nx\n--b\n',
      expected: [
        'header 0 "boundary=b\\n" blank',
        'begin 12',
        '  delimiter 12-16',
        '  header 16 "" blank',
        '  begin 17',
        '    body 17 "x"',
        '  end 18 delimiter',
        '  delimiter 19-23',
        'end 23 stream',
      ],
    },
    {
      name: 'the same boundary within: the inner one ends first',
      text: 'boundary=b\n\n--b\nboundary=b\n\n--b\n\nx\n--b--\n--b--\n',
      expected: [
        'header 0 "boundary=b\\n" blank',
        'begin 12',
        '  delimiter 12-16',
        '  header 16 "boundary=b\\n" blank',
        '  begin 28',
        '    ! boundary-reused 28',
        '    delimiter 28-32',
        '    header 32 "" blank',
        '    begin 33',
        '      body 33 "x"',
        '    end 34 delimiter',
        '    close 35-41',
        '  end 41 close',
        '  close 41-47',
        'end 47 close',
      ],
    },
  ])('$name', ({ text, expected }) => {
    expect(outline(text, size)).toEqual(expected)
  })
})

describe('StructureReader: limits', () => {
  test('a header that is too long ends there; the rest is content', () => {
    const lines = outline(`A: b\nB: ${'x'.repeat(200)}\n\nbody`, 50, { maxHeaderLength: 100 })
    expect(lines[0]).toBe('! header-too-long 5')
    expect(lines.at(-2)).toMatch(/^ {2}body 5 "B: x+\\n\\nbody"$/)
  })

  test('parts beyond the limit are content of their multipart', () => {
    const lines = outline(`boundary=b\n\n${'--b\n\nx\n'.repeat(5)}--b--\n`, 10, { maxParts: 3 })
    expect(lines.filter((line) => line.includes('delimiter ')).length).toBe(4)
    expect(lines.slice(-3)).toEqual([
      '  ! too-many-parts 37',
      '  body 37 "\\nx\\n--b\\n\\nx\\n--b--\\n"',
      'end 53 close',
    ])
  })

  test('entities beyond the depth are leaves', () => {
    const nested = Array.from({ length: 500 }, (_, at) => `boundary=b${at}\n\n--b${at}\n`).join('')
    const lines = outline(nested, 1000, { maxDepth: 20 })
    expect(lines.filter((line) => line.includes('too-deep')).length).toBe(1)
    expect(lines.filter((line) => line.includes('header ')).length).toBe(21)
  })
})

test.each([1, 100, 1000, 1025, Number.POSITIVE_INFINITY])(
  'StructureReader: a delimiter in a line of over 1,024 octets is content, %s octet(s) at a time [rfc5322 2.1.1]',
  (size) => {
    const padded = (blanks: number): string => `boundary=b\n\n--b\n\nx\n--b${' '.repeat(blanks)}\n\ny\n--b--\n`
    const bodies = (blanks: number) => outline(padded(blanks), size).filter((line) => /body|long/.test(line))
    expect(bodies(1021)).toEqual(['    body 17 "x"', '    body 1045 "y"'])
    const found = bodies(1022)
    expect(found.filter((line) => line.includes('long'))).toEqual(['    ! long-delimiter 19'])
    const content = found.flatMap((line) => /"(.*)"$/.exec(line)?.[1] ?? [])
    expect(content.join('')).toBe(`x\\n--b${' '.repeat(1022)}\\n\\ny`)
  },
)

test('StructureReader: however the message is split, the outline is the same, and nothing of it is lost', () => {
  const piece = fc.constantFrom(
    '--a',
    '--b',
    '--a--',
    '--b--',
    '\r\n',
    '\n',
    '\r',
    '-',
    ' ',
    'x',
    'boundary=a',
    'boundary=b',
    'message/rfc822',
    ':',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = pieces.join('')
      const whole = outline(text)
      expect(outline(text, size)).toEqual(whole)
    }),
    { numRuns: 2000 },
  )
})
