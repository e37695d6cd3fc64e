/** Compose a file of 10 MB. */
import { composingRows } from '../composing.js'

export const title = 'Compose a file of 10 MB'
export const unit = 'MB/s'
export const rounds = 9
export const setup = () => composingRows(10_000_000)
