import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { CHROMIUM_ARGS } from '../browser/chromium.js'
import { readLayers } from '../guards/lib/layers.js'
import { properties, sources } from '../vitest.config.ts'

const PORTABLE = 3
const root = fileURLToPath(new URL('../..', import.meta.url))
// The bridge is for pages, though it stands above the adapters.
const portable = [...readLayers().values()]
  .filter(({ layer, short }) => layer <= PORTABLE || short === 'bridge')
  .map(({ short }) => short)

export default defineConfig({
  root,
  cacheDir: fileURLToPath(new URL('./node_modules/.vite', import.meta.url)),
  resolve: { alias: sources },
  test: {
    ...properties,
    include: [...portable.map((name) => `packages/${name}/test/**/*.test.ts`), 'test/browser/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.node.test.ts'],
    reporters: ['default', fileURLToPath(new URL('../reporter.ts', import.meta.url))],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: process.env['CHROMIUM_PATH'], args: CHROMIUM_ARGS } }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
