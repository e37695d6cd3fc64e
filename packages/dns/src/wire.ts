export {
  type DecodeAnswerOptions,
  decodeAnswer,
  type EncodeQuestionOptions,
  encodeQuestion,
  type MatchAnswerOptions,
  matchAnswer,
  type WireQuestion,
} from './message.ts'
