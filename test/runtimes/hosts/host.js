/** What a runtime is to the runner. */

/**
 * @typedef {{
 *   name: string,
 *   version: string,
 *   pinned: boolean,
 *   sends: boolean,
 *   run: (target: import('../suite/check.js').Target | undefined, onLine: (line: string) => void) => Promise<string>,
 * }} Host
 * `pinned`: the version is that of test/runtimes/package.json, not the machine's. `sends`: it has a carrier that reaches
 * the server of the run. `run` resolves, when the runtime has ended, to what it had to complain of.
 */
