/** Our server, which records each session, refuses whom the dialogues name, and hangs up. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ForwardPath } from '@posthorn/command'
import { listen } from '@posthorn/node'
import {
  cramMd5Server,
  deriveScramCredentials,
  loginServer,
  type OfferedMechanism,
  oauthBearerServer,
  plainServer,
  scramServer,
  xoauth2Server,
} from '@posthorn/sasl'
import { serve } from '@posthorn/smtp'
import { makeCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import { ACCOUNT, HANGUP, REFUSALS, TOKEN } from './dialogues.ts'
import { type Recorded, record } from './recorder.ts'

/** The server at work. */
export interface Sink {
  readonly port: number
  readonly ca: string
  readonly caFile: string
  /** Where tools may write. */
  readonly folder: string
  /** The sessions so far. */
  readonly sessions: readonly Recorded[]
  stop(): Promise<void>
}

const localPart = (path: ForwardPath | null): string => (path === null || path === 'postmaster' ? '' : path.localPart)
const isAccount = ({ username, password }: { username: string; password: string }): boolean =>
  username === ACCOUNT.username && password === ACCOUNT.password

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))

async function mechanisms(): Promise<OfferedMechanism[]> {
  const hash = 'SHA-256'
  const stored = await deriveScramCredentials(ACCOUNT.password, { salt: random(16), iterations: 4096, hash })
  const isName = (name: string): boolean => name === ACCOUNT.username
  const check = ({ token }: { token: string }): boolean => token === TOKEN
  return [
    plainServer(isAccount),
    loginServer(isAccount),
    cramMd5Server({
      lookup: (name) => (isName(name) ? ACCOUNT.password : undefined),
      random,
      hostname: 'mx.example.net',
    }),
    scramServer({ lookup: (name) => (isName(name) ? stored : undefined), random, hash }),
    xoauth2Server({ check }),
    oauthBearerServer({ check }),
  ]
}

/** Starts it. */
export async function startSink(): Promise<Sink> {
  const { ca, cert, key } = await makeCertificate('localhost', Date.now())
  const folder = mkdtempSync(join(tmpdir(), 'transcripts-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, ca)
  const sessions: Recorded[] = []
  const offered = await mechanisms()
  const listener = await listen({
    tls: { key, cert },
    onConnection: (plain) => {
      const recorded = record(plain, 'server')
      sessions.push(recorded)
      return serve(recorded.connection, {
        hostname: 'mx.example.net',
        tls: true,
        mechanisms: offered,
        onMail: (path) => REFUSALS[localPart(path)],
        onRecipient: (path) => {
          if (localPart(path) === HANGUP) recorded.connection.abort()
          return REFUSALS[localPart(path) === 'spamtrap' ? '' : localPart(path)]
        },
        onMessage: async ({ content, forwardPaths }) => {
          for await (const _ of content);
          return forwardPaths.some((path) => localPart(path) === 'spamtrap') ? REFUSALS['spamtrap'] : undefined
        },
      })
    },
  })
  return {
    port: listener.address.port,
    ca,
    caFile,
    folder,
    sessions,
    async stop() {
      await listener.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
