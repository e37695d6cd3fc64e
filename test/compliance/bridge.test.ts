import { connectBridge } from '@posthorn/bridge'
import { memoryPair } from '@posthorn/smtp'
import { defaultPlatform } from '../../packages/bridge/src/platform.ts'
import { BridgeRun } from '../../packages/bridge/src/server/run-bridge.ts'
import { memoryWebSocket } from '../../packages/bridge/test/socket-pair.ts'
import { checkConnection, type Ends } from './connection.ts'

async function open(): Promise<Ends> {
  const [connection, far] = memoryPair()
  const webSocket = memoryWebSocket((socket) => {
    new BridgeRun(socket, {
      dial: async () => ({ type: 'connected', host: 'mx.example', connection }),
      maxOctets: 100_000_000,
      timeLimits: {},
      takeControl: () => true,
      platform: defaultPlatform,
    })
    return 'mail-bridge.v1'
  })
  const near = await connectBridge({
    url: 'wss://bridge.example',
    ticket: 'ticket.a.b',
    host: 'mx.example',
    port: 587,
    webSocket,
  })
  return { near, far }
}

checkConnection({ name: 'bridge, in memory', serverName: 'mx.example', via: 'bridge', verifiedBy: 'bridge', open })
