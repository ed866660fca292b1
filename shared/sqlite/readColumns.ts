import { type Affinity, constantValue } from "./constantValue.ts"
import type { SqliteValue } from "./sqliteValue.ts"
import { isSign, isWord, type SqlToken, sqlTokens } from "./sqlTokens.ts"

export interface SqliteColumn {
  name: string
  /** Another name of the row's id: what is stored for it is null. */
  isRowid: boolean
  /** Computed when read: nothing of it is stored. */
  virtual: boolean
  /** Of rows that are older than the column; `undefined` where it cannot be told. */
  fallback: SqliteValue | undefined
}

/** A table as its `create table` says; `unread` is why its rows cannot be read here. */
export interface SqliteLayout {
  columns: SqliteColumn[]
  unread: string | null
}

const tableConstraints = ["constraint", "primary", "unique", "check", "foreign"]
/** Words that end a column's type. */
const columnConstraints = ["not", "null", "default", "collate", "references", "as", "on", ...tableConstraints]

/** https://www.sqlite.org/limits.html#max_column */
const mostColumns = 2000

/** What the statement that made a table says of its columns: https://www.sqlite.org/lang_createtable.html. */
export function readColumns(sql: string): SqliteLayout {
  const tokens = sqlTokens(sql)
  if (isWord(tokens[1], "virtual")) return { columns: [], unread: "it is a virtual table" }
  const { parts, after } = partsOf(tokens)
  const constraints = parts.filter(([first]) => isWord(first, ...tableConstraints))
  const strict = after.some((token) => isWord(token, "strict"))
  const columns = parts.flatMap((part) =>
    isWord(part[0], ...tableConstraints) ? [] : (readColumn(part, strict) ?? []),
  )
  if (columns.length > mostColumns) return { columns: [], unread: "it has more columns than SQLite makes" }
  if (after.some((token, index) => isWord(token, "without") && isWord(after[index + 1], "rowid")))
    return { columns: columns.map((each) => ({ ...each, isRowid: false })), unread: "it is made WITHOUT ROWID" }
  const key = constraints.flatMap((constraint) => keyOf(constraint) ?? [])[0]
  return {
    columns: columns.map(({ isInteger, ...column }) => ({
      ...column,
      isRowid: column.isRowid || (isInteger && key !== undefined && column.name.toLowerCase() === key.toLowerCase()),
    })),
    unread: null,
  }
}

/** What is between the outer brackets, divided at its commas, and what comes after. */
function partsOf(tokens: SqlToken[]): { parts: SqlToken[][]; after: SqlToken[] } {
  const open = tokens.findIndex((token) => isSign(token, "("))
  const parts: SqlToken[][] = [[]]
  let depth = 0
  for (let at = Math.max(0, open); at < tokens.length; at++) {
    const token = tokens[at]
    if (!token) break
    if (isSign(token, ")") && --depth === 0) return { parts, after: tokens.slice(at + 1) }
    if (isSign(token, ",") && depth === 1) parts.push([])
    else if (depth > 0) parts.at(-1)?.push(token)
    if (isSign(token, "(")) depth++
  }
  return { parts: [], after: [] }
}

function readColumn(part: SqlToken[], strict: boolean): (SqliteColumn & { isInteger: boolean }) | null {
  const [name, ...rest] = part
  if (!name || name.kind === "sign") return null
  const typeEnd = rest.findIndex((token) => isWord(token, ...columnConstraints))
  const constraints = typeEnd < 0 ? [] : outside(rest.slice(typeEnd))
  const type = typeOf(typeEnd < 0 ? rest : rest.slice(0, typeEnd))
  const isInteger = type.toLowerCase() === "integer"
  const find = (...words: string[]) =>
    constraints.findIndex((_, index) => words.every((word, offset) => isWord(constraints[index + offset]?.[0], word)))
  const primary = find("primary", "key")
  const generated = find("as")
  return {
    name: name.text,
    isInteger,
    isRowid: isInteger && primary >= 0 && !isWord(constraints[primary + 2]?.[0], "desc"),
    virtual: generated >= 0 && !isWord(constraints[generated + 2]?.[0], "stored"),
    fallback: fallbackOf(constraints, affinityOf(type, strict)),
  }
}

/** Tokens outside of brackets each by itself; what is in brackets, with them, as one. */
function outside(tokens: SqlToken[]): SqlToken[][] {
  const groups: SqlToken[][] = []
  let depth = 0
  for (const token of tokens) {
    if (depth > 0) groups.at(-1)?.push(token)
    else groups.push([token])
    if (isSign(token, "(")) depth++
    if (isSign(token, ")")) depth--
  }
  return groups
}

function typeOf(tokens: SqlToken[]): string {
  const generated = isWord(tokens.at(-2), "generated") && isWord(tokens.at(-1), "always")
  return (generated ? tokens.slice(0, -2) : tokens).map(({ text }) => text).join(" ")
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityOf(type: string, strict: boolean): Affinity {
  if (/int/i.test(type)) return "integer"
  if (/char|clob|text/i.test(type)) return "text"
  if (type === "" || /blob/i.test(type) || (strict && /^any$/i.test(type))) return "blob"
  return /real|floa|doub/i.test(type) ? "real" : "numeric"
}

/** Of several the last counts; `set default` of a foreign key is none. */
function fallbackOf(constraints: SqlToken[][], affinity: Affinity): SqliteValue | undefined {
  const at = constraints.findLastIndex(
    ([token], index) => isWord(token, "default") && !isWord(constraints[index - 1]?.[0], "set"),
  )
  if (at < 0) return null
  const signs = constraints.slice(at + 1).findIndex(([token]) => !isSign(token, "-") && !isSign(token, "+"))
  return constantValue(constraints.slice(at + 1, at + 2 + Math.max(0, signs)).flat(), affinity)
}

/** The one column that a table's primary key names; null where the constraint is none, or names several. */
function keyOf(constraint: SqlToken[]): string | null {
  const groups = outside(constraint)
  const at = groups.findIndex(([token], index) => isWord(token, "primary") && isWord(groups[index + 1]?.[0], "key"))
  const named = groups[at + 2]?.filter((token) => !isSign(token, "(") && !isSign(token, ")")) ?? []
  return at < 0 || named.some((token) => isSign(token, ",")) ? null : (named[0]?.text ?? null)
}
