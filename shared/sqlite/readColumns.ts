export interface SqliteColumn {
  name: string
  /** Another name of the row's id: what is stored for it is null. */
  isRowid: boolean
  /** Computed when read: nothing of it is stored. */
  virtual: boolean
  /** Of rows that are older than the column. */
  fallback: string | number | null
}

const constraints = new Set(["constraint", "primary", "unique", "check", "foreign"])

/** The columns of a `create table` statement; null for a table that is not kept by row ids, or no table at all. */
export function readColumns(sql: string): SqliteColumn[] | null {
  const open = sql.indexOf("(")
  if (open < 0 || /^\s*create\s+virtual/i.test(sql)) return null
  const parts: string[] = []
  let depth = 0
  let start = open + 1
  let at = open
  for (; at < sql.length; at++) {
    const sign = sql[at] ?? ""
    if (sign === "'" || sign === '"' || sign === "`" || sign === "[") at = endOfQuoted(sql, at)
    else if (sign === "-" && sql[at + 1] === "-") at = endOr(sql.indexOf("\n", at), sql)
    else if (sign === "/" && sql[at + 1] === "*") at = endOr(sql.indexOf("*/", at + 2), sql) + 1
    else if (sign === "(") depth++
    else if (sign === ")" && --depth === 0) break
    else if (sign === "," && depth === 1) {
      parts.push(sql.slice(start, at))
      start = at + 1
    }
  }
  parts.push(sql.slice(start, at))
  if (/without\s+rowid/i.test(sql.slice(at))) return null
  return parts.flatMap((part) => readColumn(part.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").trim()) ?? [])
}

function readColumn(text: string): SqliteColumn | null {
  const first = text[0] ?? ""
  const quoted = ['"', "`", "[", "'"].includes(first)
  const end = quoted ? endOfQuoted(text, 0) + 1 : (/^[^\s(]+/.exec(text)?.[0].length ?? 0)
  const name = quoted ? text.slice(1, end - 1).replaceAll(first + first, first) : text.slice(0, end)
  const rest = text.slice(end)
  if (name === "" || (!quoted && constraints.has(name.toLowerCase()))) return null
  const generated = /\b(generated\s+always\s+)?as\s*\(/i.test(rest)
  return {
    name,
    isRowid: /^\s*integer\b/i.test(rest) && /\bprimary\s+key\b(?!\s+desc\b)/i.test(rest),
    virtual: generated && !/\bstored\b/i.test(rest),
    fallback: fallbackOf(rest),
  }
}

function fallbackOf(rest: string): string | number | null {
  const found = /\bdefault\s+(?:'((?:[^']|'')*)'|\(?\s*([+-]?\d+(?:\.\d+)?)\s*\)?)/i.exec(rest)
  if (found?.[1] !== undefined) return found[1].replaceAll("''", "'")
  return found?.[2] === undefined ? null : Number(found[2])
}

/** Where a quoted name or text ends; doubled quotation marks are part of it. */
function endOfQuoted(sql: string, at: number): number {
  const close = sql[at] === "[" ? "]" : (sql[at] ?? "")
  for (let index = at + 1; index < sql.length; index++)
    if (sql[index] === close) {
      if (close === "]" || sql[index + 1] !== close) return index
      index++
    }
  return sql.length
}

const endOr = (found: number, sql: string): number => (found < 0 ? sql.length : found)
