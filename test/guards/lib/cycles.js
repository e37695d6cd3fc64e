/**
 * Finds import cycles by Tarjan's strongly connected components.
 *
 * @param {Map<string, string[]>} graph Each file with the files that it imports.
 * @returns {string[][]} One path for each component of more than one file, and for each file that imports itself.
 */
export function findCycles(graph) {
  const order = new Map()
  const low = new Map()
  const stack = []
  const cycles = []

  function visit(node) {
    order.set(node, order.size)
    low.set(node, order.get(node))
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) {
        visit(next)
        low.set(node, Math.min(low.get(node), low.get(next)))
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node), order.get(next)))
    }
    if (low.get(node) !== order.get(node)) return
    const component = stack.splice(stack.indexOf(node))
    if (component.length > 1 || graph.get(node)?.includes(node)) cycles.push(pathWithin(graph, component))
  }

  for (const node of graph.keys()) if (!order.has(node)) visit(node)
  return cycles
}

/** A shortest way round from the component's first file, so that the message shows the cycle and nothing else. */
function pathWithin(graph, component) {
  const start = component[0]
  const members = new Set(component)
  const queue = [[start]]
  const seen = new Set()
  for (const path of queue) {
    for (const next of graph.get(path.at(-1)) ?? []) {
      if (next === start) return path
      if (members.has(next) && !seen.has(next)) seen.add(next) && queue.push([...path, next])
    }
  }
  return component
}
