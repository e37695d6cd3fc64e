/** The server that the benchmarks send to, in a process of its own so that its work is not counted: takes and drops. */
import { listen } from '@posthorn/node'
import { serve } from '@posthorn/smtp'

const listener = await listen({
  onConnection: (connection) =>
    serve(connection, {
      hostname: 'bench.example',
      onMessage: async ({ content }) => {
        for await (const octets of content) if (octets.length === 0) return
      },
    }),
})
process.send({ port: listener.address.port })
process.once('disconnect', () => process.exit(0))
