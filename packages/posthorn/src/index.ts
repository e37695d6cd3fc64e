export type { PosthornErrorCode } from './error.ts'
export { type OpenClientOptions, openClient } from './open-client.ts'
export { parseServerUrl, type ServerUrl } from './server-url.ts'
