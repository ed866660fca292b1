/** Discord takes and tells bit fields as decimal strings, though its document says integer. */
const bitFields = new Set(["allow", "deny", "permissions", "default_member_permissions"])

export function integersOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(integersOf)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      bitFields.has(key) && typeof inner === "string" && /^\d+$/.test(inner) ? Number(inner) : integersOf(inner),
    ]),
  )
}
