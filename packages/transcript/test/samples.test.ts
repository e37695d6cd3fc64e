import { expect, test } from 'vitest'
import { parseTranscript } from '../src/index.ts'
import { describeEvents, describeRecipients } from './describe-session.ts'
import { SAMPLES } from './samples.ts'

test.each(SAMPLES)('parseTranscript: a log of $format', ({ format, text, events, recipients }) => {
  const { sessions } = parseTranscript(text)
  expect(sessions.map(describeEvents)).toEqual(events)
  expect(sessions.every((session) => session.format === format)).toBe(true)
  if (recipients) expect(sessions.map(describeRecipients)).toEqual(recipients)
})
