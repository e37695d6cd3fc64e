export {
  type ComposedMail,
  type Mail,
  type Mailer,
  type MailerEvent,
  type MailOutcome,
  type MailSendOptions,
  parseServerUrl,
  type RawMail,
  requireAccepted,
  type ServerUrl,
} from '@posthorn/mailer'
export type { Deliverer, DeliveryOutcome } from '@posthorn/mailer/deliver'
export { createDeliverer, type NodeDelivererOptions } from './create-deliverer.ts'
export { createMailer, type NodeMailerOptions } from './create-mailer.ts'
export type { PosthornErrorCode } from './error.ts'
export { type OpenClientOptions, openClient } from './open-client.ts'
