/** Signatures with `l=`, which no signer of ours makes. */
import { encodeBase64, encodeUtf8 } from '@posthorn/core'
import { canonicalizeField, type DkimKey } from '@posthorn/dkim'
import { splitMessage } from '@posthorn/mime'

const sha256 = async (octets: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', octets as Uint8Array<ArrayBuffer>))

/** Signs From and the whole body of a message for a.example by the selector s, and then puts something behind it. */
export async function partlySigned(text: string, key: DkimKey, added: string): Promise<Uint8Array> {
  const { fields, body } = splitMessage(encodeUtf8(text))
  const hash = encodeBase64(await sha256(body))
  const tags = `v=1; a=ed25519-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; l=${body.length}; bh=${hash}; b=`
  const from = fields.find(({ name }) => name === 'From')!
  const data = [...canonicalizeField(from.bytes, 'relaxed'), 13, 10, ...encodeUtf8(`dkim-signature:${tags}`)]
  const digest = await sha256(new Uint8Array(data))
  const value = await crypto.subtle.sign('Ed25519', key as never, digest as Uint8Array<ArrayBuffer>)
  return encodeUtf8(`DKIM-Signature: ${tags}${encodeBase64(new Uint8Array(value))}\r\n${text}${added}`)
}
