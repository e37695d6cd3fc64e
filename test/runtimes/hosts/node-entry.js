/** Runs the suite on Node, Bun or Deno; the lines go to stdout. That the process ends by itself is part of the test. */
import { readFileSync } from 'node:fs'
import { connect } from '@posthorn/node'
import { WebSocket } from 'ws'
import { bridgeCarrier, refusals } from '../suite/bridge.js'
import { conformance } from '../suite/conformance.js'
import { portable } from '../suite/index.js'
import { node } from '../suite/node.js'
import { posthorn } from '../suite/posthorn.js'
import { runChecks } from '../suite/run-checks.js'
import { sending } from '../suite/send.js'

const given = process.env.POSTHORN_TARGET
const target = given && JSON.parse(given)
const tcp = { area: 'send', connect: ({ host, port, ca, serverName }) => connect({ host, port, ca, serverName }) }
const bridge = bridgeCarrier(globalThis.WebSocket ? undefined : WebSocket)
const send = target ? [...sending(tcp), ...sending(bridge), ...refusals(bridge)] : []

const { suites, certificate } = JSON.parse(readFileSync(process.env.POSTHORN_SUITES, 'utf8'))

await runChecks(
  [...portable, ...conformance(suites), ...node(certificate), ...posthorn(certificate), ...send],
  target,
  (line) => console.log(line),
)
