export {
  type Address,
  type AddressInput,
  type FormatAddressOptions,
  formatAddress,
  parseAddress,
} from './address/address.ts'
export { type ReadAddressListOptions, readAddressList } from './address/address-list.ts'
export type { AddressEntry, AddressListReading, GroupEntry, MailboxEntry, TextEntry } from './address/entry.ts'
export { envelopeAddress } from './address/envelope-address.ts'
export { type AddressGroup, type FormatAddressListOptions, formatAddressList } from './address/group.ts'
export { toAsciiDomain, toUnicodeDomain } from './address/idn.ts'
export { parseAddressList } from './address/parse-list.ts'
export { type ComposeContext, type ComposedMessage, compose } from './compose/compose.ts'
export type { Attachment, HeaderInput, MessageInput } from './compose/message.ts'
export type { ComposedEnvelope } from './compose/people.ts'
export type { MimeErrorCode } from './error.ts'
export { type FormatDateOptions, formatDate } from './header/date.ts'
export { formatAddressField, formatParameterField, formatTextField, type ParameterizedValue } from './header/field.ts'
export { foldField } from './header/fold.ts'
export { type RawField, type SplitMessage, type SplitMessageOptions, splitMessage } from './header/header.ts'
export {
  type ListIdReading,
  type ListUrl,
  type ListUrlsReading,
  oneClickUrl,
  type ReadListUrlsOptions,
  readListId,
  readListUrls,
  readPhrases,
} from './header/list-header.ts'
export {
  type MessageIdsReading,
  type ReadMessageIdsOptions,
  readMessageIds,
} from './header/message-id-list.ts'
export { type ReadReceivedOptions, type ReceivedHost, type ReceivedReading, readReceived } from './header/received.ts'
export type { Defect, DefectCode } from './syntax/defect.ts'
export { decodeWords, type EncodeWordsOptions, encodeWords } from './text/encoded-word.ts'
export { formatParameter, type Parameter } from './type/parameter.ts'
