import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { selectMechanism } from '../src/index.ts'

const random = (length: number): Uint8Array => new Uint8Array(length)
const options = { credentials: { username: 'u', password: 'p' }, random }

describe('selectMechanism', () => {
  test.each([
    { offered: ['PLAIN'], name: 'PLAIN' },
    { offered: ['SCRAM-SHA-256'], name: 'SCRAM-SHA-256' },
    { offered: ['PLAIN', 'SCRAM-SHA-256'], name: 'SCRAM-SHA-256' },
    { offered: ['SCRAM-SHA-256', 'PLAIN'], name: 'SCRAM-SHA-256' },
    { offered: ['LOGIN', 'CRAM-MD5', 'PLAIN', 'XOAUTH2'], name: 'PLAIN' },
    { offered: ['SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS', 'PLAIN'], name: 'PLAIN' },
    { offered: ['SCRAM-SHA-1', 'LOGIN', 'GSSAPI'], name: undefined },
    { offered: [], name: undefined },
  ])('selectMechanism: of $offered, $name [rfc4422 3.2]', ({ offered, name }) => {
    expect(selectMechanism(offered, options)?.name).toBe(name)
  })

  test('selectMechanism: begins with the credentials that it was given', async () => {
    const credentials = { username: 'u', password: 'p', authorizationId: 'a' }
    const firsts = await Promise.all(
      ['PLAIN', 'SCRAM-SHA-256'].map((name) => selectMechanism([name], { credentials, random })!.start()),
    )
    expect(firsts.map((first) => decodeUtf8(first!))).toEqual(['a\0u\0p', 'n,a=a,n=u,r=AAAAAAAAAAAAAAAAAAAAAAAA'])
  })

  test('selectMechanism: passes the bound of the work on', async () => {
    const mechanism = selectMechanism(['SCRAM-SHA-256'], { ...options, maxIterations: 4096 })!
    const challenge = encodeUtf8('r=AAAAAAAAAAAAAAAAAAAAAAAAx,s=AAAA,i=4097')
    await expect(mechanism.next(challenge)).rejects.toMatchObject({ code: 'SASL_BAD_CHALLENGE' })
  })

  test.each(['PLAIN', 'SCRAM-SHA-256'])('selectMechanism: refuses bad credentials for %s', (name) => {
    const begin = (): unknown => selectMechanism([name], { credentials: { username: 'u', password: '\0' }, random })
    expect(begin).toThrow(expect.objectContaining({ name: 'MailError', code: 'SASL_BAD_CREDENTIALS' }))
  })
})
