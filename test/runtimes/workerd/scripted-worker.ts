/** A worker that does with one connection what the test asks, step by step, and answers what came of each. */
import { decodeLatin1, encodeLatin1, MailError } from '@posthorn/core'
import { type Connection, SmtpClient } from '@posthorn/smtp'
import { connect } from '@posthorn/sockets/cloudflare'
import type { Outcome, Script, Step } from './script.ts'

const PIECE = 70_001

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255)
}

async function writeAll(connection: Connection, octets: Uint8Array): Promise<void> {
  for (let start = 0; start < octets.length; start += PIECE) {
    await connection.write(octets.subarray(start, start + PIECE))
  }
}

async function isReturned(connection: Connection, expected: Uint8Array): Promise<boolean> {
  for (let at = 0; at < expected.length; ) {
    const chunk = await connection.read()
    if (!chunk?.every((octet, index) => octet === expected[at + index])) return false
    at += chunk.length
  }
  return true
}

/** Sends a message, and gives it up after some of its octets. */
async function abandon(connection: Connection, step: Extract<Step, { readonly do: 'abandon' }>): Promise<string> {
  const client = new SmtpClient(connection, { credentials: step.credentials, pipelining: 'none' })
  await client.open()
  const abort = new AbortController()
  async function* message(): AsyncGenerator<Uint8Array> {
    yield encodeLatin1(step.text)
    abort.abort()
  }
  const { error } = await client.send(step.envelope, message(), { chunking: 'never', signal: abort.signal })
  return error?.code ?? 'none'
}

async function take(connection: Connection, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'read': {
      const chunk = await connection.read()
      return chunk ? decodeLatin1(chunk) : 'the end'
    }
    case 'write':
      return connection.write(encodeLatin1(step.text))
    case 'flood':
      return writeAll(connection, new Uint8Array(step.octets))
    case 'echo': {
      const octets = pattern(step.octets)
      const [returned] = await Promise.all([isReturned(connection, octets), writeAll(connection, octets)])
      return returned
    }
    case 'startTls':
      return connection.startTls(step.serverName === undefined ? {} : { serverName: step.serverName })
    case 'info':
      return connection.info
    case 'abort':
      return connection.abort(new Error('enough'))
    case 'close':
      return connection.close()
    case 'pause':
      return new Promise<void>((resolve) => setTimeout(resolve, step.milliseconds))
    case 'abandon':
      return abandon(connection, step)
  }
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: (await work) ?? null }
  } catch (error) {
    return { code: error instanceof MailError ? error.code : String(error) }
  }
}

async function run({ target, steps }: Script): Promise<readonly Outcome[]> {
  const opening = connect(target)
  const outcomes = [outcomeOf(opening.then(() => 'connected'))]
  const connection = await opening.catch(() => undefined)
  for (const step of connection ? steps : []) {
    const outcome = outcomeOf(take(connection!, step))
    outcomes.push(outcome)
    if (!step.pending) await outcome
  }
  return Promise.all(outcomes)
}

export default {
  fetch: async (request: Request): Promise<Response> => Response.json(await run((await request.json()) as Script)),
}
