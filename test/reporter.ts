import type { Reporter, TestModule } from 'vitest/node'

/**
 * Prints `N passed, N failed, N skipped` as the last line of the process, whatever else reports, and before it what has
 * failed, one a line: the end of a long output is what people are shown.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    // A run that found no test at all has proved nothing.
    const counts = { passed: 0, failed: errors.length + (modules.length === 0 ? 1 : 0), skipped: 0 }
    const failures = errors.map((error) => `outside the tests: ${String((error as Error).message ?? error)}`)
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'skipped') counts.skipped++
        else {
          failedTests++
          failures.push(`${module.relativeModuleId}: ${test.fullName}`)
        }
      }
      // A module that cannot be loaded, or whose hooks fail, has failed even if no test of it ran.
      const unloaded = failedTests === 0 && module.state() === 'failed'
      if (unloaded) failures.push(module.relativeModuleId)
      counts.failed += unloaded ? 1 : failedTests
    }
    process.once('exit', () => {
      for (const failure of failures) process.stdout.write(`failed: ${failure}\n`)
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
    })
  }
}
