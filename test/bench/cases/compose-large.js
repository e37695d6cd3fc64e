/** Compose a file of 25 MB. */
import { composingRows } from '../composing.js'

export const title = 'Compose a file of 25 MB'
export const unit = 'MB/s'
export const rounds = 9
export const setup = () => composingRows(25_000_000)
