import { vi } from 'vitest'

/** Lets the runtime answer otherwise when it is asked for what it has built in; all else of it stays, as the tests need it. */
export function stubBuiltins(getBuiltinModule: unknown): void {
  const changed = { getBuiltinModule: { value: getBuiltinModule, configurable: true } }
  vi.stubGlobal('process', Object.create((globalThis.process as object | undefined) ?? null, changed))
}
