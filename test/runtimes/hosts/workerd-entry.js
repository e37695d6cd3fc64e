/** The worker: one request runs the suite. Nothing may be random, wait or tell the time outside of a request. */
import { connect } from '@posthorn/sockets/cloudflare'
import { bridgeCarrier, refusals } from '../suite/bridge.js'
import { conformance } from '../suite/conformance.js'
import { portable } from '../suite/index.js'
import { runChecks } from '../suite/run-checks.js'
import { sending } from '../suite/send.js'

// Its sockets check the name that they connect to, and no other.
const sockets = { area: 'send', connect: ({ host, port }) => connect({ host, port }) }
const local = (check) => ({ ...check, run: (target) => check.run({ ...target, ...target.local }) })
const bridge = bridgeCarrier()
const send = [...sending(sockets).map(local), ...sending(bridge), ...refusals(bridge)]

export default {
  async fetch(request) {
    const { target, suites } = await request.json()
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    const encoder = new TextEncoder()
    const tell = (line) => writer.write(encoder.encode(`${line}\n`))
    const checks = [...portable, ...conformance(suites), ...(target ? send : [])]
    runChecks(checks, target, tell).finally(() => writer.close())
    return new Response(readable)
  },
}
