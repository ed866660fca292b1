import * as z from "zod/mini"
import type { SqliteValue } from "../../sqlite/readSqlite.ts"
import type { TrialsTable } from "./readTrials.ts"
import { type TrialColumns, type TrialField, trialColumnsOf } from "./trialColumns.ts"

export interface Trial {
  /** Lower case. */
  email: string
  source: string
  startedAt: string | null
  endsAt: string | null
  convertedAt: string | null
  name: string | null
  plan: string | null
  data: Record<string, string>
}

/** What is wrong with a row: it is not kept. */
export interface InvalidRow {
  row: number
  column: string
  reason: string
}

const address = z.email()
/** As many other columns are kept, and so much of each. */
const most = { columns: 30, characters: 1000 }

/** Each row as a trial, or with what is wrong with it. Of several rows of one address the last one counts. */
export function trialRows(
  table: TrialsTable,
  options: { columns?: TrialColumns; source: string; now: Date },
): { trials: Trial[]; invalid: InvalidRow[] } {
  const columns = trialColumnsOf(table.columns, options.columns)
  const named = new Set(Object.values(columns))
  const others = table.columns.flatMap((name, index) => (named.has(name) || name === "" ? [] : [{ name, index }]))
  const trials = new Map<string, Trial>()
  const invalid: InvalidRow[] = []
  for (const { row, values } of table.rows) {
    const cell = (field: TrialField): SqliteValue => {
      const index = columns[field] === undefined ? -1 : table.columns.indexOf(columns[field])
      return index < 0 ? null : (values[index] ?? null)
    }
    const problems: InvalidRow[] = []
    const text = (field: TrialField): string | null => {
      const value = textOf(cell(field))
      if (value === null || value.length <= 254) return value
      problems.push({ row, column: columns[field] ?? field, reason: "It is longer than 254 characters." })
      return null
    }
    const time = (field: TrialField): string | null => {
      const read = timeOf(cell(field))
      if (read !== undefined) return read
      problems.push({
        row,
        column: columns[field] ?? field,
        reason: `"${String(textOf(cell(field))).slice(0, 60)}" is no time.`,
      })
      return null
    }
    const email = text("email")?.toLowerCase() ?? null
    if (email === null || !address.safeParse(email).success)
      problems.push({
        row,
        column: columns.email ?? "email",
        reason: email === null ? "There is no address." : `"${email.slice(0, 60)}" is no e-mail address.`,
      })
    const trial = {
      email: email ?? "",
      source: text("source") ?? options.source,
      startedAt: time("startedAt"),
      endsAt: time("endsAt"),
      convertedAt: convertedAt(cell("convertedAt"), time, options.now),
      name: text("name"),
      plan: text("plan"),
      data: dataOf(others, values),
    }
    if (trial.startedAt && trial.endsAt && trial.endsAt < trial.startedAt)
      problems.push({ row, column: columns.endsAt ?? "ends", reason: "It ends before it starts." })
    if (problems.length > 0) invalid.push(...problems)
    else trials.set(trial.email, trial)
  }
  return { trials: [...trials.values()], invalid }
}

/** A column of yes and no says nothing of when: that is when it is learnt first. */
function convertedAt(value: SqliteValue, time: (field: TrialField) => string | null, now: Date): string | null {
  const flag = textOf(value)?.toLowerCase()
  if (flag === undefined || ["0", "no", "false", "n", "f"].includes(flag)) return null
  return ["1", "yes", "true", "y", "t"].includes(flag) ? now.toISOString() : time("convertedAt")
}

function textOf(value: SqliteValue): string | null {
  if (value === null || value instanceof Uint8Array) return null
  const text = String(value).replaceAll("\0", "").toWellFormed().replaceAll(/\s+/g, " ").trim()
  return text === "" ? null : text
}

function dataOf(others: { name: string; index: number }[], values: SqliteValue[]): Record<string, string> {
  const data: Record<string, string> = {}
  for (const { name, index } of others.slice(0, most.columns)) {
    const value = textOf(values[index] ?? null)
    if (value !== null) data[name.replaceAll("\0", "").toWellFormed().slice(0, 100)] = value.slice(0, most.characters)
  }
  return data
}

const earliest = Date.UTC(2000, 0, 1)
const latest = Date.UTC(2100, 0, 1)
const plainTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i

/** ISO 8601, SQLite's `YYYY-MM-DD HH:MM:SS` (UTC), or seconds or milliseconds since 1970; undefined for what is no time. */
export function timeOf(value: SqliteValue): string | null | undefined {
  const text = textOf(value)
  if (text === null || text === "0") return null
  const written = plainTime.exec(text)
  const instant = written
    ? Date.parse(
        `${written[1]}T${written[2] ?? "00:00"}${written[3] ? written[3].replace(/([+-]\d{2})(\d{2})$/, "$1:$2") : "Z"}`,
      )
    : /^\d{9,11}(\.\d+)?$/.test(text)
      ? Number(text) * 1000
      : /^\d{12,14}$/.test(text)
        ? Number(text)
        : Number.NaN
  return instant >= earliest && instant < latest ? new Date(instant).toISOString() : undefined
}
