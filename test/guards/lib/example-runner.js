/** The process in which examples run, one after the other; it tells its parent how each went. */
import { inspect, isDeepStrictEqual } from 'node:util'

const LIMIT_MS = 10_000
let current

function fail(line, message) {
  current.failures.push({ line, message })
}

const tell = (error) => (error instanceof Error ? `${error.code ?? error.name}: ${error.message}` : inspect(error))
const isPromise = (value) => typeof value?.then === 'function'

globalThis.$example = {
  at(line) {
    current.line = line
  },
  async equal(line, actual, expected) {
    const value = actual()
    if (isPromise(value) && actual.constructor === Function) return fail(line, 'is a promise; the example lacks await')
    const [is, stated] = [await value, expected()]
    if (!isDeepStrictEqual(is, stated)) fail(line, `states ${inspect(stated)} but is ${inspect(is)}`)
  },
  async throws(line, action, code) {
    try {
      const value = action()
      if (isPromise(value) && action.constructor === Function) value.catch(() => {})
      const result = action.constructor === Function ? value : await value
      fail(line, `states that it throws ${code} but gives ${inspect(result)}`)
    } catch (error) {
      if (error?.code !== code) fail(line, `states that it throws ${code} but throws ${tell(error)}`)
    }
  },
}

process.on('unhandledRejection', (error) => fail(current.line, `a promise was rejected: ${tell(error)}`))
process.on('uncaughtException', (error) => fail(current.line, `threw later: ${tell(error)}`))

async function run({ url, line }) {
  current = { line, failures: [] }
  process.send({ started: url })
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`is not done after ${LIMIT_MS} ms`)), LIMIT_MS)
  })
  try {
    await Promise.race([import(url), late])
    await new Promise((resolve) => setImmediate(resolve))
  } catch (error) {
    fail(current.line, `throws ${tell(error)}`)
  }
  clearTimeout(timer)
  process.send({ done: url, failures: current.failures })
}

process.once('message', async (examples) => {
  for (const example of examples) await run(example)
  process.send({ finished: true }, () => process.exit(0))
})
