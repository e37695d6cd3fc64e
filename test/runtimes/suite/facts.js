/** What runtimes differ in, as far as it concerns mail. Nothing here fails: the answers go into docs/runtimes.md. */

const works = async (attempt) => {
  try {
    return Boolean(await attempt())
  } catch {
    return false
  }
}

const FACTS = {
  '`TextDecoder` knows windows-1252': () => new TextDecoder('windows-1252').decode(Uint8Array.of(128)) === '€',
  'WebCrypto has Ed25519': () => crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']),
  'WebCrypto has MD5': () => crypto.subtle.digest('MD5', new Uint8Array(1)),
  'a global `WebSocket`': () => typeof WebSocket === 'function',
  '`Uint8Array` reads and writes Base64': () => Uint8Array.fromBase64('AA==').toBase64() === 'AA==',
  '`Promise.withResolvers`': () => Promise.withResolvers(),
  '`ReadableStream` can be iterated': () => Symbol.asyncIterator in ReadableStream.prototype,
  '`ReadableStream.from`': () => typeof ReadableStream.from === 'function',
  'code from text (`new Function`)': () => new Function('return true')(),
  'globals `process` and `Buffer`': () => typeof process === 'object' && typeof Buffer === 'function',
}

/** @returns {Promise<Record<string, boolean>>} What holds here. */
export async function facts() {
  const found = {}
  for (const [fact, attempt] of Object.entries(FACTS)) found[fact] = await works(attempt)
  return found
}
