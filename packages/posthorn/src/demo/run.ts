/** The demonstration from end to end: compose, sign, send, compare, verify, store. */

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type ComposedMessage, compose } from '@posthorn/mime'
import type { SendOutcome } from '@posthorn/smtp'
import { type OpenClientOptions, openClient } from '../open-client.ts'
import { comparisonLines } from './comparison.ts'
import { conversationHead, conversationLines, sidesFor } from './conversation.ts'
import { type Correspondents, OWN_CORRESPONDENTS, writeLetter } from './letter.ts'
import type { DemoOptions } from './options.ts'
import { type OwnServer, startOwnServer } from './own-server.ts'
import { signLetter, verifyLetter } from './signing.ts'
import type { Stage } from './stage.ts'
import { store } from './storage.ts'

/** Runs the demonstration; resolves to whether a server took the message and its signature verified. */
export async function runDemo(options: DemoOptions, stage: Stage): Promise<boolean> {
  const own = options.server ? undefined : await startOwnServer()
  try {
    return await act(options, stage, own)
  } finally {
    await own?.close()
  }
}

async function act(options: DemoOptions, stage: Stage, own: OwnServer | undefined): Promise<boolean> {
  tellServer(options, stage, own)
  const people = correspondentsOf(options)
  const composed = await composeLetter(people, options.attach, stage)
  const { envelope } = composed
  const signed = await signLetter(composed.bytes(), people.from, options, stage)
  const outcome = await send(envelope, signed.message, options, stage, own)
  // A server of others does not give the message back; what was sent stands for what arrived.
  const message = own?.arrivals[0]?.message ?? signed.message
  stage.heading('The envelope beside the header')
  stage.lines(...comparisonLines({ reversePath: envelope.reversePath, outcome, message }, stage.paint, stage.columns))
  stage.heading(own ? 'The signature, verified on arrival' : 'The signature, verified as it was sent')
  const verified = await verifyLetter(message, signed.zone, stage)
  await store({ message, record: signed.record }, options.out, stage)
  return verified && (outcome.type === 'accepted' || outcome.type === 'partial')
}

function correspondentsOf({ from, recipients }: DemoOptions): Correspondents {
  return {
    from: from ?? OWN_CORRESPONDENTS.from,
    recipients: recipients.length > 0 ? recipients : OWN_CORRESPONDENTS.recipients,
  }
}

function tellServer({ server }: DemoOptions, { heading, text }: Stage, own: OwnServer | undefined): void {
  if (server) heading(`The server ${server.host}, port ${server.port}`)
  if (!own) return
  const [known, refused] = OWN_CORRESPONDENTS.recipients
  heading(`A server of our own on ${own.url.host}, port ${own.url.port}`)
  text(`It is ${own.hostname}, with a certificate authority and an account made for this run.`)
  text(`It knows ${known}, and refuses ${refused}.`)
}

async function composeLetter(people: Correspondents, file: string, stage: Stage): Promise<ComposedMessage> {
  const content = await readFile(file)
  const letter = writeLetter(people, { name: basename(file), content: new Uint8Array(content) })
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
  const composed = compose(letter, { now: new Date(), random })
  stage.heading('A message')
  const attached = `${basename(file)} (${octets(content.length)})`
  stage.text(`Text, HTML, and ${attached} attached: ${octets(composed.bytes().length)} in all.`)
  return composed
}

function octets(count: number): string {
  return `${count.toLocaleString('en')} octets`
}

async function send(
  envelope: ComposedMessage['envelope'],
  message: Uint8Array,
  options: DemoOptions,
  stage: Stage,
  own: OwnServer | undefined,
): Promise<SendOutcome> {
  const sides = sidesFor(stage.columns)
  stage.heading('The conversation')
  stage.lines(...conversationHead(stage.paint, sides))
  const client = await openClient(own?.url ?? options.server!, {
    ...(await trustOf(options, own)),
    record: (entry) => stage.lines(...conversationLines(entry, stage.paint, sides)),
  })
  try {
    return await client.send(envelope, message)
  } finally {
    await client.quit()
  }
}

async function trustOf(
  { tls, ca, serverName, insecure }: DemoOptions,
  own: OwnServer | undefined,
): Promise<Omit<OpenClientOptions, 'record'>> {
  if (own) return { serverName: own.hostname, ca: own.ca }
  return {
    tls,
    ...(serverName !== undefined && { serverName }),
    ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
    ...(insecure && { unsafeSkipVerification: true, unsafeUnverifiedAuth: true }),
  }
}
