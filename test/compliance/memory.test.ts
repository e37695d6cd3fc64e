import { memoryPair } from '@posthorn/smtp'
import { checkConnection } from './connection.ts'

for (const chunkSize of [1021, undefined]) {
  checkConnection({
    name: chunkSize ? `memory, ${chunkSize} octets a read` : 'memory',
    serverName: 'mx.example',
    open: async () => {
      const [near, far] = memoryPair(chunkSize ? { chunkSize } : {})
      return { near, far }
    },
  })
}
