const shape = /^([1-9]\d{3})-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4])(:?\d\d)?)$/

/** Whether PostgreSQL takes a text from outside as a timestamptz, as it writes them itself or as ISO 8601. */
export function isInstant(text: string): boolean {
  if (!shape.test(text)) return false
  const iso = text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")
  // Date takes February 31 for March 3; what its day comes to by itself tells.
  const day = iso.slice(0, 10)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(Date.parse(iso)) && new Date(midnight).toISOString().startsWith(day)
}
