import fc from 'fast-check'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the inputs of property tests begin. */
    seed: number
  }
}

// The same inputs in every run, so that a failure is of the change at hand; POSTHORN_SEED asks for others.
fc.configureGlobal({ seed: inject('seed') })
