import { expect, test } from 'vitest'
import { MessageParser, parseMessage } from '../src/index.ts'

test('MessageParser: a Buffer that is used again for the next chunk', () => {
  const parser = new MessageParser()
  const buffer = Buffer.alloc(1)
  for (const octet of Buffer.from('Subject: a')) {
    buffer[0] = octet
    parser.push(buffer)
  }
  parser.push(Buffer.from('\r\n\r\nb'))
  parser.end()
  expect(parser.root?.fields.map(({ value }) => value)).toEqual(['a'])
})

test('parseMessage: octets of a Buffer come back as plain arrays, of which slice is a copy', () => {
  const message = parseMessage(Buffer.from('Subject: a\r\n\r\nbody'))
  expect(message.bodyOf(message.root).constructor).toBe(Uint8Array)
  const copy = message.contentOf(message.root).bytes.slice()
  copy.fill(0)
  expect(message.text).toBe('body')
})
