/** The indicator inside a certificate: RFC 9399 sections 3 and 4.1, embedded by a data URL (RFC 2397) and compressed. */

import { decodeBase64, encodeHex, equalBytes, MailError } from '@posthorn/core'
import { gunzip, isGzip } from '../bimi/gzip.ts'
import { type Asn1Value, identifierOf, TAG, textOf } from './asn1.ts'

/** A digest of an indicator. */
export interface LogotypeHash {
  /** The algorithm, as an object identifier: `2.16.840.1.101.3.4.2.1` for SHA-256. */
  readonly algorithm: string
  /** The digest in base 16. */
  readonly value: string
}

/** An indicator as a certificate tells of it. */
export interface MarkLogotype {
  /** Its media type, as `image/svg+xml`. */
  readonly mediaType: string
  /** Where it is: a data URL that holds it. */
  readonly url: string
  /** Its digests. */
  readonly hashes: readonly LogotypeHash[]
}

/** Why an indicator cannot be taken out of its certificate. */
export type LogotypeProblem = 'logotype-hash' | 'logotype-malformed' | 'logotype-media-type' | 'logotype-too-large'

// SHA-1 is what many were issued with; the certificate's own signature is what vouches for the indicator.
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])
const MEDIA_TYPE = /^image\/svg\+xml(?:\+gzip)?$/i
const DATA_URL = /^data:image\/svg\+xml(?:\+gzip)?;base64$/i
const MAX_OCTETS = 32_768
const SUBJECT_LOGO = 162
const DIRECT = 160
const CR = 13
const LF = 10

/**
 * Reads the extension: the one image that it has of the subject.
 *
 * @internal
 * @returns The image; nothing where there is none, or several, or it is in another document.
 */
export function readLogotype({ values }: Asn1Value): MarkLogotype | undefined {
  // LogotypeExtn = SEQUENCE { [2] subjectLogo { [0] direct LogotypeData { image SEQUENCE OF LogotypeImage, audio } } }
  const direct = values.find(({ tag }) => tag === SUBJECT_LOGO)?.values.find(({ tag }) => tag === DIRECT)
  const [image, second] = direct?.values[0]?.values ?? []
  // LogotypeImage = SEQUENCE { LogotypeDetails { mediaType, logotypeHash, logotypeURI }, imageInfo }
  const [mediaType, hashes, urls] = image?.values[0]?.values ?? []
  const [url, other] = urls?.values ?? []
  if (second || other || mediaType?.tag !== TAG.ia5String || url?.tag !== TAG.ia5String) return undefined
  return { mediaType: textOf(mediaType), url: textOf(url), hashes: (hashes?.values ?? []).flatMap(hashOf) }
}

// HashAlgAndValue = SEQUENCE { AlgorithmIdentifier, OCTET STRING }
function hashOf({ values: [algorithm, digest] }: Asn1Value): readonly LogotypeHash[] {
  const type = algorithm?.values[0]
  if (type?.tag !== TAG.objectIdentifier || digest?.tag !== TAG.octetString) return []
  return [{ algorithm: identifierOf(type), value: encodeHex(digest.content) }]
}

/**
 * Takes the indicator out, decompresses it and compares its digests.
 *
 * @internal
 */
export async function openLogotype({ mediaType, url, hashes }: MarkLogotype): Promise<Uint8Array | LogotypeProblem> {
  const comma = url.indexOf(',')
  if (!MEDIA_TYPE.test(mediaType) || !DATA_URL.test(url.slice(0, comma))) return 'logotype-media-type'
  const packed = decode(url.slice(comma + 1))
  // RFC 6170 section 5.2: an embedded SVG MUST be compressed.
  if (!packed || !isGzip(packed)) return 'logotype-malformed'
  const indicator = await gunzip(packed, MAX_OCTETS)
  if (typeof indicator === 'string') return `logotype-${indicator}`
  return (await hasDigest(indicator, hashes)) ? indicator : 'logotype-hash'
}

function decode(base64: string): Uint8Array | undefined {
  try {
    return decodeBase64(base64)
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return undefined
  }
}

// Every digest that can be computed must fit, and one must be there.
async function hasDigest(indicator: Uint8Array, hashes: readonly LogotypeHash[]): Promise<boolean> {
  const known = hashes.filter(({ algorithm }) => ALGORITHMS.has(algorithm)).slice(0, ALGORITHMS.size)
  const fits = await Promise.all(
    known.map(async ({ algorithm, value }) => {
      // RFC 6170 section 5.2 takes the digest with lines that end in LF; issuers took it as it stands.
      for (const content of [indicator, unifyLines(indicator)]) {
        if (encodeHex(new Uint8Array(await crypto.subtle.digest(ALGORITHMS.get(algorithm)!, content))) === value) {
          return true
        }
      }
      return false
    }),
  )
  return fits.length > 0 && !fits.includes(false)
}

/**
 * Tells whether two indicators are the same but for the ends of their lines.
 *
 * @internal
 */
export function isSameIndicator(one: Uint8Array, other: Uint8Array): boolean {
  return equalBytes(unifyLines(one), unifyLines(other))
}

function unifyLines(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at]!
    if (octet === CR && bytes[at + 1] === LF) continue
    out[length++] = octet === CR ? LF : octet
  }
  return out.subarray(0, length)
}
