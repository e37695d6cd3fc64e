/** What a message may say of those who passed it on: pieces of chains, and the check over them. */
import { decodeLatin1, MailError } from '@posthorn/core'
import { readSigned } from '@posthorn/dkim'
import {
  formatArcAuthenticationResults,
  formatArcMessageSignature,
  formatArcSeal,
  parseArcAuthenticationResults,
  parseArcMessageSignature,
  parseArcSeal,
  validateArc,
} from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'

const SIGNER = 'a=ed25519-sha256; d=a.example; s=s; b=AAAA'

export const CHAIN = [
  ...['ARC-Seal:', 'ARC-Message-Signature:', 'ARC-Authentication-Results:', 'arc-seal :', 'From: a@a.example\r\n'],
  ...[1, 2, 51].flatMap((instance) => [
    `ARC-Seal: i=${instance}; cv=${instance === 1 ? 'none' : 'pass'}; ${SIGNER}\r\n`,
    `ARC-Message-Signature: i=${instance}; h=from; bh=AAAA; ${SIGNER}\r\n`,
    `ARC-Authentication-Results: i=${instance}; mx.example; spf=pass\r\n`,
  ]),
  ...[' i=1;', ' i=2', ' cv=fail;', ' h=from::to;', ' c=simple/relaxed;', ' l=3;', ' t=1;', ` ${SIGNER};`, ' bh=AAAA;'],
  ...[
    ' (a',
    ')',
    '\\',
    '"',
    ' mx.example 1;',
    ' none',
    ';',
    '=',
    '\r\n',
    '\r\n ',
    '\r\n\r\n',
    '\0',
    '\xe9',
    ' q=dns/txt;',
  ],
]

const CODECS = [
  ['ARC-Seal', parseArcSeal, formatArcSeal],
  ['ARC-Message-Signature', parseArcMessageSignature, formatArcMessageSignature],
  ['ARC-Authentication-Results', parseArcAuthenticationResults, formatArcAuthenticationResults],
]

function again(text, [name, parse, format]) {
  try {
    const value = parse(`${name}:${text}`)
    const first = JSON.stringify(value)
    const second = JSON.stringify(parse(format(value)))
    if (first !== second) throw new Error(`${first} is then ${second}`)
    return first
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

const resolver = new MemoryZone().add(
  's._domainkey.a.example',
  'TXT',
  'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
)

async function chain(parts) {
  async function* source() {
    yield* parts
  }
  const text = decodeLatin1(Buffer.concat(parts))
  const told = CODECS.map((codec) => again(text, codec))
  try {
    const verdict = await validateArc(await readSigned(source()), { resolver, now: 1e6 })
    if (verdict.result === 'pass') throw new Error(`passes: ${JSON.stringify(verdict)}`)
    return [...told, JSON.stringify(verdict)]
  } catch (error) {
    if (error instanceof MailError) return [...told, error.code]
    throw error
  }
}

/** By name, as in targets.js. */
export const CHAIN_TARGETS = {
  'chain of ARC': { run: chain, kind: 'chain', splits: true },
}
