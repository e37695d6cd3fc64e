export type { ReplyActor, ReplyCategory, ReplyClassification, RetryAdvice } from './classification.ts'
export { type ClassifyReplyOptions, classifyReply } from './classify.ts'
export { type DescribeReplyOptions, describeReply } from './describe.ts'
export type { ReplyErrorCode } from './error.ts'
export { type ReplyEvent, ReplyParser, type ReplyParserOptions } from './parser.ts'
export {
  type EncodeReplyOptions,
  encodeReply,
  formatReplyText,
  type Reply,
  type ReplyAnomaly,
  type ReplyClass,
  replyClass,
} from './reply.ts'
export { type EnhancedStatus, formatEnhancedStatus, parseEnhancedStatus } from './status.ts'
