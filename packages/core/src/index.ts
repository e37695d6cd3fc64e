export { encodeAddressXtext } from './address-xtext.ts'
export type { Anomaly, DecodedBody } from './anomaly.ts'
export { type AttemptLimits, attempt } from './attempt.ts'
export { type Base64Options, decodeBase64, decodeBase64Url } from './base64-decode.ts'
export { type Base64Anomaly, Base64Decoder, decodeBase64Body } from './base64-decoder.ts'
export { base64LinesLength, encodeBase64, encodeBase64Lines, encodeBase64Url } from './base64-encode.ts'
export { Base64LineEncoder, type Base64LineEncoderOptions } from './base64-line-encoder.ts'
export { trimBlankEnd, trimBlanks } from './blanks.ts'
export {
  concatBytes,
  decodeLatin1,
  decodeUtf8,
  encodeLatin1,
  encodeUtf8,
  equalBytes,
  isUtf8,
  joinBytes,
  plainBytes,
} from './bytes.ts'
export { type DerElement, readDer } from './der.ts'
export { type DomainOptions, isDomain } from './domain.ts'
export { clip, MailError, type MailErrorOptions } from './error.ts'
export {
  formatIpAddress,
  type IpNetwork,
  isInNetwork,
  isIpLiteral,
  parseIpAddress,
  unmapIpAddress,
} from './ip-address.ts'
export { ipLimitKey, parseIpNetwork } from './ip-network.ts'
export { type Known, known } from './known.ts'
export { type Line, LineBuffer } from './line.ts'
export type { QuotedPrintableAnomaly } from './quoted-printable-anomaly.ts'
export {
  decodeQuotedPrintable,
  decodeQuotedPrintableBody,
  QuotedPrintableDecoder,
  type QuotedPrintableDecoderOptions,
} from './quoted-printable-decoder.ts'
export {
  encodeQuotedPrintable,
  QuotedPrintableEncoder,
  type QuotedPrintableOptions,
  quotedPrintableLength,
} from './quoted-printable-encode.ts'
export { pooledRandom, type RandomOctets } from './random.ts'
export { type ChunkSource, chunksOf, isBlob } from './stream.ts'
export { splitTags, type TagPart } from './tag-list.ts'
export { ATEXT, encodeHex, findControl, hexOctet, isAscii } from './text.ts'
export { untilAborted } from './until-aborted.ts'
