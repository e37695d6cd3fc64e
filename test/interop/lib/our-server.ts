/** Our own server for the clients of others: STARTTLS, AUTH of every kind, two accounts, one recipient refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ForwardPath, MailParameters, RcptParameters } from '@posthorn/command'
import { listen } from '@posthorn/node'
import type { Reply } from '@posthorn/reply'
import {
  anonymousServer,
  cramMd5Server,
  deriveScramCredentials,
  externalServer,
  loginServer,
  type OfferedMechanism,
  oauthBearerServer,
  plainServer,
  type ScramHash,
  scramServer,
  xoauth2Server,
} from '@posthorn/sasl'
import { type MessageDecision, type Peer, type ServeOptions, serve } from '@posthorn/smtp'
import { makeCertificate } from '../../../packages/posthorn/src/demo/certificate.ts'
import type { Conversation } from './conversation.ts'
import { tap } from './tap.ts'

/** The name that the certificate proves; it resolves to loopback everywhere. */
export const HOSTNAME = 'localhost'
export const ACCOUNT = { username: 'ada', password: 'péncil=,x' }
/** For clients that send passwords in US-ASCII alone. */
export const ASCII_ACCOUNT = { username: 'bea', password: 'pencil=,x' }
export const TOKEN = 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg'
export const REFUSED = 'nobody@posthorn.example'
/** A recipient who takes no content, as `picky` of every domain does. */
export const PICKY = 'picky@posthorn.example'

/** A message that has come. */
export interface Taken {
  readonly text: string
  readonly octets: Uint8Array
  readonly user: string | undefined
  readonly peer: Peer
  readonly parameters: MailParameters
  readonly forwardPaths: readonly ForwardPath[]
  readonly recipientParameters: readonly RcptParameters[]
  /** What the client has said in this session, also after the message. */
  readonly conversation: Conversation
}

/** The server at work. */
export interface OurServer {
  readonly port: number
  /** The certificate authority to trust, in PEM, and as a file. */
  readonly ca: string
  readonly caFile: string
  /** The messages that have come. */
  readonly messages: readonly Taken[]
  /** What went wrong, as the server heard it. */
  readonly errors: readonly unknown[]
  /** The sessions so far, in order, also those without a message. */
  readonly conversations: readonly Conversation[]
  /** Waits until so many messages have come in all, and gives the last of them. */
  arrival(count: number, explain?: () => string): Promise<Taken>
  stop(): Promise<void>
}

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
const ACCOUNTS = [ACCOUNT, ASCII_ACCOUNT]
const passwordOf = (name: string): string | undefined => ACCOUNTS.find(({ username }) => username === name)?.password
const isAccount = (given: { username: string; password: string }): boolean =>
  given.password === passwordOf(given.username)
const textOf = (path: ForwardPath): string => (path === 'postmaster' ? path : `${path.localPart}@${path.domain}`)

async function mechanisms(): Promise<OfferedMechanism[]> {
  const hashes: readonly ScramHash[] = ['SHA-512', 'SHA-256', 'SHA-1']
  const keys = new Map(
    await Promise.all(
      ACCOUNTS.flatMap(({ username, password }) =>
        hashes.map(async (hash) => {
          const stored = await deriveScramCredentials(password, { salt: random(16), iterations: 4096, hash })
          return [`${hash} ${username}`, stored] as const
        }),
      ),
    ),
  )
  const lookup = (name: string, hash: ScramHash) => keys.get(`${hash} ${name}`)
  const check = ({ token }: { token: string }): boolean => token === TOKEN
  return [
    ...hashes.map((hash) => scramServer({ lookup, random, hash, plus: true })),
    ...hashes.map((hash) => scramServer({ lookup, random, hash })),
    cramMd5Server({ lookup: passwordOf, random, hostname: HOSTNAME }),
    plainServer(isAccount),
    loginServer(isAccount),
    oauthBearerServer({ check }),
    xoauth2Server({ check }),
    externalServer(() => ({ authenticationId: 'known' })),
    anonymousServer(),
  ]
}

const REFUSAL: Reply = { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] }

// What decides on messages, and keeps them.
function handlers(
  keep: (taken: Taken) => void,
  conversation: Conversation,
): Pick<ServeOptions, 'onRecipient' | 'onMessage'> {
  return {
    onRecipient: (path) => (textOf(path) === REFUSED ? REFUSAL : undefined),
    onMessage: async ({ content, peer, perRecipient, ...about }): Promise<MessageDecision> => {
      const chunks: Uint8Array[] = []
      for await (const chunk of content) chunks.push(chunk)
      const octets = new Uint8Array(Buffer.concat(chunks))
      const text = Buffer.from(octets).toString('utf8')
      keep({ text, octets, peer, user: peer.identity?.authenticationId, conversation, ...about })
      if (!perRecipient) return undefined
      return about.forwardPaths.map((path) =>
        textOf(path).startsWith('picky@') ? { code: 550, lines: ['Not this content'] } : undefined,
      )
    },
  }
}

const ARRIVAL_LIMIT_MS = 20_000

async function awaitMessage(messages: readonly Taken[], count: number, explain: () => string): Promise<Taken> {
  for (const end = Date.now() + ARRIVAL_LIMIT_MS; Date.now() < end; ) {
    if (messages.length >= count) return messages[count - 1]!
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${messages.length} of ${count} messages have come:\n${explain()}`)
}

/** Starts it on a given port, or a free one. */
export async function startOurServer({
  port = 0,
  ...options
}: Partial<ServeOptions> & { readonly port?: number } = {}): Promise<OurServer> {
  const { ca, cert, key } = await makeCertificate(HOSTNAME, Date.now())
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-ca-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, ca)
  const messages: Taken[] = []
  const errors: unknown[] = []
  const conversations: Conversation[] = []
  const offered = await mechanisms()
  const listener = await listen({
    port,
    tls: { key, cert },
    onConnection: (plain) => {
      const { connection, conversation } = tap(plain)
      conversations.push(conversation)
      return serve(connection, {
        hostname: HOSTNAME,
        tls: true,
        mechanisms: offered,
        extensions: [{ keyword: 'DSN' }, { keyword: 'PRDR' }],
        ...handlers((taken) => messages.push(taken), conversation),
        onError: (error) => errors.push(error),
        ...options,
      })
    },
  })
  return {
    port: listener.address.port,
    ca,
    caFile,
    messages,
    errors,
    conversations,
    arrival: (count, explain = () => '') => awaitMessage(messages, count, explain),
    async stop() {
      await listener.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
