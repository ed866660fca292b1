const longestHeader = 8000

/** Headers by their name in lower case; of a header that stands there several times, the values one under the other. */
export function readHeaders(headers: Record<string, unknown> | null | undefined): Map<string, string> {
  const read = new Map<string, string>()
  for (const [name, value] of Object.entries(headers ?? {})) {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    const texts = values.filter((each) => typeof each === "string")
    if (texts.length === 0) continue
    const key = name.trim().toLowerCase()
    read.set(key, [...(read.has(key) ? [read.get(key)] : []), ...texts].join("\n").slice(0, longestHeader))
  }
  return read
}

/** Message-IDs that a header names, without their angle brackets, the last ones of very many. */
export function messageIds(header: string | undefined, most: number): string[] {
  const found = (header ?? "").match(/<[^<>\s]{1,300}>/g) ?? []
  return [...new Set(found.map((id) => messageId(id)).filter((id) => id !== ""))].slice(-most)
}

/** A Message-ID without its angle brackets. */
export const messageId = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s<>]/gu, "")
    .slice(0, 300)
    .toWellFormed()

/**
 * The Message-ID that Amazon, behind Resend, puts in the place of ours, as it is compared: its domain is told in some places
 * and left out in others.
 */
export const wireId = (text: string): string => messageId(text).replace(/@[a-z0-9.-]*amazonses\.com$/i, "")
