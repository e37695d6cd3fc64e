import type { Resolver } from '@posthorn/dns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import {
  DkimBodyHasher,
  DkimKeyCache,
  type DkimSigner,
  parseDkimSignature,
  readSigned,
  signDkim,
  signDkimHeader,
  type VerifyDkimOptions,
  verifyDkim,
} from '../src/index.ts'
import { DOMAIN, hashBody, join, MESSAGE, octets, SIGNED_AT, SIGNED_MESSAGE, textOf, zoneOfExample } from './example.ts'
import { ALGORITHMS, keys, records, signed, tell, withRecord } from './verdicts.ts'

const options: VerifyDkimOptions = { resolver: zoneOfExample(), now: SIGNED_AT }
const whole = octets(SIGNED_MESSAGE)
const header = SIGNED_MESSAGE.slice(0, SIGNED_MESSAGE.indexOf('\r\n\r\n') + 4)
const signing = { domain: DOMAIN, selector: 'brisbane', key: keys['ed25519-sha256'] }

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function streamOf(chunks: Iterable<Uint8Array>, whenLetGo: () => void = () => undefined): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        whenLetGo()
      },
    },
    { highWaterMark: 0 },
  )
}

describe('verifyDkim: a message that comes in chunks', () => {
  test.each([1, 2, 3, 7, 64, 10_000])('of %i octets gives what the whole gives', async (size) => {
    const expected = await verifyDkim(whole, options)
    expect(await verifyDkim(cut(whole, size), options)).toEqual(expected)
    expect(await verifyDkim(streamOf(cut(whole, size)), options)).toEqual(expected)
    expect(await verifyDkim(new Blob([whole as Uint8Array<ArrayBuffer>]), options)).toEqual(expected)
  })

  test('any split of any body gives the verdict of the whole', async () => {
    const piece = fc.constantFrom('\r\n', ' ', 'a', '\r', '\n', '\t', '\r\n\r\n')
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.integer({ min: 1, max: 500 }), async (pieces, size) => {
        const message = octets(header + pieces.join(''))
        expect(await verifyDkim(cut(message, size), options)).toEqual(await verifyDkim(message, options))
      }),
      { numRuns: 60 },
    )
  })

  test('the keys are asked for before the body has come', async () => {
    const asked: string[] = []
    const resolver: Resolver = {
      resolve: (name, type) => {
        asked.push(name)
        return zoneOfExample().resolve(name, type)
      },
    }
    async function* slow() {
      yield octets(header)
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
      expect(asked.length).toBe(2)
      yield whole.subarray(header.length)
    }
    const verdicts = await verifyDkim(slow(), { ...options, resolver })
    expect(verdicts.map(({ result }) => result)).toEqual(['pass', 'pass'])
  })

  test('without a signature the body is not read, and the source is let go of', async () => {
    let letGo = false
    let read = 0
    function* source() {
      for (const chunk of cut(octets(`${MESSAGE}${'x'.repeat(10_000)}`), 1000)) {
        read++
        yield chunk
      }
    }
    const stream = streamOf(source(), () => {
      letGo = true
    })
    expect(await verifyDkim(stream, options)).toEqual([])
    expect(letGo).toBe(true)
    expect(read).toBeLessThan(3)
  })

  test('what a source throws is thrown on', async () => {
    async function* broken() {
      yield octets(header)
      throw new RangeError('cut off')
    }
    await expect(verifyDkim(broken(), options)).rejects.toThrow('cut off')
  })

  test('a signal ends the reading, and lets go of the source', async () => {
    const controller = new AbortController()
    let letGo = false
    async function* endless() {
      try {
        yield octets(header)
        for (;;) {
          yield octets('x\r\n')
          controller.abort(new Error('enough'))
        }
      } finally {
        letGo = true
      }
    }
    await expect(verifyDkim(endless(), { ...options, signal: controller.signal })).rejects.toThrow('enough')
    expect(letGo).toBe(true)
  })

  test('a header without end is read no further than its limit', async () => {
    let read = 0
    function* endless() {
      for (;;) {
        read += 1000
        yield octets(`X: ${'x'.repeat(995)}\r\n`)
      }
    }
    expect(await verifyDkim(endless(), { ...options, maxHeaderLength: 50_000 })).toMatchObject([
      { reason: 'bad-message' },
    ])
    expect(read).toBeLessThan(53_000)
  })
})

describe('readSigned', () => {
  test('a message opened once is verified as it would be by itself', async () => {
    const message = await readSigned(cut(whole, 10))
    expect(message.fields.slice(0, 3).map(({ name }) => name)).toEqual(['DKIM-Signature', 'DKIM-Signature', 'From'])
    expect(await verifyDkim(message, options)).toEqual(await verifyDkim(whole, options))
  })

  test('a signature beyond its limit has no hash', async () => {
    const message = await readSigned(octets(SIGNED_MESSAGE.replace('relaxed/relaxed', 'relaxed/simple')), {
      maxSignatures: 1,
    })
    const verdicts = await verifyDkim(message, options)
    expect(verdicts.map(({ reason }) => reason)).toEqual(['body-hash-mismatch', 'too-many-signatures'])
  })

  test('hashes what a seal of ARC asks for too [rfc8617 4.1.2]', async () => {
    const message = await readSigned(octets('ARC-Message-Signature: i=1; c=relaxed/simple; bh=\r\n\r\na \r\n'))
    const kind = { canonicalization: 'simple' } as const
    expect(await message.hashOf(kind)).toEqual(await hashBody(octets('a \r\n'), 'simple'))
    expect(await message.hashOf({ canonicalization: 'relaxed' })).toBeUndefined()
  })

  test.each([
    ['no field', 'no field\r\n\r\n', 'MIME_BAD_FIELD'],
    ['too long a header', 'X: y\r\n'.repeat(10), 'MIME_HEADER_TOO_LONG'],
  ])('refuses %s', async (_, text, code) => {
    expect(await rejectionOf(() => readSigned(octets(text), { maxHeaderLength: 30 }))).toBe(code)
  })
})

describe('DkimKeyCache', () => {
  test('a key is loaded once, however many messages it signs', async () => {
    const keyCache = new DkimKeyCache()
    for (let turn = 0; turn < 3; turn++) expect(await tell(SIGNED_MESSAGE, { keyCache })).toEqual(['pass', 'pass'])
    expect(keyCache.size).toBe(2)
  })

  test('the one not used for longest gives way', async () => {
    const keyCache = new DkimKeyCache({ maxKeys: 1 })
    expect(await tell(SIGNED_MESSAGE, { keyCache })).toEqual(['pass', 'pass'])
    expect(keyCache.size).toBe(1)
  })
})

describe('signDkim: a message that comes in chunks', () => {
  test.each([1, 5, 1000])('of %i octets gives what the whole gives', async (size) => {
    expect(await signDkim(cut(octets(MESSAGE), size), signing)).toEqual(await signDkim(octets(MESSAGE), signing))
  })

  test.each(['a\rb', 'a\nb', '\n', 'a\r', 'a\r\r\n', '\r\n\n'])(
    'refuses the body %j, wherever it is cut',
    async (body) => {
      for (const size of [1, 2, 1000]) {
        const source = cut(octets(`From: a@b.example\r\n\r\n${body}`), size)
        expect(await rejectionOf(() => signDkim(source, signing))).toBe('DKIM_BAD_MESSAGE')
      }
    },
  )

  test('several sign in one pass, in their order', async () => {
    let passes = 0
    function* once() {
      passes++
      yield octets(MESSAGE)
    }
    const rsa = { ...signing, selector: 'test', key: keys['rsa-sha256'], canonicalization: 'simple/simple' } as const
    const fields = await signDkim(once(), [signing, rsa])
    expect(passes).toBe(1)
    expect(await tell(textOf(fields) + MESSAGE)).toEqual(['pass', 'pass'])
    expect(fields).toEqual(join(await signDkim(octets(MESSAGE), signing), await signDkim(octets(MESSAGE), rsa)))
  })

  test('what a source throws is thrown on', async () => {
    async function* broken() {
      yield octets(MESSAGE)
      throw new RangeError('cut off')
    }
    await expect(signDkim(broken(), signing)).rejects.toThrow('cut off')
  })
})

describe('signDkimHeader, DkimBodyHasher', () => {
  const split = MESSAGE.indexOf('\r\n\r\n') + 2
  const top = MESSAGE.slice(0, split)
  const body = MESSAGE.slice(split + 2)

  test('a body hashed while it was written needs to be read no more [rfc6376 3.7]', async () => {
    const hasher = new DkimBodyHasher({ canonicalizations: ['relaxed', 'simple'] })
    for (const chunk of cut(octets(body), 7)) hasher.push(chunk)
    const hashes = await hasher.end()
    expect(Object.keys(hashes)).toEqual(['relaxed', 'simple'])
    for (const canonicalization of ['relaxed/relaxed', 'simple/simple'] as const) {
      const field = await signDkimHeader(octets(top), hashes, { ...signing, canonicalization })
      expect(field).toEqual(await signDkim(octets(MESSAGE), { ...signing, canonicalization }))
    }
  })

  test('the first bare CR or LF is told, in every form and however the body is split [rfc6376 5.3]', async () => {
    const piece = fc.constantFrom('\r\n', ' ', 'a', '\r', '\n', '\t', 'bc \r\n')
    const told = async (text: string, size: number, form: 'simple' | 'relaxed'): Promise<string | undefined> => {
      const hasher = new DkimBodyHasher({ canonicalizations: [form] })
      try {
        for (const chunk of cut(octets(text), size)) hasher.push(chunk)
        await hasher.end()
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.integer({ min: 1, max: 9 }), async (pieces, size) => {
        const text = pieces.join('')
        const bare = /\r(?!\n)|(?<!\r)\n/.exec(text)?.index
        const expected = bare === undefined ? undefined : expect.stringContaining(` at ${bare} `)
        expect(await told(text, size, 'relaxed')).toEqual(expected)
        expect(await told(text, size, 'simple')).toEqual(expected)
      }),
    )
  })

  test('refuses a form that was not hashed, and a bare LF', async () => {
    const hashes = await new DkimBodyHasher({ canonicalizations: ['simple'] }).end()
    expect(await rejectionOf(() => signDkimHeader(octets(top), hashes, signing))).toBe('DKIM_BAD_MESSAGE')
    expect(await rejectionOf(() => signDkimHeader(octets('From: a@b.example\n'), { relaxed: '' }, signing))).toBe(
      'DKIM_BAD_MESSAGE',
    )
  })
})

describe('signDkim: a signer that keeps the key', () => {
  const signer = (algorithm: (typeof ALGORITHMS)[number]): DkimSigner => ({
    algorithm,
    sign: async ({ data, digest }) => {
      const key = keys[algorithm] as never
      const input = algorithm === 'rsa-sha256' ? data : digest
      return new Uint8Array(
        await crypto.subtle.sign(keys[algorithm].algorithm.name, key, input as Uint8Array<ArrayBuffer>),
      )
    },
  })

  test.each(ALGORITHMS)('%s: signs as the key does [rfc8463 3]', async (algorithm) => {
    const message = await signed(MESSAGE, { key: signer(algorithm) })
    expect(message).toBe(await signed(MESSAGE, { key: keys[algorithm] }))
    expect(await tell(message, { resolver: withRecord(records[algorithm]) })).toEqual(['pass'])
  })

  test.each<[string, Partial<DkimSigner>]>([
    ['gives too little', { sign: async () => new Uint8Array(63) }],
    ['is for an unknown algorithm', { algorithm: 'rsa-sha1' as never }],
  ])('refuses one that %s', async (_, change) => {
    const key = { ...signer('ed25519-sha256'), ...change }
    expect(await rejectionOf(() => signDkim(octets(MESSAGE), { ...signing, key }))).toBe('DKIM_BAD_KEY')
  })

  test('refuses one for another algorithm than is asked for', async () => {
    const other = { ...signing, key: signer('rsa-sha256'), algorithm: 'ed25519-sha256' } as const
    expect(await rejectionOf(() => signDkim(octets(MESSAGE), other))).toBe('DKIM_BAD_KEY')
  })

  test('what it throws is thrown on', async () => {
    const key: DkimSigner = { ...signer('rsa-sha256'), sign: () => Promise.reject(new RangeError('no such key')) }
    await expect(signDkim(octets(MESSAGE), { ...signing, key })).rejects.toThrow('no such key')
  })
})

describe('signDkim: z=', () => {
  test('copies fields, and they are read as they were [rfc6376 3.5]', async () => {
    const message = 'From: a@b.example\r\nSubject: a|b;\r\n\tc=d \xe9\r\n\r\n'
    const field = await signDkim(octets(message), { ...signing, copyFields: ['subject', 'FROM', 'x-absent'] })
    const { copiedFields } = parseDkimSignature(textOf(field).trimEnd())
    expect(copiedFields).toEqual(['From: a@b.example', 'Subject: a|b;\r\n\tc=d \xe9'])
    expect(
      textOf(field)
        .split('\r\n')
        .every((line) => line.length <= 78),
    ).toBe(true)
    expect(await tell(textOf(field) + message, { resolver: withRecord(records['ed25519-sha256']) })).toEqual(['pass'])
  })
})
