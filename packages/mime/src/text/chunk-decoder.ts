/** Decoders that take octets in pieces. */

/** Decodes the next octets; `more` tells whether others will follow, and else what is left over is malformed. */
export type ChunkDecoder = (bytes: Uint8Array, more: boolean) => string
