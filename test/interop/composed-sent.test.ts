import { compose, parseMessage } from '@posthorn/mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClient } from './lib/our-client.ts'
import { HOSTNAME, type Postfix, RECIPIENTS, startPostfix } from './lib/postfix.ts'

// What is composed from a stream is stored by Postfix with every octet of its files, in each form that Postfix takes.
const SIZE = 5_000_000
const CHUNK = Uint8Array.from({ length: 50_000 }, (_, at) => (at * 2_654_435_761) >>> 24)

let postfix: Postfix
beforeAll(async () => {
  postfix = await startPostfix()
})
afterAll(() => postfix.stop())

async function* octets(): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < SIZE; start += CHUNK.length) yield CHUNK
}

test.each([
  ['7bit', false, `bob@${HOSTNAME}`],
  ['8bit', false, `bob@${HOSTNAME}`],
  ['8bit', true, RECIPIENTS.unicode],
] as const)('compose: a stream of 5 MB in the form %s, SMTPUTF8 %s, by Postfix', async (encoding, smtpUtf8, to) => {
  const message = compose(
    {
      from: { name: 'Zoë', address: 'alice@posthorn.example' },
      to: [`bob@${HOSTNAME}`, ...(smtpUtf8 ? [to] : [])],
      subject: 'Grüße',
      text: '.\n..\nGrüße\nFrom here\n',
      attachments: [{ filename: 'naïve.bin', content: octets, size: SIZE }],
    },
    { now: new Date(), random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  )
  const form = message.serialize({ encoding, smtpUtf8 })
  const { client } = await openClient({ port: postfix.mxPort })
  const outcome = await client.send({ ...form.envelope, forwardPaths: [`bob@${HOSTNAME}`] }, form)
  await client.quit()
  expect(outcome.type).toBe('accepted')
  const read = parseMessage(await postfix.take('bob'))
  expect([read.subject, read.text?.trimEnd()]).toEqual(['Grüße', '.\n..\nGrüße\nFrom here'])
  const [file] = read.attachments
  expect(file?.filename).toBe('naïve.bin')
  const { bytes, anomalies } = read.contentOf(file!.part)
  expect([bytes.length, anomalies]).toEqual([SIZE, []])
  for (let start = 0; start < SIZE; start += CHUNK.length) {
    expect(Buffer.compare(bytes.subarray(start, start + CHUNK.length), CHUNK)).toBe(0)
  }
  expect(read.defects.filter(({ code }) => code !== 'encoded-word-in-parameter' && code !== 'eight-bit')).toEqual([])
})
