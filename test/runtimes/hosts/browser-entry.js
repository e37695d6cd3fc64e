/** Runs the suite in a page or a Worker; each line goes to the server that the page came from. */
import { portable } from '../suite/index.js'
import { runChecks } from '../suite/run-checks.js'

await runChecks(portable, undefined, (line) => fetch('/lines', { method: 'POST', body: line }))
