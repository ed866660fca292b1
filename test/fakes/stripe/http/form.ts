type Node = Map<string, Node | string>

/** Form fields with nested brackets, as `items[0][price]=x&expand[]=y`, as an object with lists where keys are numbers. */
export function parseForm(fields: URLSearchParams): Record<string, unknown> {
  const root: Node = new Map()
  for (const [name, value] of fields) {
    const path = name.replaceAll("]", "").split("[")
    let node = root
    for (const key of path.slice(0, -1)) {
      const inner = node.get(key)
      if (inner instanceof Map) node = inner
      else {
        const made: Node = new Map()
        node.set(key, made)
        node = made
      }
    }
    const last = path.at(-1) ?? ""
    node.set(last === "" ? String(node.size) : last, value)
  }
  return Object.fromEntries([...root].map(([key, inner]) => [key, unfold(inner)]))
}

function unfold(node: Node | string): unknown {
  if (typeof node === "string") return node
  const entries = [...node].map(([key, inner]) => [key, unfold(inner)] as const)
  return entries.every(([key]) => /^\d+$/.test(key)) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}
