import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { sources } from '../vitest.config.ts'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { alias: sources },
  test: {
    include: ['test/interop/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', fileURLToPath(new URL('../reporter.ts', import.meta.url))],
  },
})
