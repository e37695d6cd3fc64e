import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workOf } from '../../../../test/work.ts'
import { explain } from '../../src/explain.ts'
import { parseTranscript, type TranscriptSession } from '../../src/index.ts'
import { formatMarkdown, type PrintedFinding } from '../../src/write.ts'
import { LOGGERS, SECRETS, write } from '../loggers.ts'

const SESSION = parseTranscript(write(LOGGERS['swaks']!)).sessions[0]!
const FINDING: PrintedFinding = {
  severity: 'error',
  what: 'The server does not know nouser@example.net',
  why: 'It says 5.1.1, and (as it seems) means it',
  actor: 'sender',
  retry: 'never',
  remedy: ['Ask the recipient for the address', 'See https://evil.example/?a=1'],
  evidence: [9],
  documents: ['rfc5321#section-4.2.2'],
  consequenceOf: 'other',
}

/** What of a text is Markdown: the fence and code spans are left out, as CommonMark finds them. */
function markupOf(markdown: string): string {
  const lines = markdown.split('\n')
  const open = lines.findIndex((line) => /^`{3,}text$/.test(line))
  const fence = lines[open]!.slice(0, -'text'.length)
  // CommonMark section 4.5: any line of as many backticks or more, indented by no more than three
  const close = lines.findIndex((line, i) => i > open && new RegExp(`^ {0,3}${fence}\`* *$`).test(line))
  expect(lines.slice(close + 1)).toEqual([''])
  return lines.slice(0, open).map(withoutSpans).join('\n')
}

function withoutSpans(line: string): string {
  return line.replace(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, 'x')
}

const HARMLESS = /^[\p{L}\p{N} .,;:!?'"()“”‘’|/#*\n–—-]*$/u

function expectHarmless(markdown: string): void {
  const markup = markupOf(markdown)
  expect(markup).toMatch(HARMLESS)
  expect(markup).not.toMatch(/www\.|:\/\/|^(?!### (?:SMTP|LMTP) session$)#|#\d|\*\*\*/m)
}

test('formatMarkdown: who, what came of each recipient, the findings, and the dialogue', () => {
  const text = formatMarkdown(SESSION, { findings: [FINDING] })
  expect(text).toContain('### SMTP session')
  expect(text).toContain('| Authentication | `PLAIN`, accepted |')
  expect(text).toContain('| `b@example.net` | accepted | `250 2.0.0 Ok: queued as 4ABC` |')
  expect(text).toContain('| `nouser@example.net` | rejected | `550 5.1.1 <nouser@example.net>: User unknown` |')
  expect(text).toContain(
    '1. **error**: The server does not know `nouser@example.net`. It says `5.1.1,` and (as it seems) means it.',
  )
  expect(text).toContain('   - To do: See `https://evil.example/?a=1`')
  expect(text).toContain('\nC: RCPT TO:<nouser@example.net>\n')
  expectHarmless(text)
})

test('formatMarkdown: prints what explain finds', async () => {
  const text = formatMarkdown(SESSION, { findings: await explain(SESSION), anonymize: true })
  expect(text).toMatch(/^1\. \*\*(?:error|warning|info)\*\*: /m)
  expect(text).not.toMatch(/nouser|b@example/)
  expectHarmless(text)
})

test.each(Object.keys(LOGGERS))('formatMarkdown: no secret of a log of %s', (name) => {
  const text = formatMarkdown(parseTranscript(write(LOGGERS[name]!)).sessions[0]!)
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
})

describe('what is hostile', () => {
  const PIECES = [
    ...[
      '`',
      '``',
      '```',
      '~~~',
      '````text',
      '\n',
      '\r\n',
      '|',
      '\\',
      '\\|',
      '<',
      '>',
      '</pre>',
      '<img src=x onerror=alert(1)>',
    ],
    ...[
      '[a](https://evil.example)',
      '![a](//evil.example/x.png)',
      '@octocat',
      '#1',
      'GH-1',
      'www.evil.example',
      '*',
      '**',
      '_',
    ],
    ...[
      'http://evil.example',
      '&lt;',
      '&#64;',
      '<!--',
      '-->',
      '---',
      '===',
      '# ',
      '- ',
      '1. ',
      '\t',
      '\u202e',
      '\u2028',
      '\0',
    ],
    ...[
      '$x$',
      ':smile:',
      '\u0060',
      'a@evil.example',
      'javascript:',
      'deadbeef1',
      ' ',
      'word',
      'é',
      '\ud800',
      '\u{1f600}',
    ],
  ]
  const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''))

  test('formatMarkdown: a log cannot become markup, nor end its fence', () => {
    const reply = fc.tuple(fc.constantFrom(250, 550, 450), hostile)
    const session = fc
      .record({
        name: hostile,
        address: hostile,
        command: hostile,
        note: hostile,
        format: hostile,
        said: fc.array(reply, { maxLength: 5 }),
      })
      .map(({ name, address, command, note, format, said }): TranscriptSession => {
        const base = { phase: 'envelope', secure: false } as const
        const replies = said.map(([code, text], i) => ({
          ...base,
          type: 'reply' as const,
          index: i + 2,
          reply: { code, lines: [text, text] },
        }))
        return {
          ...SESSION,
          format,
          client: { name, address },
          server: { name: address, address: name },
          tls: { state: 'started', version: name, cipher: command },
          authentication: { offered: [], mechanism: command, outcome: 'accepted' },
          events: [
            { ...base, type: 'note', index: 0, kind: 'info', text: note },
            { ...base, type: 'command', index: 1, verb: 'RCPT', text: command, inferred: false },
            ...replies,
          ],
          transactions: [
            { parameters: [], recipients: [{ address, parameters: [], outcome: 'rejected', event: 1, reply: 2 }] },
          ],
        }
      })
    fc.assert(
      fc.property(session, hostile, fc.boolean(), (one, words, anonymize) => {
        const finding = {
          severity: words,
          what: words,
          why: words,
          actor: words,
          retry: words,
          remedy: [words],
          documents: [words],
          consequenceOf: words,
        }
        expectHarmless(formatMarkdown(one, { findings: [finding], anonymize }))
      }),
      { numRuns: 500 },
    )
  })

  test('formatMarkdown: a log that is parsed cannot either', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 20 }), (lines) => {
        const text = lines.map((line, i) => `${i % 2 === 0 ? 'S: 550 ' : 'C: RCPT TO:'}${line}`).join('\n')
        for (const session of parseTranscript(text).sessions) expectHarmless(formatMarkdown(session))
      }),
      { numRuns: 200 },
    )
  })
})

describe('names', () => {
  const log = [
    '=== Connected to mx.corp.example [198.51.100.7]:25',
    '<-  220 mx.corp.example ESMTP on 2001:db8:1::7 at 12:34:56',
    ' -> EHLO ws-ann',
    '<-  250 mx.corp.example greets ws-ann [198.51.100.9]',
    ' -> MAIL FROM:<ann.bell@corp.example> AUTH=ann.bell',
    '<-  250 2.1.0 ok',
    ' -> RCPT TO:<"a b"@corp.example> ORCPT=rfc822;bob+40corp.example',
    '<** 550 5.1.1 <"a b"@corp.example>: ann.bell may not, says Corp.Example (198.51.100.9)',
    ' -> VRFY carlotta',
    '<** 550 no carlotta here',
  ].join('\n')

  test('formatMarkdown: stand for others, the same for the same', () => {
    const session = parseTranscript(log).sessions[0]!
    const text = formatMarkdown(session, {
      anonymize: true,
      findings: [{ severity: 'info', what: 'Ask ann.bell@corp.example' }],
    })
    expect(text).not.toMatch(/corp|bell|198\.51|ws-ann|carlotta|db8:1|"a b"/i)
    expect(text).toContain('S: 220 host2.example.net ESMTP on 2001:db8::1 at 12:34:56')
    expect(text).toContain('C: MAIL FROM:<user1@example.com> AUTH=***')
    expect(text).toContain('**info**: Ask `user1@example.com`.')
    expectHarmless(text)
  })

  test('formatMarkdown: none of any that stand where names do is left', () => {
    const word = fc.stringMatching(/^[a-z]{4,9}$/).map((one) => `x${one}q`)
    const host = fc.tuple(word, word).map((labels) => `${labels.join('.')}.zz`)
    const address = fc.tuple(word, host).map((parts) => parts.join('@'))
    fc.assert(
      fc.property(host, address, address, fc.ipV4(), (server, from, to, ip) => {
        const text = [
          `<-  220 ${server} ESMTP`,
          ` -> EHLO [${ip}]`,
          `<-  250 ${server} hello [${ip}]`,
          ` -> MAIL FROM:<${from}>`,
          `<** 550 5.7.1 <${to}>: ${from} from ${ip} may not, (${server}) says; see ${to}.`,
        ].join('\n')
        const written = formatMarkdown(parseTranscript(text).sessions[0]!, { anonymize: true })
        const names = [server, ...from.split('@'), ...to.split('@')]
        expect(names.filter((name) => written.includes(name))).toEqual([])
        if (!/^(?:192\.0\.2|0)\./.test(ip)) expect(written).not.toContain(`[${ip}]`)
      }),
      { numRuns: 100 },
    )
  })

  test.each<[string, string]>([
    ['a long word', 'x'],
    ['dots', 'a.'],
    ['numbers', '1.'],
    ['colons', 'a:'],
    ['at signs', 'a@'],
    ['quotes', '"\\'],
    ['backticks', '`'],
  ])('the work of formatMarkdown is linear: %s', (_, piece) => {
    const sessionOf = (size: number) => parseTranscript(`S: 550 ${piece.repeat(size / piece.length)}`).sessions[0]!
    const [small, large] = [sessionOf(20_000), sessionOf(40_000)].map((one) =>
      workOf(() => formatMarkdown(one, { anonymize: true })),
    )
    expect(large! / small!).toBeLessThan(2.5)
  })
})
