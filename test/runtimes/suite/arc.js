/** Chains of ARC on the runtime's own WebCrypto: sets that are added one after another, and what breaks them. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { importDkimKey } from '@posthorn/dkim'
import { sealArc, validateArc } from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'
import { check, equal } from './check.js'
import { DOMAIN, ED25519_PEM, RECORDS, RSA_PEM } from './keys.js'

const NOW = 1_528_637_909_000
const MESSAGE = encodeUtf8('From: joe@football.example.com\r\nSubject: Is dinner ready?\r\n\r\nHi.\r\n')
// What the second seal of these keys and this time is, in every runtime.
const SECOND_SEAL =
  'YeAIVZ0jWEcf2ZSTiCS9oFnwhZaKgpCurWjP3RZDKYG0TnGZ5QNsQXxFDH5MikDEAXPIL0EaY7yGgN7Rp0RcH3Qa3Y1JpyahMXZXKVEAQflNxvY2oImqZIL6mVuKzT71bHwwYZP+d62vGs0pATX5Vk5EZ4awezcYil7ho/6CpJs='

function zone() {
  const made = new MemoryZone()
  for (const [selector, record] of Object.entries(RECORDS)) made.add(`${selector}._domainkey.${DOMAIN}`, 'TXT', record)
  return made
}

const validate = (message) => validateArc(message, { resolver: zone(), now: NOW })

async function seal(message, selector, pem) {
  const fields = await sealArc(message, {
    validation: await validate(message),
    authenticationResults: `${DOMAIN}; spf=pass`,
    domain: DOMAIN,
    selector,
    key: await importDkimKey(pem),
    now: NOW,
  })
  return fields ? concatBytes([fields, message]) : undefined
}

const twice = async () => seal(await seal(MESSAGE, 'brisbane', ED25519_PEM), 'test', RSA_PEM)

const tell = async (text) => {
  const { result, reason, instance, field, oldestPass } = await validate(encodeUtf8(text))
  return result === 'pass' ? [result, oldestPass] : [result, reason, instance, field]
}

export const arc = [
  check('arc: sets are added by both algorithms, and the chain passes', async () => {
    equal((await validate(MESSAGE)).result, 'none')
    const text = decodeUtf8(await twice())
    equal(await tell(text), ['pass', 0])
    equal(/ b=([^;]*);/.exec(text)[1].replaceAll(/\s/g, ''), SECOND_SEAL)
  }),
  check('arc: what was changed is found out, and where', async () => {
    const text = decodeUtf8(await twice())
    equal(await tell(text.replace('Hi.', 'Ho.')), ['fail', 'body-hash-mismatch', 2, 'signature'])
    equal(await tell(text.replace('i=1; football', 'i=1; baseball')), ['fail', 'signature-mismatch', 2, 'seal'])
    equal(await tell(text.replace('cv=none', 'cv=pass')), ['fail', 'bad-chain-status', 1, 'seal'])
  }),
  check('arc: a chain that failed is told once', async () => {
    const broken = encodeUtf8(decodeUtf8(await twice()).replace('Hi.', 'Ho.'))
    const told = await seal(broken, 'test', RSA_PEM)
    equal(await tell(decodeUtf8(told)), ['fail', 'chain-failed', 3, 'seal'])
    equal(await seal(told, 'test', RSA_PEM), undefined)
  }),
]
