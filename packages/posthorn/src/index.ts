export { parseServerUrl, type ServerUrl } from '@posthorn/mailer'
export type { PosthornErrorCode } from './error.ts'
export { type OpenClientOptions, openClient } from './open-client.ts'
