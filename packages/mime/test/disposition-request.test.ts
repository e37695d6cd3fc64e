import { describe, expect, test } from 'vitest'
import { type DispositionRequestOptions, dispositionRequest, parseMessage } from '../src/index.ts'

const ASK = 'Disposition-Notification-To: Ada <ada@x.example>\r\n'
const PATH = 'Return-Path: <ada@x.example>\r\n'
const ask = (header: string, options: DispositionRequestOptions = {}) =>
  dispositionRequest(parseMessage(`${header}Subject: Hi\r\n\r\nHello`), options)

test('dispositionRequest: none is asked for [rfc8098 2.1]', () => {
  expect(ask(PATH)).toBeUndefined()
})

describe('dispositionRequest', () => {
  const two = 'Disposition-Notification-To: ada@x.example, bea@x.example\r\n'
  const report = 'Content-Type: message/disposition-notification\r\n'
  const option = 'Disposition-Notification-Options: Signed-Receipt=required,pkcs7; x=optional,a\r\n'
  test.each<[string, string, string, string[]]>([
    ['the address is the reverse-path', PATH + ASK, 'allowed', []],
    ['the domain in other case', PATH.replace('x.example', 'X.Example') + ASK, 'allowed', []],
    ['the local part in quotes', PATH.replace('ada', '"ada"') + ASK, 'allowed', []],
    ['the local part in other case', PATH.replace('ada', 'Ada') + ASK, 'consent', ['other-return-path']],
    ['another reverse-path', PATH.replace('ada', 'bounce') + ASK, 'consent', ['other-return-path']],
    ['no reverse-path', ASK, 'consent', ['no-return-path']],
    ['two of them', PATH + PATH + ASK, 'consent', ['several-return-paths']],
    ['the null reverse-path', `Return-Path: <>\r\n${ASK}`, 'none', ['null-return-path']],
    ['two addresses', PATH + two, 'consent', ['several-addresses', 'other-return-path']],
    ['one address twice', PATH + two.replace('bea@x', 'ada@X'), 'allowed', []],
    ['two requests', PATH + ASK + ASK, 'consent', ['several-requests']],
    ['no address', `${PATH}Disposition-Notification-To: yes\r\n`, 'none', ['no-address']],
    ['a report', PATH + ASK + report, 'none', ['is-report']],
    ['a newsgroup', `${PATH}${ASK}Newsgroups: comp.mail\r\n`, 'none', ['newsgroup']],
    ['an option that is required', PATH + ASK + option, 'none', ['unknown-option']],
    ['an option that is not', PATH + ASK + option.replace('required', 'OPTIONAL'), 'allowed', []],
    ['no person sent it', `${PATH}${ASK}Auto-Submitted: auto-generated\r\n`, 'consent', ['auto-submitted']],
    ['a person sent it', `${PATH}${ASK}Auto-Submitted: No\r\n`, 'allowed', []],
  ])('dispositionRequest: %s [rfc8098 2.1, 2.2]', (_name, header, decision, reasons) => {
    const request = ask(header)
    expect(request).toMatchObject({ decision, reasons })
  })

  test('dispositionRequest: an option that is known [rfc8098 2.2]', () => {
    const request = ask(PATH + ASK + option, { knownOptions: ['signed-receipt'] })
    expect(request?.decision).toBe('allowed')
    expect(request?.options).toEqual([
      { name: 'signed-receipt', isRequired: true, values: ['pkcs7'] },
      { name: 'x', isRequired: false, values: ['a'] },
    ])
  })

  test('dispositionRequest: options that are none [rfc8098 2.2]', () => {
    const odd = 'Disposition-Notification-Options: ;a;b=;c=sometimes,"x ; y" , z;=required,x\r\n'
    expect(ask(PATH + ASK + odd, { knownOptions: ['c'] })?.options).toEqual([
      { name: 'c', isRequired: true, values: ['x ; y', 'z'] },
    ])
  })

  test('dispositionRequest: the reverse-path of the envelope counts before the field', () => {
    expect(ask(ASK, { returnPath: 'ada@x.example' })?.decision).toBe('allowed')
    expect(ask(PATH + ASK, { returnPath: '' })?.reasons).toEqual(['null-return-path'])
    expect(ask(PATH + ASK, { returnPath: 'bounce@x.example' })?.reasons).toEqual(['other-return-path'])
  })

  test('dispositionRequest: addresses of a group, with their names', () => {
    const request = ask(`${PATH}Disposition-Notification-To: g: Ada <ada@x.example>;\r\n`)
    expect(request?.addresses).toMatchObject([{ name: 'Ada', address: 'ada@x.example' }])
  })
})
