/** A bridge in a process of its own, which a test may kill: the port of its server comes as an argument, its URL goes back. */
import { nodeLab } from './node-lab.ts'

const [port, ca] = process.argv.slice(2)
const { url } = await nodeLab(Number(port), { ca })
process.send?.(url)
