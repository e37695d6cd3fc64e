import { describe, expect, test } from 'vitest'
import { parseTranscript } from '../../src/index.ts'
import { replayClient, replayServer } from '../../src/replay.ts'
import { CAPTURED, capturedText } from '../captured.node.ts'

describe.each(CAPTURED)('the captured log %s', (name) => {
  const { sessions } = parseTranscript(capturedText(name))

  test('replayServer, replayClient: each plays its side of it to the end, without a difference', async () => {
    for (const session of sessions) {
      if (session.perspective === 'log') continue
      const { connection, done } = replayServer(session)
      const report = await replayClient(session, connection, { texts: true })
      await done
      expect(report).toEqual({ differences: [], complete: true })
    }
  })
})
