const nestedLists = ["items", "lines"]
const nestedLimit = 10

/** A copy as Stripe shows it: nested lists end after ten, the rest is at their url. */
export function present(object: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(object))
  for (const name of nestedLists) {
    const list = copy[name]
    if (typeof list !== "object" || list === null || !("data" in list) || !Array.isArray(list.data)) continue
    if (list.data.length > nestedLimit) copy[name] = { ...list, data: list.data.slice(0, nestedLimit), has_more: true }
  }
  return copy
}
