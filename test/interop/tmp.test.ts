import { expect, test } from 'vitest'
import { connect } from '@posthorn/node'
import { SmtpClient } from '@posthorn/smtp'
import { encode, header } from './lib/message.ts'
import { HOSTNAME, startPostfix } from './lib/postfix.ts'
test('x', async () => {
  const postfix = await startPostfix()
  const entries: any[] = []
  const connection = await connect({host:'127.0.0.1', port: postfix.mxPort})
  const client = new SmtpClient(connection, { tls: 'none', pipelining: 'messages', record: (e) => entries.push(e.type==='reply'? `S: ${e.reply.code} ${e.reply.lines}` : e.type === 'command' ? `C: ${e.text}` : JSON.stringify(e)) })
  await client.open()
  const messages = Array.from({ length: 14 }, (_, index) => ({
      envelope: { reversePath: 'a@b.example', forwardPaths: [index % 10 === 9 ? 'nobody@'+HOSTNAME : 'bob@'+HOSTNAME] },
      message: encode(`${header(`m${index}`)}${'x'.repeat(index * 100)}\r\n`),
      options: { chunking: index % 2 === 0 ? 'never' : 'auto' } as const,
  }))
  for await (const o of client.sendAll(messages)) entries.push(JSON.stringify(o))
  await client.quit()
  console.log(entries.join('\n'))
  console.log(postfix.log())
  await postfix.stop()
})
