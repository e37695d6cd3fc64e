/**
 * What a bridge holds for each connection that is open and idle: a thousand of them, in a process of its own. Run by
 * `npm run bench:memory`; the figures stand in docs/benchmarks.md.
 */
import { openBridge, startProcess } from './bridging.js'

const CONNECTIONS = 1000
const origin = await startProcess('origin')
const bridge = await startProcess('posthorn', origin.port, ['--expose-gc'])

// The first hundred pay for what all share.
const open = async (count) => {
  const opened = []
  for (let index = 0; index < count; index++) opened.push(await openBridge(bridge.port, origin.port))
  return opened
}
const first = await open(100)
const { rss: before } = await bridge.ask()
const connections = await open(CONNECTIONS)
const { rss: after } = await bridge.ask()
console.log(
  `${CONNECTIONS} idle connections through a bridge: ${((after - before) / CONNECTIONS / 1000).toFixed(1)} KB each`,
)
for (const connection of [...first, ...connections]) connection.abort()
bridge.close()
origin.close()
