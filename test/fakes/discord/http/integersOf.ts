/** Discord takes and tells bit fields as decimal strings, though its document says integer. */
const bitFields = new Set(["allow", "deny", "permissions", "default_member_permissions"])

/** A body as Discord's document has it: bit fields are integers, and the ids of attachments strings. */
export function integersOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(integersOf)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, field(key, inner)]))
}

function field(key: string, value: unknown): unknown {
  if (bitFields.has(key) && typeof value === "string" && /^\d+$/.test(value)) return Number(value)
  return key === "attachments" && Array.isArray(value) ? value.map(withTextId) : integersOf(value)
}

/** New files are numbered, which Discord takes as numbers too. */
const withTextId = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "number"
    ? { ...value, id: String(value.id) }
    : value
