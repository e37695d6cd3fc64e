export { anonymousClient, anonymousServer } from './anonymous.ts'
export { type CramMd5ServerOptions, cramMd5Client, cramMd5Server } from './cram-md5.ts'
export type {
  AnonymousCredentials,
  Credentials,
  ExternalCredentials,
  PasswordCredentials,
  TokenCredentials,
  TokenSource,
} from './credentials.ts'
export type { SaslErrorCode } from './error.ts'
export { externalClient, externalServer, type Identify } from './external.ts'
export { loginClient, loginServer } from './login.ts'
export type {
  ChannelBinding,
  ClientMechanism,
  ExchangeContext,
  OfferedMechanism,
  SaslIdentity,
  ServerMechanism,
  ServerStep,
  TokenRefusal,
} from './mechanism.ts'
export { oauthBearerClient, oauthBearerServer } from './oauth-bearer.ts'
export { type CheckPassword, plainClient, plainServer } from './plain.ts'
export { prepareOpaqueString } from './prepare.ts'
export { type DeriveScramOptions, deriveScramCredentials, type ScramCredentials, type ScramHash } from './scram.ts'
export { type ScramClientOptions, scramClient } from './scram-client.ts'
export { type ScramDecoy, type ScramServerOptions, scramServer } from './scram-server.ts'
export { type SelectMechanismOptions, selectMechanism } from './select.ts'
export type { TokenClaim, TokenServerOptions } from './token.ts'
export { xoauth2Client, xoauth2Server } from './xoauth2.ts'
