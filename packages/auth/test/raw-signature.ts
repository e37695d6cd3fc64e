/** Signatures as no signer of ours makes them: with `l=`, over several From fields, for domains and selectors that are none. */
import { encodeBase64, encodeUtf8 } from '@posthorn/core'
import { canonicalizeField, type DkimKey } from '@posthorn/dkim'
import { splitMessage } from '@posthorn/mime'

const sha256 = async (octets: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', octets as Uint8Array<ArrayBuffer>))

/** How a message is signed. */
export interface RawSignature {
  readonly key: DkimKey
  readonly domain: string
  readonly selector: string
  /** Further tags, each with its semicolon. */
  readonly tags?: string
}

/** Signs all From fields and the whole body of a message, and puts the signature before it. */
export async function signRaw(text: string, { key, domain, selector, tags = '' }: RawSignature): Promise<string> {
  const { fields, body } = splitMessage(encodeUtf8(text))
  const own = fields.filter(({ name }) => name.toLowerCase() === 'from').reverse()
  const hash = encodeBase64(await sha256(body))
  const names = own.map(() => 'from').join(':')
  const value = `v=1; a=ed25519-sha256; c=relaxed/relaxed; d=${domain}; s=${selector}; h=${names}; ${tags}bh=${hash}; b=`
  const lines = own.flatMap(({ bytes }) => [...canonicalizeField(bytes, 'relaxed'), 13, 10])
  const digest = await sha256(new Uint8Array([...lines, ...encodeUtf8(`dkim-signature:${value}`)]))
  const signature = await crypto.subtle.sign('Ed25519', key as never, digest as Uint8Array<ArrayBuffer>)
  return `DKIM-Signature: ${value}${encodeBase64(new Uint8Array(signature))}\r\n${text}`
}
