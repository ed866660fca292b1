export interface MailAddress {
  /** Lower case. */
  email: string
  /** What to call them: never an address other than their own. */
  name: string
}

const longestHeader = 2000
const address = /^[^\s@<>"(),:;[\]\\]{1,128}@[^\s@<>"(),:;[\]\\]{1,190}$/
/** Directions that turn text around, and characters that are not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu

/**
 * Who a From header names: the first of several, and of `"boss@example.com" <a@b>` the address that mail goes to. Null
 * where it names nobody.
 */
export function parseAddress(header: string): MailAddress | null {
  const text = header.slice(0, longestHeader).replaceAll(unseen, " ").trim()
  const bare = outsideQuotes(text)
  const bracketed = [...bare.matchAll(/<\s*([^<>\s]+)\s*>/g)].find((match) => address.test(match[1] ?? ""))
  const [first = ""] = bare.split(/[,;]/)
  const email = (bracketed?.[1] ?? first).trim().toLowerCase()
  if (!address.test(email)) return null
  const name = text
    .slice(0, bracketed?.index ?? 0)
    .replaceAll(/["\\<>]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 100)
    .toWellFormed()
  return { email, name: name === "" || name.includes("@") ? email : name }
}

/** Addresses of To and Cc, each once. */
export const addressesOf = (headers: readonly string[], most: number): string[] => [
  ...new Set(
    headers
      .slice(0, most)
      .flatMap((each) => parseAddress(each)?.email ?? [])
      .slice(0, most),
  ),
]

/** With blanks in place of what stands in quotation marks, of the same length. */
const outsideQuotes = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => " ".repeat(quoted.length))

/** Without the part after a plus sign, by which some sort their mail. */
export const withoutTag = (email: string): string => email.replace(/\+[^@]*(?=@)/, "")
