/** A worker that opens one connection, and does with it what the lines of the request ask, as they come. */
import { decodeBase64, encodeBase64, MailError } from '@posthorn/core'
import type { Connection } from '@posthorn/smtp'
import { connect } from '@posthorn/sockets/cloudflare'
import type { Answer, Call } from './call.ts'

async function perform(connection: Connection, call: Call): Promise<unknown> {
  switch (call.method) {
    case 'read': {
      const chunk = await connection.read()
      return chunk && encodeBase64(chunk)
    }
    case 'write':
      return connection.write(decodeBase64(call.octets))
    case 'startTls':
      return connection.startTls(call.options)
    case 'end':
      return connection.end?.()
    case 'close':
      return connection.close()
    case 'abort':
      return connection.abort()
  }
}

async function answerTo(connection: Connection, call: Call): Promise<Answer> {
  const { id } = call
  try {
    return { id, value: await perform(connection, call), info: connection.info }
  } catch (error) {
    return { id, code: error instanceof MailError ? error.code : `no MailError: ${error}`, info: connection.info }
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (let rest = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
}

async function serve(request: Request, tell: (answer: Answer) => void): Promise<void> {
  const port = Number(new URL(request.url).searchParams.get('port'))
  const connection = await connect({ host: 'localhost', port })
  tell({ id: 0, info: connection.info })
  for await (const line of linesOf(request.body!)) {
    void answerTo(connection, JSON.parse(line) as Call).then(tell)
  }
}

export default {
  fetch(request: Request): Response {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const tell = (answer: Answer): void => {
      writer.write(new TextEncoder().encode(`${JSON.stringify(answer)}\n`)).catch(() => undefined)
    }
    serve(request, tell).then(
      () => writer.close(),
      (error) => writer.abort(error),
    )
    return new Response(readable)
  },
}
