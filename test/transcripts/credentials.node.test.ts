import { parseTranscript, redact } from '@posthorn/transcript'
import { describe, expect, test } from 'vitest'
import { readCorpus } from './corpus.ts'
import { ACCOUNT, TOKEN, WRONG_PASSWORD } from './maker/dialogues.ts'

const LOGS = readCorpus()

// What the clients sent to log in, in each step of each mechanism, and what it stands for
const SENT = LOGS.flatMap(({ expected: { said = [] } }) =>
  said.flatMap((turn, i) => {
    const initial = /^C: AUTH \S+ (.{6,})$/i.exec(turn)?.[1]
    const response = said[i - 1]?.startsWith('S: 334') ? /^C: (.{6,})$/.exec(turn)?.[1] : undefined
    return initial ?? response ?? []
  }),
)
const PASSWORDS = [ACCOUNT.password, WRONG_PASSWORD, TOKEN]
const isName = (text: string): boolean => Buffer.from(text, 'base64').toString() === ACCOUNT.username
const PLANTED = [
  ...new Set([
    ...SENT.filter((text) => !isName(text)),
    ...PASSWORDS,
    ...PASSWORDS.map((text) => Buffer.from(text).toString('base64')),
  ]),
]

const found = (text: string): string[] => PLANTED.filter((secret) => text.includes(secret.replace(/=+$/, '')))

describe.each(LOGS)('$name', ({ text }) => {
  test('parseTranscript: no credentials in any session, however they were sent', () => {
    expect(found(JSON.stringify(parseTranscript(text).sessions))).toEqual([])
  })

  test('redact: no credentials in the text', () => {
    expect(found(redact(text).text)).toEqual([])
  })
})

test('the corpus has credentials in it, of each mechanism, by several tools', () => {
  const leaks = LOGS.filter(({ text }) => found(text).length > 0)
  console.log(`credentials: ${PLANTED.length} in ${leaks.length} of ${LOGS.length} logs`)
  expect(leaks.length).toBeGreaterThan(40)
})
