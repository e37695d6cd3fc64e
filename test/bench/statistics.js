/** What is said of samples: the median with its range, and the ratio to the first row, round by round. */

/** @param {readonly number[]} values At least one. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * @param {string[]} names The rows.
 * @param {number[][]} samples For each row, one measurement a round.
 */
export function summarise(names, samples) {
  return names.map((name, row) => ({
    name,
    median: median(samples[row]),
    min: Math.min(...samples[row]),
    max: Math.max(...samples[row]),
    ratio: median(samples[row].map((value, round) => value / samples[0][round])),
    samples: samples[row],
  }))
}

const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/**
 * @param {ReturnType<typeof summarise>} table The rows.
 * @param {string} unit Of the measurements.
 */
export function formatTable(table, unit) {
  const lines = [['', `median ${unit}`, 'min–max', 'ratio to the first']]
  for (const { name, median, min, max, ratio } of table) {
    lines.push([name, short(median), `${short(min)}–${short(max)}`, `${ratio.toFixed(2)}×`])
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))
  return lines.map((line) => line.map(pad).join('  ')).join('\n')
}
