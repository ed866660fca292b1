import { importCsv } from "../../customers/importCsv.ts"
import { AppError } from "../../errors.ts"
import { isSqlite, readSqlite, type SqliteTable, type SqliteValue } from "../../sqlite/readSqlite.ts"
import { type TrialColumns, trialColumnsOf } from "./trialColumns.ts"

/** The largest file in bytes, and the most rows. */
export const trialLimits = { bytes: 20_000_000, rows: 100_000 }

export interface TrialsTable {
  columns: string[]
  rows: { row: number; values: SqliteValue[] }[]
  warning: string | null
}

/**
 * The rows of an SQLite file, or of its export as CSV or JSON: which it is, its first bytes tell. Of an SQLite file the
 * table that is named, else the only one that has a column for addresses. Throws `bad_request` or `too_large`.
 */
export function readTrials(
  bytes: Uint8Array,
  options: { table?: string | undefined; columns?: TrialColumns } = {},
): TrialsTable {
  if (bytes.length > trialLimits.bytes)
    throw new AppError(
      "too_large",
      `The file has ${(bytes.length / 1e6).toFixed(1)} MB; up to ${trialLimits.bytes / 1e6} MB are read at once.`,
    )
  if (bytes.length === 0) throw new AppError("bad_request", "The file is empty.")
  if (isSqlite(bytes)) return fromSqlite(bytes, options)
  const first = bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte))
  return first === 0x5b || first === 0x7b ? fromJson(bytes) : fromCsv(bytes)
}

function fromSqlite(
  bytes: Uint8Array,
  { table, columns }: { table?: string | undefined; columns?: TrialColumns },
): TrialsTable {
  const { tables, mayHaveWal } = readSqlite(bytes)
  const chosen = chooseTable(tables, table, columns)
  const rows: TrialsTable["rows"] = []
  for (const values of chosen.rows()) {
    if (rows.length >= trialLimits.rows) throw tooMany()
    rows.push({ row: rows.length + 1, values })
  }
  const warning = mayHaveWal
    ? "The file is in WAL mode: rows that are only in its -wal file are not in it. Push a copy made by `vacuum into`."
    : null
  return { columns: chosen.columns, rows, warning }
}

function chooseTable(tables: SqliteTable[], name: string | undefined, columns: TrialColumns | undefined): SqliteTable {
  const names = tables.map((each) => each.name).join(", ") || "none"
  if (name !== undefined) {
    const named = tables.find((each) => each.name === name)
    if (!named) throw new AppError("bad_request", `The file has no table "${name}". It has: ${names}.`)
    return named
  }
  const fit = tables.filter((each) => trialColumnsOf(each.columns, columns).email !== undefined)
  const likely = fit.filter((each) => /trial/i.test(each.name))
  const [only, ...others] = likely.length > 0 ? likely : fit
  if (!only || others.length > 0)
    throw new AppError(
      "bad_request",
      `${only ? "Several tables have" : "No table has"} a column for addresses; name one with \`table\`. The file has: ${names}.`,
    )
  return only
}

function fromCsv(bytes: Uint8Array): TrialsTable {
  const [head, ...records] = importCsv(bytes)
  const columns = (head?.cells ?? []).map((cell) => cell.trim())
  return {
    columns,
    rows: records.map(({ row, cells }) => ({ row, values: columns.map((_, index) => cells[index] || null) })),
    warning: null,
  }
}

function fromJson(bytes: Uint8Array): TrialsTable {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch (error) {
    throw new AppError("bad_request", "The file begins like JSON but is none, or is not written in UTF-8.", {
      cause: error,
    })
  }
  const list = Array.isArray(parsed) ? parsed : Object.values(Object(parsed)).find(Array.isArray)
  if (!Array.isArray(list)) throw new AppError("bad_request", "JSON should be a list of objects, or hold one.")
  if (list.length > trialLimits.rows) throw tooMany()
  const columns = new Set<string>()
  for (const each of list) for (const name of Object.keys(Object(each))) if (columns.size < 200) columns.add(name)
  const names = [...columns]
  return {
    columns: names,
    rows: list.map((each: unknown, index) => ({
      row: index + 1,
      values: names.map((name) => plain(Reflect.get(Object(each), name))),
    })),
    warning: null,
  }
}

const plain = (value: unknown): SqliteValue =>
  value === null || value === undefined
    ? null
    : typeof value === "string" || typeof value === "number"
      ? value
      : typeof value === "boolean"
        ? Number(value)
        : JSON.stringify(value)

const tooMany = () => new AppError("too_large", `The file has more than ${trialLimits.rows.toLocaleString("en")} rows.`)
