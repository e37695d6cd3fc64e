import { describe, expect, test } from 'vitest'
import { parseTranscript, type TranscriptSession } from '../../src/index.ts'
import { formatSwaks, formatTranscript } from '../../src/write.ts'
import { CAPTURED, capturedText } from '../captured.node.ts'
import { bare } from '../same-session.ts'

// Of what a server notes, and what a tool says of a connection that failed, swaks has no like; it knows no server's view
const isWhole = ({ events, perspective }: TranscriptSession): boolean =>
  perspective !== 'log' && perspective !== 'server' && events.some(({ type }) => type === 'reply')

// Responses of SASL that nobody asked for are lines that are no commands, when their octets are hidden
const SAID_OUT_OF_TURN = ['raw-authfail-aiosmtpd.txt', 'raw-authfail-opensmtpd.txt']

describe.each(CAPTURED)('the captured log %s', (name) => {
  const { sessions } = parseTranscript(capturedText(name))

  test('formatTranscript: reads back as it is', () => {
    for (const session of sessions) {
      const read = parseTranscript(formatTranscript(session))
      expect(read.unexplained).toEqual([])
      expect(read.sessions.map((one) => [one.format, one.perspective, one.confidence])).toEqual([
        ['posthorn', session.perspective, 1],
      ])
      expect(bare(read.sessions[0]!)).toEqual(bare(session))
    }
  })

  test('formatSwaks: reads back as it is, but for times and the text of messages', () => {
    for (const session of sessions) {
      if (!isWhole(session) || SAID_OUT_OF_TURN.includes(name)) continue
      const read = parseTranscript(formatSwaks(session))
      const ignored = { times: true, messages: true, words: true }
      expect(read.sessions.map((one) => bare(one, ignored))).toEqual([bare(session, ignored)])
    }
  })
})
