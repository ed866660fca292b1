import * as z from "zod/mini"
import { csvText } from "../csv.ts"
import type { ImportProblem } from "../db/schema/customers.ts"
import { AppError } from "../errors.ts"
import { readTag } from "./changeTags.ts"
import type { ImportColumn, ImportHeader } from "./importColumns.ts"
import type { CsvRecord } from "./importCsv.ts"

export interface ImportRow {
  row: number
  email: string | null
  name: string | null
  country: string | null
  timeZone: string | null
  tags: string[]
  note: string | null
  /** What the cells hold, where one of them is wrong. */
  cells: Record<string, string>
  problems: ImportProblem[]
}

const line = (text: string) => text.replaceAll(/\s+/g, " ").trim()

/** Records as what they tell, with what is wrong with each cell. An empty cell tells nothing. */
export function importRows(header: ImportHeader, records: CsvRecord[]): ImportRow[] {
  // Intl takes long to look a country or a time zone up, and a file names few of them.
  const lookups = { country: remembered(country), timeZone: remembered(timeZone) }
  return records.map((record) => importRow(header, record, lookups))
}

function importRow(
  header: ImportHeader,
  { row, cells }: CsvRecord,
  lookups: { country: (text: string) => string; timeZone: (text: string) => string },
): ImportRow {
  const problems: ImportProblem[] = []
  const texts: Partial<Record<ImportColumn, string>> = {}
  for (const [index, column] of header.columns.entries()) {
    const text = csvText(cells[index] ?? "").trim()
    if (column && text !== "") texts[column] = text
  }
  const read = <Value>(column: ImportColumn, as: (text: string) => Value): Value | null => {
    const text = texts[column]
    if (text === undefined) return null
    try {
      return as(text)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      problems.push({ column, reason: thrown.message })
      return null
    }
  }
  if (texts.email === undefined) problems.push({ column: "email", reason: "There is none." })
  if (cells.slice(header.columns.length).some((cell) => cell.trim() !== ""))
    problems.push({
      column: "row",
      reason: `It has ${cells.length} cells, the header ${header.columns.length}. Put text that holds the separator in quotation marks.`,
    })
  const told = {
    row,
    email: read("email", email),
    name: read("name", name),
    country: read("country", lookups.country),
    timeZone: read("time_zone", lookups.timeZone),
    tags: read("tags", tags) ?? [],
    note: read("note", note),
  }
  return { ...told, cells: problems.length > 0 ? shortened(texts) : {}, problems }
}

function remembered(look: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text) ?? look(text)
    known.set(text, found)
    return found
  }
}

function refuse(reason: string): never {
  throw new AppError("bad_request", reason)
}

const address = z
  .string()
  .check(z.normalize("NFKC"), z.trim(), z.toLowerCase(), z.maxLength(254), z.regex(z.regexes.email))

function email(text: string): string {
  const read = address.safeParse(text)
  return read.success ? read.data : refuse("This is not an e-mail address.")
}

function name(text: string): string {
  const told = line(text)
  if (told.length > 200) refuse("A name has up to 200 characters.")
  return /\p{Cc}/u.test(told) ? refuse("A name has no control characters.") : told
}

/** Regions that are no countries. */
const noCountries = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"])

function country(text: string): string {
  const code = text.toUpperCase()
  const known = /^[A-Z]{2}$/.test(code) && new Intl.Locale(`und-${code}`).region
  const isCountry =
    known && !noCountries.has(known) && new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(known)
  return known && isCountry ? known : refuse("A country is told by its two letters, as SE (ISO 3166).")
}

function timeZone(text: string): string {
  try {
    if (!/^[A-Za-z]/.test(text)) throw new RangeError()
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return refuse("A time zone is told by its name, as Europe/Stockholm.")
  }
}

/** Separated by | , or ; none of which a tag can hold. */
function tags(text: string): string[] {
  const each = text.split(/[|,;\n]/).filter((tag) => tag.trim() !== "")
  if (each.length > 50) refuse("A row has up to 50 tags.")
  return [...new Set(each.map(readTag))].toSorted()
}

function note(text: string): string {
  if (text.length > 10_000) refuse("A note has up to 10,000 characters.")
  return text
}

const shortened = (texts: Partial<Record<ImportColumn, string>>) =>
  Object.fromEntries(Object.entries(texts).map(([column, text]) => [column, text.slice(0, 200).toWellFormed()]))
