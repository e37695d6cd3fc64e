/** The worker: one request runs the suite. Nothing may be random, wait or tell the time outside of a request. */
import { portable } from '../suite/index.js'
import { runChecks } from '../suite/run-checks.js'

export default {
  fetch() {
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    const encoder = new TextEncoder()
    runChecks(portable, undefined, (line) => writer.write(encoder.encode(`${line}\n`))).finally(() => writer.close())
    return new Response(readable)
  },
}
