/**
 * What a server holds for each client that is idle after HELO: a thousand of them, and four thousand, in a fresh process for
 * each server. Run by `npm run bench:memory`; the figures stand in docs/benchmarks.md.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openBareClients } from './bare-client.js'
import { median } from './statistics.js'

const CONNECTIONS = [1000, 4000]
const ROUNDS = 3

async function measure(name, connections) {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [name], { execArgv: ['--expose-gc'] })
  const [{ port }] = await once(server, 'message')
  const memory = async () => {
    server.send('memory')
    return (await once(server, 'message'))[0]
  }
  // The first hundred pay for what all share.
  const clients = await openBareClients(port, 100)
  const before = await memory()
  clients.push(...(await openBareClients(port, connections)))
  const after = await memory()
  for (const client of clients) client.close()
  server.disconnect()
  return { rss: after.rss - before.rss, held: after.held - before.held }
}

const names = ['bare', 'smtp-server', 'posthorn']
for (const connections of CONNECTIONS) {
  const figures = names.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, name] of names.entries()) figures[index].push(await measure(name, connections))
  }
  // What is held is objects; beyond them the process takes room for those to come and for compiled code, which does not grow
  // with the clients, so that of many clients each takes less.
  const told = names.map((name, index) => {
    const [rss, held] = ['rss', 'held'].map((what) => median(figures[index].map((figure) => figure[what])))
    return `${name} ${(rss / connections / 1000).toFixed(1)} (${(held / connections / 1000).toFixed(1)} held)`
  })
  console.log(`${connections} clients idle after HELO, KB each of the process: ${told.join(', ')}`)
}
