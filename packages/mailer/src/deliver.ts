export { createDeliverer, type Deliverer, deliver } from './delivery/deliverer.ts'
export type { DelivererOptions, DeliverOptions, DeliveryPlace, TlsSessionSink } from './delivery/options.ts'
export type {
  CertificateVerdict,
  DeliveredRecipient,
  DeliveryAttempt,
  DeliveryError,
  DeliveryOutcome,
  DeliveryPhase,
  DeliveryTls,
  DomainDelivery,
  PassedOverHost,
} from './delivery/outcome.ts'
export type { StsFetch, StsFetchResponse, StsRequest, StsState, StsStore } from './delivery/sts-store.ts'
