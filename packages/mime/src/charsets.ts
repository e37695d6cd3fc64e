export type { CharsetSource } from './text/charset-decoder.ts'
export type { ChunkDecoder } from './text/chunk-decoder.ts'
export { legacyCharsets } from './text/legacy-charsets.ts'
