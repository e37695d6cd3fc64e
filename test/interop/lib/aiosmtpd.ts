/** An aiosmtpd of the test's own: STARTTLS, AUTH, SMTPUTF8; it keeps each message as a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate, type ThrowAwayCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { takeFromMaildir } from './maildir.ts'
import { Daemon, freePort } from './process.ts'

/** The name of the server, which its certificate proves. */
export const HOSTNAME = 'aiosmtpd.posthorn.test'

/** The one account. */
export const ACCOUNT = { username: 'alice', password: 'se cret/&=ü' }

const PROGRAM = `
import asyncio, json, ssl, sys, uuid
from aiosmtpd.smtp import SMTP, AuthResult
job = json.loads(sys.argv[1])
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(job['folder'] + '/cert.pem', job['folder'] + '/key.pem')
class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody'):
            return '550 5.1.1 No such user'
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 OK'
    async def handle_DATA(self, server, session, envelope):
        with open(job['folder'] + '/new/' + uuid.uuid4().hex, 'wb') as file:
            file.write(envelope.content)
        return '250 2.0.0 OK'
def authenticate(server, session, envelope, mechanism, data):
    given = (data.login.decode(), data.password.decode())
    return AuthResult(success=given == (job['username'], job['password']), handled=False)
def make():
    return SMTP(Handler(), hostname=job['hostname'], enable_SMTPUTF8=True, tls_context=context,
        authenticator=authenticate, data_size_limit=100000)
async def main():
    server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', job['port'])
    await server.serve_forever()
asyncio.run(main())
`

/** An aiosmtpd at work. */
export interface Aiosmtpd {
  readonly port: number
  readonly hostname: string
  readonly certificate: ThrowAwayCertificate
  /** Waits for the next message, and takes it. */
  take(): Promise<Uint8Array>
  stop(): Promise<void>
}

/** Starts an aiosmtpd. */
export async function startAiosmtpd(): Promise<Aiosmtpd> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-aiosmtpd-'))
  mkdirSync(join(folder, 'new'))
  const certificate = await makeCertificate(HOSTNAME, Date.now())
  writeFileSync(join(folder, 'cert.pem'), certificate.cert)
  writeFileSync(join(folder, 'key.pem'), certificate.key)
  const port = await freePort()
  const job = { folder, port, hostname: HOSTNAME, ...ACCOUNT }
  const daemon = new Daemon('/usr/bin/python3', ['-c', PROGRAM, JSON.stringify(job)])
  await daemon.ready(port)
  return {
    port,
    hostname: HOSTNAME,
    certificate,
    take: () => takeFromMaildir(folder, () => daemon.output),
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
