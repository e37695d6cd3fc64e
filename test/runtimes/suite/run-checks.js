/** Runs checks one after the other and tells of each as a line of JSON, which any runtime can hand out. */
import { facts } from './facts.js'

const LIMIT_MS = 30_000

/**
 * @param {import('./check.js').Check[]} checks What to run.
 * @param {import('./check.js').Target | undefined} target Where to send to.
 * @param {(line: string) => unknown} tell Takes the lines: the plan, one result a check, and `done` with the facts.
 */
export async function runChecks(checks, target, tell) {
  await tell(JSON.stringify({ type: 'plan', names: checks.map(({ name }) => name) }))
  for (const one of checks) {
    const start = performance.now()
    const outcome = await outcomeOf(one, target)
    const milliseconds = Math.round(performance.now() - start)
    await tell(JSON.stringify({ type: 'result', name: one.name, milliseconds, ...outcome }))
  }
  await tell(JSON.stringify({ type: 'done', facts: await facts() }))
}

async function outcomeOf({ run }, target) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS} ms`)), LIMIT_MS)
  })
  try {
    const count = await Promise.race([Promise.resolve().then(() => run(target)), late])
    return typeof count === 'number' ? { count } : {}
  } catch (error) {
    return { error: describeError(error) }
  } finally {
    clearTimeout(timer)
  }
}

// The stack of some engines begins with the message, that of others lacks it.
function describeError(error) {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\n  caused by ${describeError(error.cause)}`
  const trace = (error.stack ?? '').replace(error.message, '')
  const frames = trace.split('\n').filter((line) => /^\s+at |@/.test(line))
  const where = frames.slice(0, 3).map((line) => `\n    ${line.trim()}`)
  return `${error.name}: ${error.message}${where.join('')}${cause}`
}
