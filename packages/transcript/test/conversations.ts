/** Conversations of our client and our server in memory, as both can hold them. */

import { cramMd5Server, deriveScramCredentials, loginServer, plainServer, scramServer } from '@posthorn/sasl'
import {
  type Connection,
  memoryPair,
  type Recorder,
  type ServeOptions,
  SmtpClient,
  type SmtpClientOptions,
  serve,
} from '@posthorn/smtp'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A message. */
export const MESSAGE: Uint8Array = octets('Subject: hi\r\n\r\nHello\r\n.dot\r\n')
const LARGE = octets(`Subject: large\r\n\r\n${'0123456789\r\n'.repeat(6_000)}`)

/** What the user could log in with. */
export const PASSWORD = 'correct-horse'
const CREDENTIALS = { username: 'user', password: PASSWORD }
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index + 1)
const stored = await deriveScramCredentials(PASSWORD, { salt: random(16), iterations: 4096 })
const isRight = ({ username, password }: { username: string; password: string }): boolean =>
  username === CREDENTIALS.username && password === PASSWORD

/** The mechanisms of the server, by name. */
export const MECHANISMS = {
  SCRAM: scramServer({ lookup: (username) => (username === CREDENTIALS.username ? stored : undefined), random }),
  CRAM: cramMd5Server({ lookup: () => PASSWORD, hostname: 'mx.example', random }),
  PLAIN: plainServer(isRight),
  LOGIN: loginServer(isRight),
}

/** One conversation: how both behave, and what the client does. */
export interface Conversation {
  readonly name: string
  readonly serving?: Partial<ServeOptions>
  readonly calling?: SmtpClientOptions
  readonly act?: (client: SmtpClient) => Promise<unknown>
  /** Whether both speak at once, so that each has heard and said things in another order. */
  readonly crossing?: boolean
}

const to = (...forwardPaths: string[]) => ({ reversePath: 'ann@a.example', forwardPaths })
const sendOne = (client: SmtpClient) => client.send(to('bob@b.example', 'no@b.example', 'eve@b.example'), MESSAGE)
const refusal = (code: number, detail: number) =>
  ({ code, enhanced: { class: code < 500 ? 4 : 5, subject: 7, detail }, lines: ['Not now'] }) as const
const withAuth = (name: keyof typeof MECHANISMS, password = PASSWORD): Omit<Conversation, 'name'> => ({
  serving: { mechanisms: [MECHANISMS[name]] },
  calling: { tls: 'required', credentials: { ...CREDENTIALS, password } },
  act: sendOne,
})

const LEVELS = ['none', 'envelope', 'data', 'messages'] as const
const CHUNKING = ['never', 'auto'] as const
const pipelined: Conversation[] = LEVELS.flatMap((pipelining) =>
  CHUNKING.map((chunking) => ({
    name: `pipelining ${pipelining}, chunking ${chunking}: two messages, and one for nobody`,
    crossing: pipelining === 'messages' && chunking === 'auto',
    calling: { pipelining },
    async act(client) {
      await client.send(to('bob@b.example', 'no@b.example'), MESSAGE, { chunking })
      await client.send(to('no@b.example', 'none@b.example'), MESSAGE, { chunking })
      await client.send(to('eve@b.example'), LARGE, { chunking })
    },
  })),
)

/** All of them. */
export const CONVERSATIONS: readonly Conversation[] = [
  { name: 'a greeting and QUIT' },
  { name: 'one message to three, of whom one is refused', act: sendOne },
  ...pipelined,
  {
    name: 'messages in a row, laced',
    crossing: true,
    calling: { pipelining: 'messages' },
    async act(client) {
      const each = ['bob@b.example', 'no@b.example', 'eve@b.example'].map((path) => ({
        envelope: to(path),
        message: MESSAGE,
      }))
      for await (const _ of client.sendAll(each));
    },
  },
  { name: 'TLS', calling: { tls: 'required' }, act: sendOne },
  { name: 'TLS and PLAIN', ...withAuth('PLAIN') },
  { name: 'TLS and LOGIN', ...withAuth('LOGIN') },
  { name: 'TLS and CRAM-MD5', ...withAuth('CRAM') },
  { name: 'TLS and SCRAM', ...withAuth('SCRAM') },
  { name: 'a wrong password', ...withAuth('PLAIN', 'wrong-horse') },
  { name: 'a wrong password by LOGIN', ...withAuth('LOGIN', 'wrong-horse') },
  { name: 'a wrong password by SCRAM', ...withAuth('SCRAM', 'wrong-horse') },
  { name: 'LMTP', serving: { protocol: 'lmtp' }, calling: { protocol: 'lmtp' }, act: sendOne },
  {
    name: 'LMTP, with a decision for each recipient',
    serving: {
      protocol: 'lmtp',
      onMessage: async ({ content, forwardPaths }) => {
        for await (const _ of content);
        return forwardPaths.map((_, i) => (i === 0 ? undefined : refusal(452, 2)))
      },
    },
    calling: { protocol: 'lmtp' },
    act: sendOne,
  },
  {
    name: 'a reply for each recipient by PRDR',
    serving: {
      extensions: [{ keyword: 'PRDR' }],
      onMessage: async ({ content, forwardPaths, perRecipient }) => {
        for await (const _ of content);
        return perRecipient ? forwardPaths.map((_, i) => (i === 0 ? undefined : refusal(550, 1))) : undefined
      },
    },
    act: (client) =>
      client.send({ ...to('bob@b.example', 'no@b.example', 'eve@b.example'), parameters: { prdr: true } }, MESSAGE),
  },
  { name: 'a server that turns the client away', serving: { onConnect: () => refusal(554, 1) } },
  { name: 'a sender that is refused', serving: { onMail: () => refusal(451, 1) }, act: sendOne },
  {
    name: 'a message that is refused',
    serving: {
      onMessage: async ({ content }) => {
        for await (const _ of content);
        return refusal(554, 1)
      },
    },
    act: sendOne,
  },
  {
    name: 'a message that is too large',
    serving: { maxSize: 1000, extensions: [] },
    act: (c) => c.send(to('bob@b.example'), LARGE),
  },
  {
    name: 'a server that closes by 421',
    crossing: true,
    serving: { onRecipient: () => ({ code: 421, lines: ['Enough'] }) },
    act: sendOne,
  },
  {
    name: 'a server that closes by 421, to a client that waits for each reply',
    serving: { onRecipient: () => ({ code: 421, lines: ['Enough'] }) },
    calling: { pipelining: 'none' },
    act: sendOne,
  },
  { name: 'too many mistakes', serving: { maxMistakes: 1 }, act: sendOne },
  { name: 'NOOP', act: (client) => client.noop() },
  { name: 'an address in another script', act: (c) => c.send(to('δοκιμή@b.example'), MESSAGE) },
]

/** What the server does when nothing else is said: recipients whose name begins with "no" are refused. */
export function servingOf({ serving = {} }: Conversation): ServeOptions {
  return {
    hostname: 'mx.example',
    tls: true,
    onRecipient: (path) =>
      path !== 'postmaster' && path.localPart.startsWith('no')
        ? { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] }
        : undefined,
    onMessage: async ({ content }) => {
      for await (const _ of content);
    },
    ...serving,
  }
}

/** Lets the client hold its side over a connection. */
export async function call(conversation: Conversation, connection: Connection, record?: Recorder): Promise<void> {
  const { calling = {}, act } = conversation
  const client = new SmtpClient(connection, {
    tls: 'none',
    domain: 'client.example',
    ...calling,
    ...(record && { record }),
  })
  try {
    await client.open()
    await act?.(client)
  } catch {
    // What it comes to stands in the transcript
  }
  await client.quit()
}

/** Lets both hold it; gives what each records. */
export async function hold(
  conversation: Conversation,
  recorders: { readonly client: Recorder; readonly server: Recorder },
  chunkSize?: number,
): Promise<void> {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  const served = serve(far, { ...servingOf(conversation), recorder: () => recorders.server })
  await call(conversation, near, recorders.client)
  await served
}
