import { parseTranscript, type TranscriptSession } from '@posthorn/transcript'
import { describe, expect, test } from 'vitest'
import { deliveriesOf, exchangesOf, isSpeaker, readCorpus, speakersOf, transactionsOf } from './corpus.ts'
import type { Expectation } from './maker/expectation.ts'

// Logs of real tools, and what the server at the other end, or the client, recorded of the same sessions
const LOGS = readCorpus().map((log) => ({ ...log, ...parseTranscript(log.text) }))

const isLog = (perspective: string): boolean => perspective === 'log' || perspective === 'report'

function expectDeliveries(
  { transactions, tls, authentication }: Expectation,
  sessions: readonly TranscriptSession[],
): void {
  expect(deliveriesOf(sessions)).toEqual(transactions)
  expect(sessions.map((session) => session.tls)).toContainEqual(expect.objectContaining(tls))
  const logins = sessions.map(({ authentication: { mechanism, outcome } }) => ({
    ...(mechanism && { mechanism }),
    outcome,
  }))
  expect(logins).toContainEqual(authentication)
}

function expectSession(expected: Expectation, sessions: readonly TranscriptSession[]): void {
  expect(sessions).toHaveLength(1)
  const [session] = sessions
  expect(exchangesOf(session!)).toEqual(expected.exchanges)
  if (expected.capabilities) expect(session!.greetings.at(-1)?.capabilities).toEqual(expected.capabilities)
  expect(transactionsOf(session!)).toEqual(expected.transactions)
  expect(session!.tls).toMatchObject(expected.tls)
  expect(session!.authentication).toMatchObject(expected.authentication)
  expect(expected.close).toContain(session!.close)
}

describe.each(LOGS)('$name', ({ expected, sessions }) => {
  test('parseTranscript: whose view it is', () => {
    for (const { format, perspective } of sessions)
      expect([format, perspective]).toEqual([expected.format, expected.perspective])
  })

  test('parseTranscript: what was recorded', () => {
    if (isLog(expected.perspective)) expectDeliveries(expected, sessions)
    else expectSession(expected, sessions)
  })
})

test('parseTranscript: the format of 98 logs of 100', () => {
  const right = LOGS.filter(
    ({ expected, sessions }) => sessions.length > 0 && sessions.every(({ format }) => format === expected.format),
  )
  console.log(`formats: ${right.length} of ${LOGS.length} logs`)
  expect(right.length / LOGS.length).toBeGreaterThanOrEqual(0.98)
})

test('parseTranscript: the speaker of 995 lines of 1,000', () => {
  const wrong: string[] = []
  let lines = 0
  for (const { name, text, expected, sessions } of LOGS) {
    const given = speakersOf(sessions, text.split('\n').length)
    for (const [i, speaker] of [...(expected.speakers ?? '')].entries()) {
      lines++
      if (!isSpeaker(given[i], speaker)) wrong.push(`${name}:${i + 1} is ${given[i]} and not ${speaker}`)
    }
  }
  console.log(`speakers: ${lines - wrong.length} of ${lines} lines`, wrong.slice(0, 20))
  expect(lines).toBeGreaterThan(8000)
  expect(wrong.length / lines).toBeLessThanOrEqual(0.005)
})

// What a session came to, whoever logged it; a log that does not show who was meant is not comparable
function comeTo({ expected, sessions }: (typeof LOGS)[number]): string {
  const { tls, transactions } = expected
  return JSON.stringify([tls.state === 'started', transactions, sessions[0] && transactionsOf(sessions[0])])
}

test('parseTranscript: the same dialogue is the same session, by every logger', () => {
  const whole = LOGS.filter(
    ({ expected: { perspective, transactions } }) =>
      !isLog(perspective) && !transactions.some((one) => /\?|> (?:accepted|rejected|unknown)/.test(one)),
  )
  const kinds = new Map<string, Set<string>>()
  for (const log of whole) {
    const { dialogue, transactions, tls } = log.expected
    const key = `${dialogue} ${tls.state === 'started'} ${transactions}`
    kinds.set(key, (kinds.get(key) ?? new Set()).add(comeTo(log)))
  }
  console.log(`dialogues: ${whole.length} logs of ${kinds.size} kinds of session`)
  expect([...kinds.values()].filter((sessions) => sessions.size > 1)).toEqual([])
})
