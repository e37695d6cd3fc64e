export type { CharsetSource, ChunkDecoder } from './text/charset-decoder.ts'
export { legacyCharsets } from './text/legacy-charsets.ts'
