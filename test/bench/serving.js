/**
 * Servers under the load of bare clients over twenty connections of the loopback interface, that say an envelope in one
 * flight and the message in another, or wait for each reply; and the work of the server alone.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openBareClient } from './bare-client.js'

const CONNECTIONS = 20
const MESSAGES = 4000
const MAIL = 'MAIL FROM:<ada@example.org>\r\n'
const RCPT = 'RCPT TO:<charles@example.net>\r\n'
const BODY = Buffer.from(`Subject: Notes\r\n\r\n${'The notes are with the printer.\r\n'.repeat(60)}.\r\n`)

const FLIGHTS = {
  pipelined: [
    [`${MAIL}${RCPT}DATA\r\n`, 3],
    [BODY, 1],
  ],
  'lock step': [
    [MAIL, 1],
    [RCPT, 1],
    ['DATA\r\n', 1],
    [BODY, 1],
  ],
}

async function startServer(name) {
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [name])
  const answer = () => new Promise((resolve) => server.once('message', resolve))
  const { port } = await answer()
  const clients = []
  for (let count = 0; count < CONNECTIONS; count++) clients.push(await openBareClient(port))
  return {
    clients,
    async cpuSeconds() {
      server.send('cpu')
      return (await answer()).cpu / 1e6
    },
    stop() {
      for (const client of clients) client.close()
      server.disconnect()
    },
  }
}

/** @param {keyof typeof FLIGHTS} how How the clients speak. */
export async function prepareServing(how) {
  const names = ['smtp-server', 'posthorn', 'bare']
  const servers = []
  for (const name of names) servers.push(await startServer(name))

  async function rateOf({ clients, cpuSeconds }) {
    const before = await cpuSeconds()
    let left = MESSAGES
    await Promise.all(
      clients.map(async ({ say }) => {
        while (left-- > 0) for (const [what, lines] of FLIGHTS[how]) await say(what, lines)
      }),
    )
    return MESSAGES / ((await cpuSeconds()) - before)
  }

  return {
    rows: servers.map((server, index) => ({ name: names[index], run: () => rateOf(server) })),
    close() {
      for (const server of servers) server.stop()
    },
  }
}
