import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Tests run on the sources, so that a failure names their lines and no build can be stale. */
export const sources = [
  { find: /^@posthorn\/([a-z]+)$/, replacement: `${root}packages/$1/src/index.ts` },
  { find: /^@posthorn\/([a-z]+)\/(?!package\.json$)(.+)$/, replacement: `${root}packages/$1/src/$2.ts` },
  { find: /^posthorn$/, replacement: `${root}packages/posthorn/src/index.ts` },
]

/** What makes property tests the same in every run: a setup file, and the seed that it reads. */
export const properties = {
  setupFiles: [fileURLToPath(new URL('./property.ts', import.meta.url))],
  provide: { seed: Number(process.env['POSTHORN_SEED'] ?? 1) },
}

export default defineConfig({
  root,
  resolve: { alias: sources },
  test: {
    ...properties,
    include: [
      'packages/*/test/**/*.test.ts',
      'test/{guards,compliance,conformance,examples,docs,fuzz,transcripts}/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    maxConcurrency: 2,
    reporters: ['default', fileURLToPath(new URL('./reporter.ts', import.meta.url))],
  },
})
