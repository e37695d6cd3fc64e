import type { Reporter, TestModule } from 'vitest/node'

/** Prints `N passed, N failed, N skipped` as the last line of the process, whatever else reports. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    // A run that found no test at all has proved nothing.
    const counts = { passed: 0, failed: errors.length + (modules.length === 0 ? 1 : 0), skipped: 0 }
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'skipped') counts.skipped++
        else failedTests++
      }
      // A module that cannot be loaded, or whose hooks fail, has failed even if no test of it ran.
      counts.failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests
    }
    process.once('exit', () => {
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
    })
  }
}
