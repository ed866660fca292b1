const isHash = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * What of `before` is different in `after`, as Stripe puts it into `previous_attributes`: hashes are compared key by
 * key, everything else (lists too) is told as a whole. Null when nothing differs.
 */
export function difference(before: unknown, after: unknown): Record<string, unknown> | null {
  if (!isHash(before) || !isHash(after)) return null
  const previous: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[key]
    const is = after[key]
    if (JSON.stringify(was) === JSON.stringify(is)) continue
    const inner = isHash(was) && isHash(is) ? difference(was, is) : null
    previous[key] = inner ?? was ?? null
  }
  return Object.keys(previous).length > 0 ? previous : null
}
