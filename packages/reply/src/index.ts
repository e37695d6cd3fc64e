export {
  type ClassifyReplyOptions,
  classifyReply,
  type ReplyActor,
  type ReplyCategory,
  type ReplyClassification,
  type RetryAdvice,
} from './classify.ts'
export { type DescribeReplyOptions, describeReply } from './describe.ts'
export type { ReplyErrorCode } from './error.ts'
export { type ReplyEvent, ReplyParser, type ReplyParserOptions } from './parser.ts'
export { encodeReply, formatReplyText, type Reply, type ReplyAnomaly, type ReplyClass, replyClass } from './reply.ts'
export { type EnhancedStatus, formatEnhancedStatus, parseEnhancedStatus } from './status.ts'
