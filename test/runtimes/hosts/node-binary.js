/** Where the Nodes of other versions are, for whoever runs on any version. */
import { join } from 'node:path'
import { packageFolder } from './process.js'

/** @returns {string} The Node of one major version. */
export const nodeBinary = (major) => join(packageFolder(`node${major}`), 'bin/node')
