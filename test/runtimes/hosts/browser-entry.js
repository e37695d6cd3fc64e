/** Runs the suite in a page or a Worker; each line goes to the server that the page came from. */
import { bridgeCarrier, refusals } from '../suite/bridge.js'
import { conformance } from '../suite/conformance.js'
import { portable } from '../suite/index.js'
import { runChecks } from '../suite/run-checks.js'
import { sending } from '../suite/send.js'

const { target, suites } = await (await fetch('/given')).json()
const bridge = bridgeCarrier()
const send = target ? [...sending(bridge), ...refusals(bridge)] : []

await runChecks([...portable, ...conformance(suites), ...send], target, (line) =>
  fetch('/lines', { method: 'POST', body: line }),
)
