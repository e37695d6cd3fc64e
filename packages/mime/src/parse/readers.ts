/** INTERIM. */
import { charsetDecoder } from '../text/charset.ts'
import { decodeWords } from '../text/encoded-word.ts'
export const readText = (value: string): { text: string } => ({ text: decodeWords(value) })
export const readDate = (value: string): { date?: Date } => {
  const d = new Date(value)
  return Number.isNaN(d.getTime()) ? {} : { date: d }
}
  ids: [...value.matchAll(/<([^<>]+)>/g)].map(([, id]) => id!),
})
export const decodeCharset = (bytes: Uint8Array, label: string): { text: string } => ({
  text: (charsetDecoder(label) ?? charsetDecoder('utf-8')!)(bytes),
})
export const decodeFlowed = (text: string, _: { delSp: boolean }): string => text
