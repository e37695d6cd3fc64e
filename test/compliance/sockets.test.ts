import { listen } from '@posthorn/node'
import type { Connection } from '@posthorn/smtp'
import { connect } from '@posthorn/sockets'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { emulate } from '../../packages/sockets/test/emulation.ts'
import { checkConnection, type Ends } from './connection.ts'

const HOSTNAME = 'mx.example'
const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())

async function open(): Promise<Ends> {
  let arrive: (connection: Connection) => void = () => undefined
  const arrival = new Promise<Connection>((resolve) => {
    arrive = resolve
  })
  const listener = await listen({
    tls: { key, cert },
    onConnection: async (connection) => arrive(connection),
  })
  const near = await connect({ host: HOSTNAME, port: listener.address.port, connect: emulate({ ca }) })
  return { near, far: await arrival, release: () => listener.close() }
}

checkConnection({ name: 'sockets', serverName: HOSTNAME, open })
