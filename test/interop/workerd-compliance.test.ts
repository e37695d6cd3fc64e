import { listen } from '@posthorn/node'
import type { Connection } from '@posthorn/smtp'
import { afterAll, beforeAll } from 'vitest'
import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { checkConnection, type Ends } from '../compliance/connection.ts'
import { connectThrough } from '../runtimes/workerd/remote-connection.ts'
import { startWorker, type Worker } from '../runtimes/workerd/workerd.ts'

// What every connection owes, asked of the one of @posthorn/sockets in workerd.
const HOSTNAME = 'localhost'
const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())

let worker: Worker
beforeAll(async () => {
  const entry = new URL('../runtimes/workerd/connection-worker.ts', import.meta.url).pathname
  worker = await startWorker({ entry, ca: [ca] })
})
afterAll(() => worker.stop())

async function open(): Promise<Ends> {
  let arrive: (connection: Connection) => void = () => undefined
  const arrival = new Promise<Connection>((resolve) => {
    arrive = resolve
  })
  const listener = await listen({
    tls: { key, cert },
    onConnection: async (connection) => arrive(connection),
  })
  const { connection, release } = await connectThrough(worker.url, listener.address.port)
  return {
    near: connection,
    far: await arrival,
    async release() {
      await release()
      await listener.close()
    },
  }
}

checkConnection({ name: 'sockets in workerd', serverName: HOSTNAME, open })
