export type { CodeAnatomy, CodeCollision } from './catalogue/anatomy.ts'
export {
  type ExplainReplyOptions,
  type ExplanationLevel,
  explainReply,
  type ReplyExplanation,
} from './catalogue/explain.ts'
export type { ReplyProvider } from './catalogue/provider.ts'
export type { ReplyReporter } from './catalogue/reporter.ts'
export type { NextAttempt, ReplyTopic } from './catalogue/rule.ts'
