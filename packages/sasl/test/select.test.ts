import { decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { type ChannelBinding, type SelectMechanismOptions, selectMechanism } from '../src/index.ts'

const random = (length: number): Uint8Array => new Uint8Array(length)
const options = { credentials: { username: 'u', password: 'p' }, random }

describe('selectMechanism', () => {
  test.each([
    { offered: ['PLAIN'], name: 'PLAIN' },
    { offered: ['SCRAM-SHA-256'], name: 'SCRAM-SHA-256' },
    { offered: ['PLAIN', 'SCRAM-SHA-256'], name: 'SCRAM-SHA-256' },
    { offered: ['SCRAM-SHA-256', 'PLAIN'], name: 'SCRAM-SHA-256' },
    { offered: ['LOGIN', 'CRAM-MD5', 'PLAIN', 'XOAUTH2'], name: 'CRAM-MD5' },
    { offered: ['LOGIN', 'PLAIN', 'XOAUTH2'], name: 'PLAIN' },
    { offered: ['LOGIN', 'GSSAPI'], name: 'LOGIN' },
    { offered: ['SCRAM-SHA-1', 'SCRAM-SHA-512', 'SCRAM-SHA-256-PLUS', 'PLAIN'], name: 'SCRAM-SHA-512' },
    { offered: ['SCRAM-SHA-1', 'CRAM-MD5', 'LOGIN'], name: 'SCRAM-SHA-1' },
    { offered: ['GSSAPI', 'NTLM'], name: undefined },
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

  const binding: ChannelBinding = { type: 'tls-exporter', data: new Uint8Array(32) }
  const ALL = [
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'SCRAM-SHA-1',
    'SCRAM-SHA-1-PLUS',
    'SCRAM-SHA-512',
    'XOAUTH2',
    'OAUTHBEARER',
  ]

  test.each<[string, readonly string[], Partial<SelectMechanismOptions>, string | undefined, string?]>([
    [
      'a binding, -PLUS of a weaker hash',
      ALL,
      { channelBinding: binding },
      'SCRAM-SHA-1-PLUS',
      'p=tls-exporter,,n=u,r=',
    ],
    ['a binding, and no -PLUS', ['SCRAM-SHA-256'], { channelBinding: binding }, 'SCRAM-SHA-256', 'y,,n=u,r='],
    [
      'a binding, and -PLUS not allowed',
      ['SCRAM-SHA-1', 'SCRAM-SHA-1-PLUS'],
      { channelBinding: binding, allowed: ['SCRAM-SHA-1'] },
      'SCRAM-SHA-1',
      'n,,n=u,r=',
    ],
    [
      'a binding, and -PLUS of another hash not allowed',
      ['SCRAM-SHA-256', 'SCRAM-SHA-1-PLUS'],
      { channelBinding: binding, allowed: ['SCRAM-SHA-256'] },
      'SCRAM-SHA-256',
      'n,,n=u,r=',
    ],
    [
      'an empty authorization identity, which is none',
      ['CRAM-MD5', 'PLAIN'],
      { credentials: { username: 'u', password: 'p', authorizationId: '' } },
      'CRAM-MD5',
    ],
    ['no binding', ALL, {}, 'SCRAM-SHA-512', 'n,,n=u,r='],
    ['what is allowed', ALL, { allowed: ['LOGIN', 'PLAIN'] }, 'PLAIN', '\0u\0p'],
    ['nothing allowed', ALL, { allowed: [] }, undefined],
    [
      'on behalf of another',
      ['LOGIN', 'CRAM-MD5', 'PLAIN'],
      { credentials: { username: 'u', password: 'p', authorizationId: 'a' } },
      'PLAIN',
      'a\0u\0p',
    ],
    [
      'on behalf of another where nothing has a place for it',
      ['LOGIN', 'CRAM-MD5'],
      { credentials: { username: 'u', password: 'p', authorizationId: 'a' } },
      undefined,
    ],
    [
      'a token',
      ALL,
      { credentials: { username: 'u', token: 't' } },
      'OAUTHBEARER',
      'n,a=u,\u0001auth=Bearer t\u0001\u0001',
    ],
    [
      'a token for the older form',
      ['XOAUTH2', 'PLAIN'],
      { credentials: { username: 'u', token: 't' } },
      'XOAUTH2',
      'user=u\u0001auth=Bearer t\u0001\u0001',
    ],
    ['a token, and passwords offered', ['PLAIN'], { credentials: { username: 'u', token: 't' } }, undefined],
    ['what the server knows', ['EXTERNAL', 'PLAIN'], { credentials: { external: true } }, 'EXTERNAL', ''],
    ['nobody', ['ANONYMOUS', 'PLAIN'], { credentials: { anonymous: 'x' } }, 'ANONYMOUS', 'x'],
  ])('selectMechanism: %s [rfc4422 3.2]', async (_, offered, more, name, first) => {
    const mechanism = selectMechanism(offered, { ...options, ...more })
    expect(mechanism?.name).toBe(name)
    const said = await mechanism?.start()
    if (first !== undefined) expect(decodeUtf8(said!).slice(0, first.length)).toBe(first)
  })
})
