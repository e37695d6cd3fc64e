import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseTranscript, redact, type TranscriptEvent, type TranscriptSession } from '../src/index.ts'
import { CORPUS } from './corpus-table.ts'
import { describeSession } from './describe-session.ts'

// Logs that real tools wrote; they are not part of the repository
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = resolve(process.env['POSTHORN_TRANSCRIPTS'] ?? join(here, '../../../../shared/transcripts'))
const isThere = existsSync(folder)
if (!isThere) console.warn(`\n!!! SKIPPED captured transcripts: no data in ${folder} (set POSTHORN_TRANSCRIPTS) !!!\n`)
const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : []

const expected = new Map<string, string[]>()
for (const row of CORPUS.trim().split('\n')) {
  const [name = '', ...rest] = row.split(' | ')
  expected.set(name, [...(expected.get(name) ?? []), rest.join(' | ').replace(/\\0/g, '\0').trimEnd()])
}

function textOf(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

// Who speaks by the marks of each tool, which the parser does not read: client, then server
const MARKS: readonly (readonly [RegExp, RegExp, RegExp])[] = [
  [/^(?:raw|ehlo|lhlo)-/, /^C: /, /^S: /],
  [/^swaks-(?!hide)/, /^ [-~]> /, /^<[-~*][ *] /],
  [/^curl-(?:v|x)/, /^> /, /^< /],
  [/^msmtp-/, /^--> /, /^<-- /],
  [/^phpmailer-/, /\tCLIENT -> SERVER: ?/, /\tSERVER -> CLIENT: ?|^\s+\t\s+\d{3}[ -]/],
  [/^py-/, /^(?:[\d:.]+ )?send: /, /^(?:[\d:.]+ )?reply: b'/],
  [/^ruby-/, /^<- "/, /^-> "/],
  [/^haraka-/, /\] C: /, /\] S: /],
  [/^node(?:mailer|-smtp)/, /\] C: /, /\] (?:S: )?\d{3}[ -]/],
  [/^exim-v/, / SMTP(?:>>|\|>) /, / SMTP<< |^\s{9}\d{3}[ -]/],
  [/^exim-d/, / SMTP<< /, / SMTP>> | {7,}\d{3}[ -]/],
  [/^postfix-smtp-v/, /smtp\[\d+\]: > /, /smtp\[\d+\]: < /],
  [/^postfix-smtpd-v/, /smtpd\[\d+\]: < /, /smtpd\[\d+\]: > /],
  [/^smtp-source/, /^smtp-source: (?!<<<)(?:[A-Z]{4}\b|\.)/, /<<< /],
  [/^sendmail/, /^>>> /, /^\d{3}[ -]/],
]

function sideOf(event: TranscriptEvent): string {
  return event.type === 'reply' ? 'server' : event.type === 'note' ? 'tool' : 'client'
}

/** Which side the parser gives each line of a log. */
function sidesOf(sessions: readonly TranscriptSession[]): Map<number, string> {
  const sides = new Map<number, string>()
  for (const event of sessions.flatMap(({ events }) => events)) {
    if (!event.source) continue
    for (let line = event.source.line; line <= event.source.lastLine; line++) sides.set(line, sideOf(event))
  }
  return sides
}

describe.skipIf(!isThere)('captured logs', () => {
  test('the table has every log', () => {
    expect([...expected.keys()].sort()).toEqual(names.map((name) => name.slice(0, -4)).sort())
  })

  test.each(names)('parseTranscript: %s', (name) => {
    const { sessions } = parseTranscript(textOf(name))
    const rows = sessions.map((session) => describeSession(session).trimEnd())
    expect(rows.length === 0 ? ['none'] : rows).toEqual(expected.get(name.slice(0, -4)))
  })

  test('each line has the right speaker, 99.5 of 100 at least', () => {
    let right = 0
    const wrong: string[] = []
    for (const name of names) {
      const marks = MARKS.find(([of]) => of.test(name))
      if (!marks) continue
      const text = textOf(name)
      const sides = sidesOf(parseTranscript(text).sessions)
      for (const [i, line] of text.split('\n').entries()) {
        const side = marks[1].test(line) ? 'client' : marks[2].test(line) ? 'server' : undefined
        if (!side || /\b(?:ERROR|WARN)\b|b''$/.test(line)) continue
        if (sides.get(i + 1) === side) right++
        else wrong.push(`${name}:${i + 1} ${line.slice(0, 80)} (${sides.get(i + 1)})`)
      }
    }
    console.log(`speakers: ${right} of ${right + wrong.length} lines`, wrong.slice(0, 20))
    expect(right).toBeGreaterThan(1000)
    expect(wrong.length / (right + wrong.length)).toBeLessThan(0.005)
  })

  test('the credentials in the logs are nowhere in what is given', () => {
    for (const name of names) {
      const text = textOf(name)
      const given = JSON.stringify(parseTranscript(text).sessions)
      const cleaned = redact(text).text
      for (const [, token] of text.matchAll(/(?:^|[ '"])([A-Za-z0-9+/]{16,}={0,2})(?:\\r|"|'|$)/gm)) {
        const isOnWire = /AGFsaWNl|YWxpY2VAc|c2VjcmV0|d3Jvbmc/.test(token ?? '')
        if (isOnWire) expect(given.includes(token ?? ''), `${name}: ${token}`).toBe(false)
        const isHidden = Buffer.from(token ?? '', 'base64').includes('/* secret */')
        if (isOnWire && !isHidden) expect(cleaned.includes(token ?? ''), `${name}: ${token}`).toBe(false)
      }
    }
  })
})
