import { parseTranscript } from '@posthorn/transcript'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workOf } from '../work.ts'
import { isSpeaker, readCorpus, speakersOf } from './corpus.ts'
import { mutate } from './mutations.ts'

const LOGS = readCorpus()
const RECORDED = LOGS.filter(({ expected: { said } }) => said !== undefined && said.length > 10)

test('parseTranscript: in formats that nobody has seen, the speaker of 95 lines of 100', { timeout: 60_000 }, () => {
  let [right, lines] = [0, 0]
  const numbers = fc.infiniteStream(fc.nat(1_000_000))
  fc.assert(
    fc.property(fc.constantFrom(...RECORDED), numbers, ({ text, expected }, stream) => {
      const random = (below: number): number => (stream.next().value as number) % below
      const noise = text.split('\n').filter((line, i) => expected.speakers?.[i] === 't' && line.trim() !== '')
      const mutated = mutate(expected.said ?? [], noise, random)
      const given = speakersOf(parseTranscript(mutated.text).sessions, mutated.speakers.length)
      for (const [i, speaker] of [...mutated.speakers].entries()) {
        lines++
        if (isSpeaker(given[i], speaker)) right++
      }
    }),
    { numRuns: 1000 },
  )
  console.log(`speakers in formats never seen: ${right} of ${lines} lines, ${((100 * right) / lines).toFixed(2)} %`)
  expect(right / lines).toBeGreaterThanOrEqual(0.95)
})

// One log of each tool
const EACH = [...new Map(LOGS.map((log) => [log.expected.tool, log])).values()]

test.each(EACH)('the work of parseTranscript is linear: $name', ({ text }) => {
  const times = Math.max(1, Math.round(20_000 / text.length))
  const [small, large] = [times, 2 * times].map((count) => workOf(() => parseTranscript(text.repeat(count))))
  expect(large! / small!).toBeLessThan(2.5)
})
