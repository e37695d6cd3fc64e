import { test } from 'vitest'
import { dataFor, suiteNames } from './suites.js'

test.for(suiteNames())('conformance: %s', { timeout: 120_000 }, async (name, { expect, skip }) => {
  const folder = dataFor(name)
  if (!folder) return skip('its data is not on this machine')
  const suite = await import(`./suites/${name}.js`)
  const { passed, total, failures } = await suite.run(folder)
  expect(failures).toEqual([])
  expect(total).toBeGreaterThan(0)
  expect(passed).toBe(total)
})
