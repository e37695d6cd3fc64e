/** The loop of the fuzzer: inputs by seed, each whole and in parts, and what went wrong. */
import { makeInput, randomFrom, split } from './inputs.js'
import { TARGETS } from './targets.js'

const MAX_FAILURES = 10

/** Runs one input; gives what went wrong, or `undefined`. */
async function attempt({ run, kind, splits }, seed) {
  const random = randomFrom(seed)
  const input = makeInput(kind, random)
  try {
    const whole = await run([new Uint8Array(input)])
    const parts = await run(split(input, random))
    if (splits && whole.join('\n') !== parts.join('\n'))
      return `depends on how it is split: ${JSON.stringify(input.toString('latin1'))}`
    return undefined
  } catch (error) {
    return `${error?.stack ?? error}, from ${JSON.stringify(input.toString('latin1'))}`
  }
}

/** Runs the given seeds, then `inputs` more from `first` on, at every target or the `only` one; gives the failures, ten at most for each. */
export async function fuzz({ seeds, first = 1, inputs, only = '', log = () => undefined }) {
  const failures = []
  for (const [target, how] of Object.entries(TARGETS)) {
    if (only && target !== only) continue
    const found = []
    const tryOne = async (seed) => {
      const error = await attempt(how, seed)
      if (error) found.push({ target, seed, error })
    }
    for (const seed of seeds) await tryOne(seed)
    for (let seed = first; seed < first + inputs && found.length < MAX_FAILURES; seed++) await tryOne(seed)
    log(`${target}: ${inputs} inputs, ${found.length} failures`)
    failures.push(...found)
  }
  return failures
}
