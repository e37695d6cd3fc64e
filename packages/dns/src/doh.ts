export { type DohFetch, type DohOptions, type DohRequest, DohResolver, type DohResponse } from './doh-resolver.ts'
export type { DnsPlatform } from './platform.ts'
