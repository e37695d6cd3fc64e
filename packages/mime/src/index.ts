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
export { type ComposeContext, compose } from './compose/compose.ts'
export type { ComposedMessage, MessageNeeds, SerializeOptions } from './compose/composed-message.ts'
export type { PartContentInput, StreamedContent } from './compose/content.ts'
export type { AddressHeader, HeaderInput, IdHeader, ParameterHeader, TextHeader } from './compose/headers.ts'
export { type PartInput, part } from './compose/leaf.ts'
export type { ListInput } from './compose/list.ts'
export type { Attachment, CalendarInput, MessageInput, PeopleInput, ResentInput } from './compose/message.ts'
export { entityPart, messagePart } from './compose/message-part.ts'
export { multipart } from './compose/multipart.ts'
export type { Part } from './compose/part.ts'
export type { ComposedEnvelope } from './compose/people.ts'
export type { SerializedMessage } from './compose/serialized.ts'
export type { MimeErrorCode } from './error.ts'
export { type FormatDateOptions, formatDate } from './header/date.ts'
export { formatAddressField, formatParameterField, formatTextField } from './header/field.ts'
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
export { type DateReading, readDate } from './header/read-date.ts'
export { type ReadReceivedOptions, type ReceivedHost, type ReceivedReading, readReceived } from './header/received.ts'
export { readText } from './header/unstructured.ts'
export type { LintFinding } from './lint/finding.ts'
export { type LintOptions, lintMessage } from './lint/lint-message.ts'
export type { LintRule, LintRuleInfo, LintSeverity } from './lint/rule.ts'
export { LINT_RULES } from './lint/rules.ts'
export type { PartContent } from './parse/content.ts'
export type { FieldDefect, ParsedField } from './parse/fields.ts'
export type { AttachedPart } from './parse/flat.ts'
export type { HeaderView } from './parse/header-view.ts'
export type { ParseLimits, ParseOptions } from './parse/limits.ts'
export type { ParsedAttachment, ParsedMessage } from './parse/message.ts'
export { type MessageEvent, MessageParser } from './parse/message-parser.ts'
export type { EntityDefect, PartDefect } from './parse/outline.ts'
export { parseMessage } from './parse/parse-message.ts'
export type { ByteRange, MimePart } from './parse/part.ts'
export { type MessageReading, type MessageSource, readMessage, type StreamedPart } from './parse/read-message.ts'
export type { StructureDefect } from './parse/structure.ts'
export type { ReportInput } from './report/build-report.ts'
export type { ReportDefect, ReportDefectCode } from './report/defect.ts'
export { type DeliveryReportInput, deliveryReport } from './report/delivery-report.ts'
export type {
  DeliveryAction,
  DeliveryStatus,
  DeliveryStatusInput,
  DeliveryStatusReading,
  LocalizedDiagnostic,
  RecipientStatus,
  RecipientStatusInput,
} from './report/delivery-status.ts'
export { type Diagnostic, type DiagnosticReply, smtpDiagnostic } from './report/diagnostic.ts'
export type {
  DispositionNotification,
  DispositionNotificationInput,
  DispositionNotificationReading,
  MessageDisposition,
} from './report/disposition-notification.ts'
export { type DispositionReportInput, dispositionReport } from './report/disposition-report.ts'
export {
  type DispositionReason,
  type DispositionRequest,
  type DispositionRequestOptions,
  dispositionRequest,
} from './report/disposition-request.ts'
export { type FeedbackReportInput, feedbackReport } from './report/feedback-message.ts'
export type { FeedbackInput, FeedbackReport, FeedbackReportReading, SpfRecord } from './report/feedback-report.ts'
export type { ReadReportOptions } from './report/field-block.ts'
export type { ReportField } from './report/field-group.ts'
export type { FormatReportOptions } from './report/field-writer.ts'
export { formatDeliveryStatus } from './report/format-delivery-status.ts'
export { formatDispositionNotification } from './report/format-disposition-notification.ts'
export { formatFeedbackReport } from './report/format-feedback-report.ts'
export type { DispositionOption } from './report/notification-options.ts'
export { readDeliveryStatus } from './report/read-delivery-status.ts'
export { readDispositionNotification } from './report/read-disposition-notification.ts'
export { readFeedbackReport } from './report/read-feedback-report.ts'
export { readReport } from './report/read-report.ts'
export type {
  ReceivedDeliveryReport,
  ReceivedDispositionReport,
  ReceivedFeedbackReport,
  ReceivedReport,
  ReportFacts,
} from './report/received-report.ts'
export { recipientReply } from './report/recipient-reply.ts'
export type { ReportedMessage } from './report/returned-part.ts'
export type { StatusCode } from './report/status-code.ts'
export { type MtaName, type TypedAddress, typedAddress } from './report/typed-value.ts'
export type { Defect, DefectCode } from './syntax/defect.ts'
export { foldField } from './syntax/fold.ts'
export type { ValueDefectCode } from './syntax/value-defect.ts'
export {
  CharsetDecoder,
  type CharsetOptions,
  type CharsetSource,
  type DecodedText,
  decodeCharset,
} from './text/charset-decoder.ts'
export type { ChunkDecoder } from './text/chunk-decoder.ts'
export { type EncodeWordsOptions, encodeWords } from './text/encoded-word.ts'
export {
  type DecodeFlowedOptions,
  decodeFlowed,
  type EncodeFlowedOptions,
  encodeFlowed,
  type FlowedParagraph,
} from './text/flowed.ts'
export { type DecodeWordsOptions, decodeWords, readWords, type TextReading } from './text/word-decoder.ts'
export type { WordPlace } from './text/word-scanner.ts'
export { type ContentType, findParameter, readContentType } from './type/content-type.ts'
export { type Disposition, readDisposition } from './type/disposition.ts'
export { safeFilename } from './type/filename.ts'
export { formatParameter, type Parameter, type ParameterizedValue } from './type/parameter.ts'
export type { ReadParameter, ReadParametersOptions } from './type/parameter-reader.ts'
export { readTransferEncoding, type TransferEncoding, type TransferEncodingName } from './type/transfer-encoding.ts'
