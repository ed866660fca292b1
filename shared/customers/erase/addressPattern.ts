/** What the local part of an address may hold, less what else stands before an address in links: = ? & / (RFC 5322, atext). */
const inAddress = "a-z0-9.!#$%*+^_`{|}~-"

/**
 * A case-insensitive regular expression of Postgres for an address in whatever text, JSON too, and not for a longer
 * address that holds it as a part. Its first group is what stands before it. `address` in lower case.
 */
export function addressPattern(address: string): string {
  const literal = address.replaceAll(/[\][\\.+*?^$(){}|]/g, "\\$&")
  // In JSON what stands before may be escaped; a quotation mark before it is no part of it, an apostrophe in it is.
  const before = `(^'?|[^'${inAddress}]'?|\\\\[bfnrt]'?|\\\\u[0-9a-f]{4}'?)`
  return `${before}${literal}(?![a-z0-9_%+-]|\\.[a-z0-9])`
}
