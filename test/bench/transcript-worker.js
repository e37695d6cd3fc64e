/** Reads logs of 1 MB in a module Worker: posts how long the first reading of each took, and the median of those that follow. */
import { parseTranscript } from '@posthorn/transcript'

const LENGTH = 1_000_000
const ROUNDS = 7

function timed(text) {
  const start = performance.now()
  const { sessions } = parseTranscript(text)
  return { time: performance.now() - start, sessions: sessions.length }
}

self.onmessage = ({ data: { name, text } }) => {
  const log = text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH)
  const first = timed(log)
  const times = Array.from({ length: ROUNDS }, () => timed(log).time).sort((a, b) => a - b)
  const lines = log.split('\n').length
  self.postMessage({ name, lines, sessions: first.sessions, first: first.time, median: times[ROUNDS >> 1] })
}
