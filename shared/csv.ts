/**
 * What a spreadsheet takes for a formula at the beginning of a cell, full-width signs included; apostrophes before it
 * count too, so that one more can be told from one that was there.
 */
const formula = /^'*[=+\-@\t\r\n\0＝＋－＠]/

/**
 * One line of a CSV file by RFC 4180, with its CRLF. A text that a spreadsheet would run as a formula gets an apostrophe
 * before it (OWASP ASVS 5.0, 1.2.10); numbers stay numbers.
 */
export function csvLine(values: (string | number | null)[]): string {
  const cells = values.map((value) => {
    if (value === null) return ""
    if (typeof value === "number") return String(value)
    const safe = formula.test(value) ? `'${value}` : value
    return /[",\r\n\t;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  })
  return `${cells.join(",")}\r\n`
}

/** What `csvLine` made a cell of: without the apostrophe before a formula. */
export const csvText = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell)
