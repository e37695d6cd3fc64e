export type { TargetOptions } from './connect.ts'
export { connect } from './connect-cloudflare.ts'
export type { SocketsErrorCode } from './error.ts'
