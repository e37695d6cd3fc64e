export type { SaslErrorCode } from './error.ts'
export type {
  ClientMechanism,
  OfferedMechanism,
  SaslIdentity,
  ServerMechanism,
  ServerStep,
} from './mechanism.ts'
export { type CheckPassword, type PasswordCredentials, plainClient, plainServer } from './plain.ts'
export { prepareOpaqueString } from './prepare.ts'
export { deriveScramCredentials, type ScramCredentials } from './scram.ts'
export { type ScramClientOptions, scramClient } from './scram-client.ts'
export { type ScramDecoy, type ScramServerOptions, scramServer } from './scram-server.ts'
export { selectMechanism } from './select.ts'
