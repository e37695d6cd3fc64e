/** What the cases of codecs share: inputs, and a rate in megabytes of input for each second of work. */
import { randomBytes } from 'node:crypto'

/** Ten megabytes that no codec can foresee. */
export const random = new Uint8Array(randomBytes(10_000_000))

const ENGLISH =
  'The notes are with the printer — I hope that they please you. A few figures stand in the margin (x = 3, y = 4), and the\r\n' +
  'table at the end is as long as ever; the café near the station has the proofs, if you should come to town this week.\r\n'
const RUSSIAN =
  'Заметки уже у печатника; надеюсь, они вам понравятся. На полях осталось несколько чисел, а таблица в конце длинна,\r\n' +
  'как всегда. Корректура лежит в кафе у вокзала, если вы на этой неделе будете в городе.\r\n'

/** A megabyte of text in the Latin alphabet, and one in the Cyrillic. */
export const [english, russian] = [ENGLISH, RUSSIAN].map((text) => {
  const octets = new TextEncoder().encode(text)
  return Buffer.concat(Array.from({ length: Math.ceil(1_000_000 / octets.length) }, () => octets))
})

/** A row that repeats some work on `octets` octets, for about ten megabytes of them. */
export function row(name, octets, work) {
  const times = Math.max(1, Math.round(10_000_000 / octets))
  return {
    name,
    run: () => {
      const start = process.cpuUsage()
      for (let count = 0; count < times; count++) if (work().length === 0) throw new Error(`${name} gave nothing`)
      const { user, system } = process.cpuUsage(start)
      return (times * octets) / (user + system)
    },
  }
}

/** Runs `input` through a codec in chunks of 64 KB; gives something with the length of what came out. */
export function throughChunks(codec, input) {
  let length = 0
  for (let start = 0; start < input.length; start += 65_536) {
    length += codec.push(input.subarray(start, start + 65_536)).length
  }
  return { length: length + codec.finish().length }
}

/** Throws unless two texts or arrays of octets say the same. */
export function checkSame(ours, theirs) {
  if (!Buffer.from(ours).equals(Buffer.from(theirs))) throw new Error('The rows do not do the same')
}
