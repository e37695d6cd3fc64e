export {
  type Mail,
  type Mailer,
  type MailerEvent,
  type MailOutcome,
  type MailSendOptions,
  parseServerUrl,
  requireAccepted,
  type ServerUrl,
} from '@posthorn/mailer'
export { createMailer, type NodeMailerOptions } from './create-mailer.ts'
export type { PosthornErrorCode } from './error.ts'
export { type OpenClientOptions, openClient } from './open-client.ts'
