/** The way through a bridge, by the WebSocket of the runtime; its tickets are minted where they are used, to try that too. */
import { connectBridge } from '@posthorn/bridge'
import { importTicketKey, mintTicket } from '@posthorn/bridge/server'
import { check, equal, fails } from './check.js'

/**
 * @param {import('@posthorn/bridge').BridgeOptions['webSocket']} [webSocket] Where the runtime has none.
 * @returns {import('./send.js').Carrier}
 */
export const bridgeCarrier = (webSocket) => ({
  area: 'bridge',
  options: { unsafeTrustBridge: true },
  async connect({ serverName, port, bridge }) {
    const key = await importTicketKey(Uint8Array.from(bridge.secret))
    const ticket = await mintTicket(key, { sub: 'suite', dst: [`${serverName}:${port}`] })
    return connectBridge({ url: bridge.url, ticket, host: serverName, port, ...(webSocket && { webSocket }) })
  },
})

/** @returns {import('./check.js').Check[]} What a bridge refuses, as the runtime tells it. */
export const refusals = ({ connect }) => [
  check('bridge: a destination that is not allowed has its code', async (target) => {
    await fails('BRIDGE_FORBIDDEN', () => connect({ ...target, port: 1 }))
  }),
  check('bridge: a forged ticket gets no upgrade', async (target) => {
    const bridge = { ...target.bridge, secret: target.bridge.secret.map((octet) => octet ^ 1) }
    await fails('BRIDGE_UNREACHABLE', () => connect({ ...target, bridge }))
  }),
  check('bridge: an abort ends what is outstanding', async (target) => {
    const connection = await connect(target)
    await connection.read()
    const reading = fails('BRIDGE_ABORTED', () => connection.read())
    connection.abort()
    await reading
    equal(connection.info.via, 'bridge')
  }),
]
