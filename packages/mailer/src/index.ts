export type { MailerErrorCode } from './error.ts'
export { parseServerUrl, type ServerUrl } from './server-url.ts'
