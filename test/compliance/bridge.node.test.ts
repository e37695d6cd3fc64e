import { listen } from '@posthorn/node'
import type { Connection } from '@posthorn/smtp'
import { HOST, nodeLab } from '../../packages/bridge/test/node-lab.ts'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { checkConnection, type Ends } from './connection.ts'

const { ca, cert, key } = await makeCertificate(HOST, Date.now())

async function open(): Promise<Ends> {
  let arrive: (connection: Connection) => void = () => undefined
  const arrival = new Promise<Connection>((resolve) => {
    arrive = resolve
  })
  const listener = await listen({ tls: { key, cert }, onConnection: async (connection) => arrive(connection) })
  const lab = await nodeLab(listener.address.port, { ca })
  const near = await lab.connect()
  const release = async (): Promise<void> => {
    await lab.close()
    await listener.close()
  }
  return { near, far: await arrival, release }
}

checkConnection({ name: 'bridge, on Node.js', serverName: HOST, via: 'bridge', verifiedBy: 'bridge', open })
