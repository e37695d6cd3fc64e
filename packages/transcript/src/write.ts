export { type FormatTranscriptOptions, formatTranscript } from './write/format.ts'
export { type FormatMarkdownOptions, formatMarkdown, type PrintedFinding } from './write/markdown.ts'
export { TranscriptRecorder, type TranscriptRecorderOptions } from './write/recorder.ts'
export { formatSwaks } from './write/swaks.ts'
