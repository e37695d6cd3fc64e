import { describe, expect, test } from 'vitest'
import { explainTranscript, type Finding } from '../../src/explain.ts'
import { parseTranscript } from '../../src/index.ts'
import { FIXTURES } from './fixtures.ts'

async function findingsIn(log: string): Promise<readonly Finding[]> {
  return (await explainTranscript(parseTranscript(log))).flat()
}

describe.each(Object.entries(FIXTURES))('explain: %s', (id, { shows, not }) => {
  test.each(shows)('is found in %#', async (log) => {
    const findings = await findingsIn(log)
    expect(findings.map((finding) => finding.id)).toContain(id)
  })

  test.each(not)('is not found in %#', async (log) => {
    const findings = await findingsIn(log)
    expect(findings.map((finding) => finding.id)).not.toContain(id)
  })
})
