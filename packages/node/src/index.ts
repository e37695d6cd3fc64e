export { type ConnectOptions, connect } from './connect.ts'
export type { NodeErrorCode } from './error.ts'
export { type Listener, type ListenOptions, listen } from './listen.ts'
export type { ClientTlsOptions, ServerTlsOptions } from './tls.ts'
