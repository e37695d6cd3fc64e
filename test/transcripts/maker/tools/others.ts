/** Servers that log the dialogue or the delivery: smtp-server of npm, Postfix's smtp-sink, OpenSMTPD. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeCertificate } from '../../../../packages/posthorn/src/demo/certificate.ts'
import { HOSTNAME, type OpenSmtpd, startOpenSmtpd } from '../../../interop/lib/opensmtpd.ts'
import { Daemon, freePort } from '../../../interop/lib/process.ts'
import { expectDelivery } from '../delivery.ts'
import { ACCOUNT, type Dialogue } from '../dialogues.ts'
import type { Sink } from '../sink.ts'
import type { Log, Tool } from '../tool.ts'
import { TEST_FOLDER } from './shell.ts'
import { speak } from './speaker.ts'

const SMTP_SERVER = `
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
const { SMTPServer } = createRequire(process.argv[1] + '/')('smtp-server')
const [port, folder, user, password] = process.argv.slice(2)
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code })
new SMTPServer({
  name: 'mx.example.net', logger: true, authOptional: true,
  cert: readFileSync(folder + '/server.pem'), key: readFileSync(folder + '/server.key'),
  onAuth: (auth, session, done) => auth.username === user && auth.password === password ? done(null, { user }) : done(refuse(535, 'Credentials are not right')),
  onMailFrom: (address, session, done) => done(address.address.startsWith('blocked') ? refuse(550, 'Sender is not welcome') : null),
  onRcptTo: (address, session, done) => done(address.address.startsWith('nobody') ? refuse(550, 'No such user') : null),
  onData: (stream, session, done) => { stream.resume(); stream.on('end', () => done(session.envelope.rcptTo.some(({ address }) => address.startsWith('spamtrap')) ? refuse(554, 'Not welcome') : null)) },
}).on('error', () => undefined).listen(Number(port), '127.0.0.1')
`

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500))

async function withSmtpServer(dialogue: Dialogue, { folder }: Sink): Promise<Log> {
  const { ca, cert, key } = await makeCertificate('localhost', Date.now())
  writeFileSync(join(folder, 'server.pem'), cert)
  writeFileSync(join(folder, 'server.key'), key)
  const port = await freePort()
  const args = ['--input-type=module', '-e', SMTP_SERVER, TEST_FOLDER, String(port), folder]
  const daemon = new Daemon(process.execPath, [...args, ACCOUNT.username, ACCOUNT.password])
  await daemon.ready(port)
  await settle()
  const before = daemon.output.length
  const turns = await speak(dialogue, { port, ca, serverName: 'localhost' })
  await settle()
  const text = daemon.output.slice(before).replaceAll(String(port), '587')
  await daemon.stop()
  return { text, turns }
}

let opensmtpd: OpenSmtpd | undefined

async function relay(dialogue: Dialogue, sink: Sink): Promise<string> {
  opensmtpd ??= await startOpenSmtpd({
    port: sink.port,
    lmtpPort: 1,
    ca: sink.ca,
    hostname: 'localhost',
    account: ACCOUNT,
  })
  const before = opensmtpd.log().length
  const to = dialogue.to.map((one) => one.replace(/@.*/, '@posthorn.example'))
  const { port, certificate } = opensmtpd
  const { password: _, ...plain } = {
    ...dialogue,
    to: to.map((one) => (one.startsWith('hangup') ? one.replace('hangup', 'hang-up') : one)),
  }
  await speak(plain, { port, ca: certificate.ca, serverName: HOSTNAME })
  for (
    let i = 0;
    i < 40 &&
    (
      opensmtpd
        .log()
        .slice(before)
        .match(/ delivery .*result=/g) ?? []
    ).length < to.length;
    i++
  )
    await settle()
  return opensmtpd.log().slice(before)
}

/** Other servers. */
export const OTHERS: readonly Tool[] = [
  {
    name: 'smtp-server',
    format: 'smtp-server',
    perspective: 'server',
    dialogues: ['sent', 'partly', 'denied', 'sender', 'content', 'dropped'],
    run: withSmtpServer,
  },
  {
    name: 'opensmtpd',
    format: 'opensmtpd',
    perspective: 'log',
    rewrites: [
      [/\bposthorn\.example\b/g, 'example.net'],
      [new RegExp(HOSTNAME.replaceAll('.', '\\.'), 'g'), 'relay.example.com'],
    ],
    tells: ['sender', 'tls'],
    expect: expectDelivery,
    dialogues: ['partly', 'content'],
    run: relay,
    async stop() {
      await opensmtpd?.stop()
      opensmtpd = undefined
    },
  },
]
