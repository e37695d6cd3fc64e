import { expect, test } from 'vitest'
import { explain, explainTranscript } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'
import { describeFindings } from './describe-findings.ts'

const LOGIN = 'C: AUTH PLAIN AGFubgBzZWNyZXQx\nS: 235 2.7.0 Ok'
const session = (...lines: string[]): string =>
  [
    'S: 220 mx.example.net ESMTP',
    'C: EHLO client.example.com',
    'S: 250-mx.example.net',
    'S: 250 AUTH PLAIN',
    ...lines,
    'C: QUIT',
    'S: 221 Bye',
  ].join('\n')

test('explainTranscript: a password is told of in the session where it stands, with its place', async () => {
  const log = [session(LOGIN), session(), session(LOGIN, LOGIN)].join('\n')
  const all = await explainTranscript(parseTranscript(log))
  expect(all.map((findings) => findings.map(({ id }) => id))).toEqual([
    ['credentials-visible'],
    [],
    ['credentials-visible'],
  ])
  expect(all[2]![0]!.places).toHaveLength(2)
  for (const { start, end } of all.flat().flatMap(({ places = [] }) => places)) {
    expect(log.slice(start, end)).toBe('AGFubgBzZWNyZXQx')
  }
  expect(all[0]![0]).toMatchObject({ severity: 'error', actor: 'sender', evidence: [3] })
  expect(JSON.stringify(all)).not.toContain('AGFub')
})

test('explainTranscript: a password before the first event and behind the last is told of', async () => {
  const log = `=== Trying with password="hunter2"\n${session()}\nretry with password="hunter3"`
  const [findings] = await explainTranscript(parseTranscript(log))
  expect(findings![0]).toMatchObject({ id: 'credentials-visible', places: [{ line: 1 }, { line: 8 }] })
})

test('explainTranscript: interleaved sessions keep their passwords', async () => {
  const line = (id: string, text: string): string => `[2026-01-02 03:04:05] DEBUG [${id}] ${text}`
  const log = [
    line('aB1', 'S: 220 mx.example.net'),
    line('cD2', 'S: 220 mx.example.net'),
    line('aB1', 'C: EHLO a.example.com'),
    line('cD2', 'C: EHLO c.example.com'),
    line('aB1', 'S: 250 AUTH PLAIN'),
    line('cD2', 'S: 250 AUTH PLAIN'),
    line('aB1', 'C: AUTH PLAIN AGFubgBzZWNyZXQx'),
    line('cD2', 'C: QUIT'),
    line('aB1', 'S: 235 ok'),
    line('cD2', 'S: 221 bye'),
  ].join('\n')
  const all = await explainTranscript(parseTranscript(log))
  expect(all.map((findings) => findings.map(({ id }) => id))).toEqual([['credentials-visible'], []])
})

test('explain: secrets are told of where they are handed over', async () => {
  const { sessions, secrets } = parseTranscript(session(LOGIN))
  expect(await explain(sessions[0]!)).toEqual([])
  expect((await explain(sessions[0]!, { secrets }))[0]).toMatchObject({ id: 'credentials-visible', places: secrets })
})

test('explainTranscript: who was put off and is reached in a later session needs nothing [rfc6647]', async () => {
  const mail = ['C: MAIL FROM:<a@example.com>', 'S: 250 Ok']
  const sent = ['C: DATA', 'S: 354 Go', 'C: hi', 'C: .', 'S: 250 Ok']
  const log = [
    session(
      ...mail,
      'C: RCPT TO:<B@example.net>',
      'S: 451 4.7.1 Greylisted',
      'C: RCPT TO:<c@example.net>',
      'S: 451 4.7.1 Greylisted',
    ),
    session(...mail, 'C: RCPT TO:<b@example.net>', 'S: 250 Ok', ...sent),
  ].join('\n')
  const [first, second] = await explainTranscript(parseTranscript(log))
  expect(describeFindings(first!)).toEqual(['warning reply/greylisting/greylist', 'info accepted-on-retry'])
  expect(first!.map(({ evidence }) => evidence)).toEqual([[8], [6]])
  expect(describeFindings(second!)).toEqual(['info queued-not-delivered'])
})

test('explainTranscript: what is refused in many sessions is explained once', async () => {
  const refused = session('C: MAIL FROM:<a@example.com>', 'S: 550 5.7.1 <a@example.com>: Sender address rejected')
  const [first, second] = await explainTranscript(parseTranscript(`${refused}\n${refused}`))
  expect(first![0]!.explanation).toBeDefined()
  expect(second![0]!.explanation).toBe(first![0]!.explanation)
})

test('explainTranscript: a text without sessions has none to explain', async () => {
  expect(await explainTranscript(parseTranscript('hello\nworld'))).toEqual([])
})
