import { expect, test } from 'vitest'
import { parseTranscript } from '../src/index.ts'
import { describeEvents, describeRecipients } from './describe-session.ts'
import { FRAMED_SAMPLES } from './framed-samples.ts'
import { NEAR_MISSES } from './near-misses.ts'
import { SAMPLES, type Sample } from './samples.ts'

function check({ format, text, events, recipients, ...last }: Sample): void {
  const { sessions, secrets } = parseTranscript(text)
  expect(sessions.map(describeEvents)).toEqual(events)
  expect(sessions.every((session) => session.format === format)).toBe(true)
  if (recipients) expect(sessions.map(describeRecipients)).toEqual(recipients)
  if (last.tls) expect(sessions.at(-1)?.tls).toEqual(last.tls)
  if (last.authentication) expect(sessions.at(-1)?.authentication).toEqual(last.authentication)
  if (last.secrets) expect(secrets.map(({ start, end }) => text.slice(start, end))).toEqual(last.secrets)
}

test.each([...SAMPLES, ...FRAMED_SAMPLES])('parseTranscript: a log of $format', check)

test.each(NEAR_MISSES)('parseTranscript: $name is what it is', check)
